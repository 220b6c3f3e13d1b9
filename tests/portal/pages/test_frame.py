"""The frame: vendored files are what they claim, no outside host, nothing inline, both languages."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from portal.pages.frame import POLICY, STATIC, asset
from portal.pages.language import LOCALE, Tongue
from portal.settings import Lang
from schemas.annual import MonthDay
from tests.portal.pages.offices import Office

PAGES = STATIC.parent
ROOT = PAGES.parents[1]
VENDORED = (STATIC / "vendor", Path(__file__).parent / "vendor")
OURS = sorted([*(PAGES / "templates").glob("*.j2"), STATIC / "app.css", STATIC / "gate.css"])


def catalogue_tool() -> ModuleType:
    """Return the tool that keeps the catalogue."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "docs/tools/catalogue.py")
    if spec is None or spec.loader is None:
        raise LookupError("docs/tools/catalogue.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("folder", VENDORED, ids=lambda path: path.parent.name)
def test_vendored_files_are_those_of_the_manifest(folder: Path) -> None:
    rows = json.loads((folder / "manifest.json").read_text())
    listed = {"manifest.json"}
    for row in rows:
        body = (folder / row["file"]).read_bytes()
        assert (hashlib.sha256(body).hexdigest(), len(body)) == (row["sha256"], row["bytes"])
        assert row["licence"]
        assert (folder / row["licence_file"]).stat().st_size > 200
        listed |= {row["file"], row["licence_file"]}
    assert {path.name for path in folder.iterdir()} == listed


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_page_names_an_outside_host_or_holds_a_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"""(?:https?:)?//[a-z0-9-]+\.""", text)
    assert "@import" not in text
    assert not re.findall(r"\sstyle=|\son[a-z]+=|hx-on|<style|javascript:", text)
    for script in re.findall(r"<script\b[^>]*>([^<]*)</script>", text):
        assert script == ""


def test_every_picture_is_ours_and_names_nobody() -> None:
    for path in STATIC.glob("*.svg"):
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", path.read_text())


async def test_headers_allow_nothing_strange(office: Office) -> None:
    browser = await office.browser("clerk")
    for path in ("/", "/login", "/q/ABC", "/nothing"):
        answer = await browser.client.get(path)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY
    api = await browser.client.get("/api/v1/nothing")
    assert api.headers["content-type"] == "application/problem+json"


async def test_assets_are_kept_for_ever_under_their_hash(office: Office) -> None:
    browser = await office.browser()
    for name in ("app.css", "gate.css", "icon.svg", "vendor/htmx.min.js"):
        answer = await browser.client.get(asset(name))
        assert answer.content == (STATIC / name).read_bytes()
        assert "immutable" in answer.headers["cache-control"]
    for name in ("vendor/manifest.json", "../frame.py", "nothing.css"):
        assert (await browser.client.get(f"/static/{name}")).status_code == 404


async def test_the_language_is_chosen_by_a_link_and_kept(office: Office) -> None:
    browser = await office.browser("clerk")
    await browser.go("/requests")
    assert '<html lang="zh-CN">' in browser.answer.text
    await browser.go("/language/en?to=/requests")
    assert browser.url == "/requests"
    assert '<html lang="en">' in browser.answer.text
    assert "Visit requests" in browser.text
    english = {"accept-language": "en-GB,en;q=0.9"}
    stranger = await office.browser()
    assert "Log in" in (await stranger.client.get("/login", headers=english)).text
    assert (await stranger.client.get("/language/fr")).status_code == 404


def test_every_text_has_its_english_and_the_compiled_file_is_fresh() -> None:
    tool = catalogue_tool()
    texts, known = set(tool.texts()), tool.known()
    said = {message.id: message.string for message in known if message.id}
    assert {text for text in texts if not said.get(text)} == set()
    assert said.keys() - texts == set()
    for text, english in said.items():
        assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(re.findall(r"%\(\w+\)s", english))
        assert not re.search(r"[\u4e00-\u9fff]", english), english
    compiled = (LOCALE / "en/LC_MESSAGES/pages.mo").read_bytes()
    assert compiled == tool.compiled(known)


async def test_first_visits_are_small(office: Office) -> None:
    browser = await office.browser("clerk")
    packed = {"accept-encoding": "gzip"}
    page = await browser.client.get("/requests", headers=packed)
    assert page.headers["content-encoding"] == "gzip"
    sizes = [int(page.headers["content-length"])]
    for name in ("app.css", "icon.svg", "vendor/htmx.min.js"):
        answer = await browser.client.get(asset(name), headers=packed)
        sizes.append(int(answer.headers["content-length"]))
    assert sum(sizes) < 60_000
    assert sizes[0] < 10_000


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2026", "2026年", "2026"),
        ("2026-Q4", "2026年第4季度", "Q4 2026"),
        ("2026-12", "2026年12月", "December 2026"),
    ],
)
def test_a_period_is_said_in_words(period: str, zh: str, en: str) -> None:
    assert (Tongue(Lang.ZH).month(period), Tongue(Lang.EN).month(period)) == (zh, en)


def test_a_day_of_every_year_is_said_in_words() -> None:
    day = MonthDay(month=1, day=31)
    said = (Tongue(Lang.ZH).every_year(day), Tongue(Lang.EN).every_year(day))
    assert said == ("1月31日", "31 January")
