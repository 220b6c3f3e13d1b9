"""Hooks of the site: pages that lie outside of docs/, and links that lead there.

README, changelog and contributing stand at the top of the checkout, where people look for them; links
lead to code, policies and tests, because the pages speak of them. Both are brought into the site, so
that it has no dead end and needs no other host. Which file a link means is asked once, here.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
ABOVE: Final = {"changelog.md": "CHANGELOG.md", "contributing.md": "CONTRIBUTING.md"}
"""Pages of the site, and the files at the top of the checkout that they are."""

INSTEAD: Final = {"README.md": "index.md", "README.zh-CN.md": "index.md", "docs": "index.md"}
"""What the site shows in the place of a file."""

MENU: Final = {
    "操作 How to": "how-to/*.md",
    "说明 About": "*.md",
    "参考 Reference": "reference/*.md",
    "处置 Runbooks": "runbooks/*.md",
}
"""Parts of the menu, and the pages that each holds."""

LEFT_OUT: Final = frozenset({"index.md", "benchmarks-replay.md", "benchmarks-load.md"})

SOURCES: Final = "source"
"""The folder of the site that holds files from outside of docs/ as plain text."""

_LINK: Final = re.compile(r"(?<=\]\()(?P<path>(?!\w+:|#|/)[^)#\s]+)(?P<anchor>#[^)\s]*)?(?=\))")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put every page of a folder into the menu, so that a new page needs no second place."""
    nav = list(config.nav or ())
    for title, pattern in MENU.items():
        pages = [str(page.relative_to(DOCS)) for page in sorted(DOCS.glob(pattern))]
        nav.append({title: [page for page in pages if page not in LEFT_OUT]})
    config.nav = [
        *nav,
        {"变更 Changelog": "changelog.md"},
        {"参与 Contributing": "contributing.md"},
    ]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from above, and whatever any page links to outside of docs/."""
    for uri, above in ABOVE.items():
        text = (ROOT / above).read_text(encoding="utf-8")
        files.append(File.generated(config, uri, content=text))
    wanted = {
        target
        for page in files.documentation_pages()
        for match in _LINK.finditer(page.content_string)
        if (target := _target(page.src_uri, match["path"])) and _is_source(target)
    }
    for target in sorted(wanted):
        text = _text(ROOT / target)
        files.append(File.generated(config, f"{SOURCES}/{target}.txt", content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links of the checkout into links of the site."""
    del config, files

    def turned(match: re.Match[str]) -> str:
        target = _target(page.file.src_uri, match["path"])
        uri = target and _uri(target)
        if uri is None:
            return match[0]  # the build complains about it
        here = posixpath.dirname(page.file.src_uri)
        return posixpath.relpath(uri, here or ".") + (match["anchor"] or "")

    return _LINK.sub(turned, markdown)


def _target(uri: str, link: str) -> str | None:
    """Return the file of the checkout that a link means, ``None`` where there is none."""
    here = posixpath.dirname(ABOVE.get(uri, f"docs/{uri}"))
    target = posixpath.normpath(posixpath.join(here, link))
    place = ROOT / target
    if target in INSTEAD or place.is_file():
        return target
    if place.is_dir() and (place / "README.md").is_file():
        return f"{target}/README.md"
    return target if place.is_dir() and not target.startswith("docs/") else None


def _text(place: Path) -> str:
    """Return a file's text, and of a folder what lies in it."""
    if place.is_dir():
        return "".join(f"{each.name}\n" for each in sorted(place.iterdir()) if each.is_file())
    return place.read_text(encoding="utf-8")


def _is_source(target: str) -> bool:
    return target not in INSTEAD and target not in ABOVE.values() and not target.startswith("docs/")


def _uri(target: str) -> str:
    """Return where the site shows a file of the checkout."""
    if target in INSTEAD:
        return INSTEAD[target]
    for uri, above in ABOVE.items():
        if target == above:
            return uri
    return f"{SOURCES}/{target}.txt" if _is_source(target) else target.removeprefix("docs/")
