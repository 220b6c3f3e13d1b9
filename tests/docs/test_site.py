"""The site's tools: dead links and strangers are found, links of the checkout become links of the site."""

from __future__ import annotations

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.shown import pages

ROOT = Path(__file__).resolve().parents[2]
ROLES = {
    "clerk", "head", "scheduler", "mayor", "inspector", "enterprise", "auditor", "observer", "operator",
}  # fmt: skip


def tool(name: str) -> ModuleType:
    spec = spec_from_file_location(f"docs_{name}", ROOT / "docs" / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="b.html">b</a>', None),
        ('<a href="b.html#here">b</a>', None),
        ('<a href="https://elsewhere.example/">read there</a>', None),
        ('<a href="#top">up</a><p id="top">', None),
        ('<a href="c.html">c</a>', "c.html leads nowhere"),
        ('<a href="b.html#there">b</a>', "b.html#there leads nowhere"),
        ('<img src="no.png">', "no.png leads nowhere"),
        ('<script src="https://cdn.example/x.js"></script>', "from another host"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "from another host"),
    ],
)
def test_the_reader_of_the_site_finds_what_is_wrong(
    tmp_path: Path, body: str, fault: str | None
) -> None:
    (tmp_path / "a.html").write_text(body, encoding="utf-8")
    (tmp_path / "b.html").write_text('<h1 id="here">b</h1>', encoding="utf-8")
    found = list(tool("links").faults(tmp_path))
    assert [fault is not None and fault in each for each in found] == [True] * (fault is not None)


@pytest.mark.parametrize(
    ("page", "link", "target", "uri"),
    [
        ("index.md", "../CHANGELOG.md", "CHANGELOG.md", "changelog.md"),
        ("changelog.md", "docs/policy.md", "docs/policy.md", "policy.md"),
        ("how-to/x.md", "../policy.md", "docs/policy.md", "policy.md"),
        ("how-to/x.md", "../../README.md", "README.md", "index.md"),
        ("policy.md", "../deploy/kafka/pom.xml", "deploy/kafka/pom.xml", "source/deploy/kafka/pom.xml.txt"),
        ("policy.md", "../tests/policy", "tests/policy", "source/tests/policy.txt"),
        ("contributing.md", "docs/decisions/", "docs/decisions/README.md", "decisions/README.md"),
    ],
)  # fmt: skip
def test_a_link_of_the_checkout_becomes_one_of_the_site(
    page: str, link: str, target: str, uri: str
) -> None:
    site = tool("site")
    assert site._target(page, link) == target
    assert site._uri(target) == uri


def test_a_link_to_nothing_stays_for_the_build_to_complain_of() -> None:
    assert tool("site")._target("index.md", "nowhere.md") is None


def test_there_is_a_guide_for_every_role_in_both_languages_with_pictures() -> None:
    for language, other in (("zh", "en"), ("en", "zh")):
        folder = ROOT / "docs" / "guides" / language
        assert {page.stem for page in folder.glob("*.md")} == ROLES
        for page in folder.glob("*.md"):
            text = page.read_text(encoding="utf-8")
            assert f"../{other}/{page.name}" in text
            assert "../../screens/" in text
            menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
            assert f"guides/{language}/{page.name}" in menu


def test_every_picture_in_a_page_is_one_that_is_taken() -> None:
    """Tests names, not files: make screens takes the pictures anew, and make docs follows each link."""
    taken = set(
        re.findall(r'Shot\(\s*"([a-z0-9-]+)"', (ROOT / "docs/tools/shots.py").read_text("utf-8"))
    )
    assert len(taken) > 100
    shown = {
        (str(page.relative_to(ROOT)), name)
        for page in pages()
        for name in re.findall(r"screens/([a-z0-9-]+)\.png", page.read_text("utf-8"))
    }
    assert len(shown) > 40
    assert sorted(each for each in shown if each[1] not in taken) == []
