"""The draw room: everybody may watch, the lead runs it, and whom it drew stays with those concerned."""

from __future__ import annotations

from datetime import timedelta

from portal.messages import Sender
from scheduler.draw.bundle import verify
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.registry import RiskClass
from tests.builders import an_enterprise
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

LATER = NOVEMBER + timedelta(hours=8)


async def with_firms(office: Office) -> None:
    """Register ten enterprises of high risk."""
    sender = Sender.of("office", ActorRole.ADMIN)
    raws = [
        sender.message(
            c.RegisterEnterprise(enterprise=an_enterprise(n, risk=RiskClass.HIGH)),
            id_=f"high-{n}",
            at=NOVEMBER,
        )
        for n in range(1, 11)
    ]
    await office.service.submit(raws)


async def run(office: Office, browser: Browser) -> str:
    """Take a draw through all its steps by forms alone; return its page."""
    await browser.go("/draws/new")
    wanted = {"title": "消防抽查", "first": "2026-12-25", "last": "2026-12-31"}
    await browser.send("/draws", {**wanted, "item": ["fire:item-1"], "risk": ["high"]})
    place = browser.url.partition("?")[0]
    await browser.send(f"{place}/commitment", {"source": "双色球", "at": "2026-12-01T17:00"})
    office.clock.set(LATER)
    await browser.go(place)
    await browser.send(f"{place}/public", {"value": "03 11 17"})
    await browser.send(f"{place}/seed")
    return place


async def test_a_draw_is_run_by_forms_and_its_bundle_verifies(office: Office) -> None:
    await with_firms(office)
    clerk = await office.browser("clerk")
    place = await run(office, clerk)
    assert "抽中 3 家" in clerk.text
    assert "已受理" in clerk.text
    answer = await clerk.client.get(f"{place}/bundle.json")
    assert verify(answer.content).drawn == 3
    script = await clerk.client.get("/draws/verify_draw.py")
    assert b"standard library" in script.content


async def test_a_stranger_sees_hashes_and_counts_and_not_whom(office: Office) -> None:
    await with_firms(office)
    place = await run(office, await office.browser("clerk"))
    stranger = await office.browser()
    await stranger.go("/draws")
    assert "消防抽查" in stranger.text
    await stranger.go(place)
    assert stranger.answer.status_code == 200
    assert "抽中 3 家" in stranger.text
    assert "检查期满后公开" in stranger.text
    assert "机械厂" not in stranger.text
    assert (await stranger.client.get(f"{place}/bundle.json")).status_code == 404
    assert not [form for form in stranger.page.forms if form.action.startswith(place)]
    office.clock.set(NOVEMBER + timedelta(days=40))
    await stranger.go(place)
    assert "机械厂" in stranger.text
    assert (await stranger.client.get(f"{place}/bundle.json")).status_code == 200


async def test_a_withdrawn_draw_stays_with_its_number_and_reason(office: Office) -> None:
    await with_firms(office)
    clerk = await office.browser("clerk")
    place = await run(office, clerk)
    await clerk.send(f"{place}/withdrawal", {"reason": "名单有误"})
    assert "名单有误" in clerk.text
    stranger = await office.browser()
    await stranger.go("/draws")
    assert "已撤回" in stranger.text
    await stranger.go(place)
    assert "名单有误" in stranger.text


async def test_another_department_has_no_form(office: Office) -> None:
    await with_firms(office)
    place = await run(office, await office.browser("clerk"))
    other = await office.browser("other-clerk")
    await other.go(place)
    assert not [form for form in other.page.forms if form.action.startswith(place)]
    assert "机械厂" not in other.text
