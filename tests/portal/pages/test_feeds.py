"""Calendar feeds behind a secret address, and the public page of counts."""

from __future__ import annotations

import re

from icalendar import Calendar

from portal.pages import feeds
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.browsers import Browser
from tests.portal.pages.months import published
from tests.portal.pages.offices import Office


async def subscribed(office: Office) -> tuple[Browser, str]:
    """Let a clerk make an address; return the clerk's browser and the address."""
    clerk = await office.browser("clerk")
    await clerk.go("/visits")
    assert "/calendar-feeds" in clerk.page.links
    await clerk.go("/calendar-feeds")
    await clerk.send("/calendar-feeds", {"name": "值班手机"})
    address = next(link for link in clerk.page.links if link.endswith(".ics"))
    return clerk, address


async def test_a_department_subscribes_to_its_own_visits(office: Office) -> None:
    await published(office)
    _, address = await subscribed(office)
    stranger = await office.browser()
    answer = await stranger.client.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    (row,) = await office.service.queries.rows("visit")
    assert event.decoded("DTSTART") == row["day"]
    assert "第1机械厂" in str(event["SUMMARY"])
    assert "综合 2 个部门" in str(event["SUMMARY"])


async def test_what_is_not_announced_has_no_name_in_a_calendar(office: Office) -> None:
    await published(office, announced=False, reason="按举报线索")
    _, address = await subscribed(office)
    text = (await (await office.browser()).client.get(address)).text
    events = Calendar.from_ical(text).walk("VEVENT")
    assert events
    for told in ("第1机械", "工业", "LOCATION", "URL"):
        assert told not in text


async def test_an_address_is_shown_once_and_opens_nothing_when_revoked(office: Office) -> None:
    clerk, address = await subscribed(office)
    await clerk.go("/calendar-feeds")
    assert "值班手机" in clerk.text
    assert address not in clerk.answer.text
    kept = await office.reception.desk.of("fire", "feed")
    assert address.rpartition("/")[2].removesuffix(".ics") not in str(kept)
    other = await office.browser("other-clerk")
    await other.go("/calendar-feeds")
    await feeds.revoke(office.reception.desk, "market", kept[0].id)
    assert (await clerk.client.get(address)).status_code == 200
    await clerk.send(f"/calendar-feeds/{kept[0].id}")
    assert (await clerk.client.get(address)).status_code == 404
    assert (await clerk.client.get("/feeds/nothing.ics")).status_code == 404


async def test_who_belongs_to_no_department_hands_no_calendar_out(office: Office) -> None:
    for who in ("office", "leader", "firm", "officer"):
        browser = await office.browser(who)
        assert (await browser.go("/calendar-feeds")).status_code in {403, 404}
    clerk = await office.browser("clerk")
    await clerk.go("/calendar-feeds")
    assert (await clerk.send("/calendar-feeds", {"name": ""})).status_code == 422
    assert PEOPLE["clerk"].of == "fire"


async def test_everybody_reads_counts_and_nothing_else(office: Office) -> None:
    stranger = await office.browser()
    await stranger.go("/public")
    assert "还没有发布过计划" in stranger.text
    await published(office)
    await stranger.go("/public")
    assert re.search(r"2026年12月 1 1 0 0", stranger.text)
    table = (await stranger.client.get("/public.csv")).text
    assert table.splitlines() == ["month,planned,joint,entered,apart,before", "2026-12,1,1,0,0,0"]
    (row,) = await office.service.queries.rows("visit")
    for told in ("机械", "消防", "fire", str(row["day"]), row["id"]):
        assert told not in stranger.text
        assert told not in table
