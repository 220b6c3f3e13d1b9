"""The whole loop by pages alone and without a script: from the request to the rating and the audit."""

from __future__ import annotations

import asyncio
import re
from datetime import date

from portal.messages import Sender, fresh_id
from portal.pages.cases import TYPES
from portal.plans.planning import Order, planned
from scheduler.planner.limits import Limits
from schemas.catalogue import EVENT_TYPES
from schemas.commands import DraftPlan
from schemas.envelope import ActorRole
from tests.builders import a_uscc
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office
from tests.worlds import at

CLOSES, PUBLISHES, NAMES = date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 23)


async def asked(office: Office, who: str, item: str, **more: str) -> Browser:
    """Let a clerk ask for a visit to the first works, step by step."""
    browser = await office.browser(who)
    await browser.go("/requests/new?q=第1机械")
    assert a_uscc(1) in browser.text
    await browser.go(f"/requests/new/{a_uscc(1)}")
    await browser.send(f"/requests/new/{a_uscc(1)}", {"item": item, **more})
    assert "规则允许。" in browser.text
    answer = await browser.send("/requests")
    assert (answer.status_code, "申请已提交。" in browser.text) == (200, True)
    return browser


async def approved(office: Office, who: str) -> None:
    """Let a head approve everything that waits."""
    browser = await office.browser(who)
    await browser.go("/approvals")
    ids = re.findall(r'name="request" value="([^"]+)"', browser.answer.text)
    await browser.send("/approvals", {"request": ids})
    assert f"已同意 {len(ids)} 份。" in browser.text


async def drafted(office: Office) -> Browser:
    """Let the office close the month and plan it; the page says when it is done."""
    scheduler = await office.browser("office")
    office.clock.set(at(CLOSES))
    await scheduler.go("/plans")
    await scheduler.send("/closing")
    assert "本月申请已截止。" in scheduler.text
    await scheduler.send("/search")
    async with asyncio.timeout(90):
        while "正在排程" in scheduler.text:
            await asyncio.sleep(0.05)
            await scheduler.go(scheduler.url)
    assert "草案 v1" in scheduler.text
    return scheduler


async def test_the_whole_loop_by_pages_alone(office: Office) -> None:
    await asked(office, "clerk", "item-1")
    await asked(office, "other-clerk", "item-1-market")
    await approved(office, "head")
    await approved(office, "other-head")
    scheduler = await drafted(office)
    assert "综合 1" in scheduler.text
    await scheduler.go("/plans/2026-12/publication")
    assert "现在还不能发布" in scheduler.text
    office.clock.set(at(PUBLISHES))
    await scheduler.go("/plans/2026-12/publication")
    assert "全部规则通过" in scheduler.text
    await scheduler.send("/publication", {"signed": "1"})
    assert "已发布 v1" in scheduler.text
    visit = re.findall(
        r"/visits/([a-z0-9]+)", (await scheduler.go("/plans/2026-12?view=list")).text
    )[0]
    await _visited(office, visit)
    await _rated(office, visit)
    await _audited(office, visit)


async def _visited(office: Office, visit: str) -> None:
    office.clock.set(at(NAMES))
    clerk = await office.browser()
    for who, suffix in (("clerk", ""), ("other-clerk", "-market")):
        clerk = await office.browser(who)
        await clerk.go(f"/visits/{visit}")
        team = [f"officer-1{suffix}", f"officer-2{suffix}"]
        await clerk.send("/team", {"officer": team, "half": "am"})
        assert "执法人员已指派。" in clerk.text
    await clerk.send("/code")
    assert "入企码已签发。" in clerk.text
    officer, firm = await office.browser("officer"), await office.browser("firm")
    await officer.go(f"/visits/{visit}/code")
    scanned = next(link for link in officer.page.links if "/q/" in link)
    stranger = await office.browser()
    await stranger.go(scanned)
    assert "还没到入企时间" in stranger.text
    state = (await office.service.queries.rows("visit", id=visit))[0]
    office.clock.set(at(state["day"]))
    await stranger.go(scanned)
    assert "真实有效" in stranger.text
    assert "执法员1" in stranger.text
    await firm.go("/gate-code")
    gate = re.findall(r'<p class="code">(\w+)</p>', firm.answer.text)[0]
    await officer.go(f"/visits/{visit}")
    await officer.send("/entry", {"gate": gate})
    assert "已登记入企。" in officer.text
    await officer.send("/outcome", {"fault": "item-1", "note-item-1": "通道堵塞"})
    await officer.send("/departure")
    assert "已登记离企。" in officer.text
    await stranger.go(scanned)
    assert "入企时间已过" in stranger.text


