"""Every main flow of the newer pages, from the home page of whoever does it, with no script at all.

One county on the morning of 10 December serves all flows.
"""

from __future__ import annotations

import pytest

from tests.e2e.flows import FLOWS, a_pair
from tests.e2e.hands import Hand
from tests.e2e.towns import Town, a_town
from tests.portal.pages.chromium import PHONE

pytestmark = [pytest.mark.lane("browser"), pytest.mark.timeout(3600)]

_A_WHILE = 60_000
"""Milliseconds after which a flow that hangs is told of: nothing here searches for a plan."""

_REFUSED = "the server responded with a status of 422"
"""What a browser notes of a form that came back."""


async def things(town: Town) -> dict[str, str]:
    """Return what forms name: an enterprise that nobody asked for, one that waits for an answer."""
    queries = town.service.queries
    asked = {row["enterprise"] for row in await queries.rows("request")}
    firms = await queries.rows("enterprise", standing="active")
    plain = next(row for row in firms if row["id"] not in asked)
    (waits, *_) = await queries.rows("joint_part", department="market", answer="silent")
    named = {row["id"]: row["name"] for row in firms}
    login = town.demo.login("enterprise")
    assert login is not None
    return {
        "plain": plain["name"],
        "code": plain["id"],
        "joint": named[waits["enterprise"]],
        "star": login.title.zh,
    }


async def test_every_main_flow_works_without_a_script() -> None:
    async with a_town(scale=200) as town:
        known, hands, wrong = await things(town), {}, []
        for who, link, flow in FLOWS:
            if who not in hands:
                window = await town.window(who, script=False)
                window.context.set_default_timeout(_A_WHILE)
                hands[who] = Hand(window.page, town, known)
            try:
                await hands[who].from_home(link)
                await flow(hands[who])
            except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
                shown = await hands[who].page.locator("main").inner_text()
                wrong.append(f"{flow.__name__} as {who}: {str(error)[:600]}\n{shown[:1500]}")
        window = await town.window("office", size=PHONE, dark=True)
        hand = Hand(window.page, town, known)
        await hand.from_home("包联对接")
        await a_pair(hand)
        wrong += await window.grave()
        for each in town.windows:
            each.said[:] = [said for said in each.said if _REFUSED not in said]
        assert wrong == [], "\n\n".join(wrong)
