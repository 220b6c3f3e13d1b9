"""Read the built site as a browser would: every link leads somewhere, nothing comes from another host.

.venv/bin/python docs/tools/links.py build/site
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
"""What a browser fetches by itself."""


@dataclass
class Read(HTMLParser):
    """A page: its anchors, its links, and what it loads."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag in."""
        found = dict(attrs)
        self.anchors |= {value for name in ("id", "name") if (value := found.get(name))}
        if tag == "a" and (link := found.get("href")):
            self.links.append(link)
        if (name := _LOADED.get(tag)) and (link := found.get(name)) and not _relation(found):
            self.loaded.append(link)


def _relation(found: dict[str, str | None]) -> bool:
    """Tell whether a link only says something of a page: nothing is fetched for it."""
    return found.get("rel") in {"canonical", "alternate", "prev", "next"}


@cache
def read(page: Path) -> Read:
    """Read a page."""
    parser = Read()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def faults(site: Path) -> Iterator[str]:
    """Say what is wrong with a site."""
    for page in sorted(site.rglob("*.html")):
        for fault in _of_page(page):
            yield f"{page.relative_to(site)}: {fault}"
    for sheet in sorted(site.rglob("*.css")):
        if "url(http" in sheet.read_text(encoding="utf-8"):
            yield f"{sheet.relative_to(site)}: loads from another host"


def _of_page(page: Path) -> Iterator[str]:
    found = read(page)
    for link in found.loaded:
        if urlsplit(link).netloc:
            yield f"loads {link} from another host"
    if page.name == "404.html":
        return  # its links begin at the site's root, wherever that will be
    for link in dict.fromkeys([*found.links, *found.loaded]):
        if not _leads_somewhere(page, link):
            yield f"{link} leads nowhere"


def _leads_somewhere(page: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return False
    anchor = unquote(parts.fragment)
    return not anchor or target.suffix != ".html" or anchor in read(target).anchors


def main(site: Path) -> int:
    """Print what is wrong; tell whether anything is."""
    found = list(faults(site))
    pages = len(list(site.rglob("*.html")))
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.stdout.write(f"links: {pages} pages, {len(found)} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
