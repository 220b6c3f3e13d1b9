"""Closed days and times that suit: the enterprise's own, over the interface and by its page."""

from __future__ import annotations

import pytest

from tests.builders import a_uscc
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office

HOME = f"enterprises/{a_uscc(1)}"
DAY, OTHER = "2026-12-25", "2026-12-28"


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


async def test_an_enterprise_closes_days_that_all_who_plan_can_see(desk: Desk) -> None:
    assert (await desk.post("clerk", f"{HOME}/closed-days", {"days": [DAY]})).status_code == 403
    assert (await desk.post("other-firm", f"{HOME}/closed-days", {"days": [DAY]})).status_code in {
        403,
        404,
    }
    told = await desk.post("firm", f"{HOME}/closed-days", {"days": [DAY, OTHER]})
    assert told.status_code == 201, told.text
    assert told.json()["closed"] == [DAY, OTHER]
    seen = (await desk.get("clerk", f"{HOME}/booking")).json()
    assert seen["left"] == seen["rules"]["closed_a_year"] - 2
    assert (await desk.get("other-firm", f"{HOME}/booking")).status_code == 404
    third = await desk.post("firm", f"{HOME}/closed-days", {"days": ["2026-12-29"]})
    assert third.status_code == 409
    assert "closed-days-used" in third.text
    gone = await desk.post("firm", f"{HOME}/closed-days/opening", {"days": [DAY]})
    assert gone.json()["closed"] == [OTHER]


async def test_times_that_suit_replace_those_before(desk: Desk) -> None:
    slots = [{"day": DAY, "half": "am"}, {"day": OTHER, "half": None}]
    told = await desk.post("firm", f"{HOME}/slots", {"slots": slots})
    assert told.json()["slots"] == slots
    assert (await desk.post("firm", f"{HOME}/slots", {"slots": []})).json()["slots"] == []


async def test_the_page_does_the_same() -> None:
    office = await Office.open()
    firm = await office.browser("firm")
    await firm.go("/rights")
    await firm.send("/rights/closed-days", {"day": DAY})
    assert "只约束日常入企" in firm.text
    assert "2026年12月25日" in firm.text
    await firm.send("/rights/slots", {"day": OTHER, "half": "am"})
    assert "上午" in firm.text
    await firm.send("/rights/slots", {})
    assert "上午</li>" not in firm.text
    await firm.send("/rights/closed-days/opening", {"day": DAY})
    assert "2026年12月25日" not in firm.text
    clerk = await office.browser("clerk")
    await clerk.go(f"/enterprises/{a_uscc(1)}")
    assert "2026年12月25日" not in clerk.text