async def _rated(office: Office, visit: str) -> None:
    firm = await office.browser("firm")
    await firm.go(f"/visits/{visit}")
    link = next(link for link in firm.page.links if link.startswith("/r/"))
    rater = await office.browser()
    await rater.go(link)
    missing = await rater.send(link)
    assert (missing.status_code, "请选一个满意度。" in rater.text) == (422, True)
    await rater.send(link, {"grade": "good", "comment": "准时"})
    receipt = re.findall(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", rater.text)
    assert len(receipt) == 1
    await rater.go(link)
    assert receipt[0] in rater.text
    assert not rater.page.forms
    for who in ("clerk", "officer"):
        department = await office.browser(who)
        await department.go("/visits?show=unrated")
        assert "已离企" in department.text
        await department.go(f"/visits/{visit}")
        assert "已离企" in department.text
        assert "满意" not in department.text


async def _audited(office: Office, visit: str) -> None:
    auditor = await office.browser("auditor")
    await auditor.go("/audit?q=第1机械厂")
    assert "cn.wurao.rating.given.v1" in auditor.text or "cn.wurao.visit.entered.v1" in auditor.text
    await auditor.go(f"/audit/cases/visit/{visit}")
    told = re.findall(r"cn\.wurao\.[a-z._]+\.v1", auditor.text)
    assert told[0] == "cn.wurao.request.accepted.v1"
    assert {
        "cn.wurao.code.issued.v1",
        "cn.wurao.visit.entered.v1",
        "cn.wurao.rating.given.v1",
    } <= set(told)
    assert "准时" not in auditor.text
    assert (await auditor.go("/requests/new")).status_code == 403


async def test_a_revision_of_a_published_plan_waits_for_answers_and_publication(
    office: Office,
) -> None:
    await asked(office, "clerk", "item-1")
    await approved(office, "head")
    scheduler = await drafted(office)
    office.clock.set(at(PUBLISHES))
    await scheduler.go("/plans/2026-12/publication")
    await scheduler.send("/publication", {"signed": "1"})
    order = Order(month="2026-12", earliest=PUBLISHES, revise=True, limits=Limits(steps=3))
    body = await planned(office.service.queries, order)
    planner = Sender.of("planner", ActorRole.PLANNER)
    draft = DraftPlan(month="2026-12", version=2, body=body)
    (told,) = await office.service.submit(
        [planner.message(draft, id_=fresh_id(), at=office.clock.now())]
    )
    assert told.status == "accepted"
    clerk = await office.browser("clerk")
    await clerk.go("/")
    await clerk.go(next(link for link in clerk.page.links if "version=2" in link))
    assert "草案 v2" in clerk.text
    await scheduler.go("/")
    await scheduler.go(next(link for link in scheduler.page.links if "version=2" in link))
    await scheduler.go("/plans/2026-12/publication")
    assert "以优化办名义发布 v2" in scheduler.text
    await scheduler.send("/publication", {"signed": "1"})
    assert "已发布 v2" in scheduler.text


def test_every_entry_of_the_ledger_has_a_name() -> None:
    assert TYPES.keys() == EVENT_TYPES.keys()
