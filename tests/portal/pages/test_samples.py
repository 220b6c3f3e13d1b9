"""Codes to scan in a demonstration: each shows what it is said to show, and nowhere else are there any."""

from __future__ import annotations

import pytest

from portal.demo.codes import lay_out
from portal.pages.samples import forged, samples
from tests.builders import a_uscc
from tests.portal.pages.offices import Office, a_demo

WORKS = (a_uscc(1), a_uscc(2), a_uscc(3))
SHOWS = {
    "genuine": "真实有效",
    "forged": "不是本系统签发的码",
    "expired": "入企时间已过",
    "revoked": "这个码已经作废",
}


async def shown() -> Office:
    """Return the pages of a demonstration with codes laid out."""
    office = await Office.open(a_demo())
    office.reception.url = "http://192.168.1.20:8600"
    await lay_out(office.service, "fire", WORKS)
    return office


@pytest.mark.parametrize("kind", SHOWS)
async def test_each_code_shows_what_it_is_said_to_show(kind: str) -> None:
    office = await shown()
    found = await samples(office.service)
    assert found.keys() == SHOWS.keys()
    phone = await office.browser()
    await phone.go(f"/q/{found[kind]}")
    assert SHOWS[kind] in phone.text


async def test_the_sheet_prints_all_four_under_the_address_that_phones_reach() -> None:
    office = await shown()
    browser = await office.browser()
    await browser.go("/demo/codes")
    assert "http://192.168.1.20:8600" in browser.text
    for kind in SHOWS:
        assert f"/demo/codes/{kind}.svg" in browser.answer.text
        picture = await browser.client.get(f"/demo/codes/{kind}.svg")
        assert picture.headers["content-type"] == "image/svg+xml"
    assert (await browser.client.get("/demo/codes/nothing.svg")).status_code == 404


async def test_there_is_no_sheet_outside_a_demonstration(office: Office) -> None:
    browser = await office.browser("office")
    for path in ("/demo/codes", "/demo/codes/genuine.svg"):
        assert (await browser.go(path)).status_code == 404


async def test_without_visits_the_sheet_says_where_codes_come_from() -> None:
    office = await Office.open(a_demo())
    browser = await office.browser()
    await browser.go("/demo/codes")
    assert "到服务周" in browser.text


def test_a_forged_code_differs_in_one_letter() -> None:
    text = "ABCDEFGHIJKLMNOP"
    assert sum(a != b for a, b in zip(text, forged(text), strict=True)) == 1
