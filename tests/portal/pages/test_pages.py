"""Single pages: refusals with their sources, escalation, who sees what, forms that are wrong."""

from __future__ import annotations

import asyncio
import re
from datetime import date

import httpx
import pytest

from scheduler.planner.progress import Progress, Watch
from schemas.plans import PlanBody, Worth
from tests.builders import a_uscc
from tests.portal.pages.browsers import Browser
from tests.portal.pages.months import coded
from tests.portal.pages.offices import Office
from tests.portal.pages.test_flow import approved, asked
from tests.worlds import at

NEW = f"/requests/new/{a_uscc(1)}"


async def third(office: Office) -> Browser:
    """Ask a third time where two are the limit; the browser shows what the rules say."""
    for _ in range(2):
        await asked(office, "clerk", "item-1")
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    assert "还剩 0 / 2" in clerk.text
    await clerk.send(NEW, {"item": "item-1"})
    return clerk


async def test_a_refusal_names_rule_source_numbers_and_ways_out(office: Office) -> None:
    clerk = await third(office)
    for told in (
        "同一部门对同一企业每年不超过两次",
        "上限 2，已用 0，已占 2",
        "湖南日报",
        "非现场办理",
    ):
        assert told in clerk.text
    assert not [form for form in clerk.page.forms if form.action == "/requests"]


async def test_the_panel_says_what_is_left_while_the_form_is_filled_in(office: Office) -> None:
    await asked(office, "clerk", "item-1")
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    fields = [*clerk.form(NEW).fields, ("item", "item-1")]
    body = dict(fields)
    panel = await clerk.client.post(f"/requests/check/{a_uscc(1)}", data=body)
    assert "规则允许。" in panel.text
    assert "<html" not in panel.text
    assert "1 / 2" in panel.text


async def test_escalation_from_the_refusal_to_the_leaders_decision(office: Office) -> None:
    clerk = await third(office)
    edit = next(f for f in clerk.page.forms if ("act", "escalate") in f.buttons)
    sent = await clerk.client.post(
        NEW,
        content=str(httpx.QueryParams([*edit.fields, ("act", "escalate")])),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    clerk.answer = sent
    assert re.search(r'value="twice-a-year" checked', sent.text)
    more: dict[str, str | list[str]] = {"why_cannot_wait": "设备即将拆除", "tried": ["off_site"]}
    await clerk.send(NEW, more)
    assert "规则允许。" in clerk.text
    await clerk.send("/requests")
    leader = await office.browser("leader")
    await leader.go("/")
    assert "现在没有等您办的事" in leader.text
    await approved(office, "head")
    await leader.go("/escalations")
    for told in (
        "设备即将拆除",
        "非现场办理",
        "同一部门对同一企业每年不超过两次",
        "12月3日（周四）",
    ):
        assert told in leader.text
    no = await leader.send("/decision", {"decision": "refused"})
    assert (no.status_code, "不同意须写明理由" in leader.text) == (422, True)
    await leader.go("/escalations")
    await leader.send("/decision", {"decision": "approved", "reason": "同意"})
    assert "决定已记录。" in leader.text
    assert "没有待决定的提级申请。" in leader.text
    head = await office.browser("head")
    await head.go("/requests?status=accepted")
    assert "提级" in head.text


async def test_a_filing_is_due_two_working_days_after_the_leaders_yes(office: Office) -> None:
    await test_escalation_from_the_refusal_to_the_leaders_decision(office)
    clerk = await office.browser("clerk")
    await clerk.go("/")
    assert "提级审批后到优化办备案" in clerk.text
    assert "12月3日（周四）" in clerk.text


async def test_a_form_with_faults_comes_back_with_what_was_said(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    more = {"item": "item-1", "first": "2026-12-31", "last": "2026-12-25", "reason": "补充<b>"}
    answer = await clerk.send(NEW, more)
    assert answer.status_code == 422
    assert "窗口结束早于开始" in clerk.text
    assert "补充&lt;b&gt;" in answer.text


async def test_a_request_is_withdrawn_with_a_reason(office: Office) -> None:
    clerk = await asked(office, "clerk", "item-1")
    await clerk.send("/withdrawal", {"reason": "改为非现场"})
    assert "申请已撤回。" in clerk.text
    other = await office.browser("other-clerk")
    assert (await other.go(clerk.url)).status_code == 404


async def test_a_form_sent_twice_has_its_effect_once(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    await clerk.send(NEW, {"item": "item-1"})
    fields = dict(clerk.form("/requests").fields)
    for _ in range(2):
        assert (await clerk.client.post("/requests", data=fields)).status_code == 303
    await clerk.go("/requests")
    assert "共 1 份" in clerk.text


ALLOWED = {
    "/requests": {"clerk", "head", "office", "leader", "auditor", "firm"},
    "/approvals": {"head", "office", "leader"},
    "/plans/2026-12": {"clerk", "head", "office", "leader", "auditor"},
    "/plans/2026-12/publication": {"office"},
    "/audit": {"auditor"},
    "/requests/new": {"clerk", "head"},
    "/gate-code": {"firm"},
    "/enterprises": {"clerk", "head", "office", "leader", "auditor", "firm"},
}


@pytest.mark.parametrize("path", ALLOWED)
async def test_a_page_opens_for_those_whose_business_it_is(office: Office, path: str) -> None:
    opened = set()
    for who in ("clerk", "head", "office", "leader", "auditor", "firm"):
        browser = await office.browser(who)
        answer = await browser.go(path)
        assert answer.status_code in {200, 403, 404}
        if answer.status_code == 200:
            opened.add(who)
        home = await browser.go("/")
        assert home.status_code == 200
        for link in browser.page.links:
            assert (await browser.go(link)).status_code == 200, (who, link)
    assert opened == ALLOWED[path]


async def test_an_enterprise_sees_itself_alone(office: Office) -> None:
    firm = await office.browser("firm")
    await firm.go("/enterprises")
    assert firm.url == f"/enterprises/{a_uscc(1)}"
    assert "谁打算来" not in firm.text
    assert (await firm.go(f"/enterprises/{a_uscc(2)}")).status_code == 404


async def test_the_gate_knows_nothing_of_forged_codes_and_tokens(office: Office) -> None:
    stranger = await office.browser()
    await stranger.go("/q")
    await stranger.send("/q", {"code": "aaaa bbbb"})
    assert "不是本系统签发的码" in stranger.text
    assert "12345" in stranger.text
    assert "拒绝" not in stranger.text
    assert (await stranger.go("/r/ABCDEFGHIJ")).status_code == 404
    unknown = office.service.credentials.visit_code(
        "s", "nobody", at(date(2026, 12, 25), 8), at(date(2026, 12, 25), 18)
    )
    await stranger.go(f"/q/{unknown}")
    assert "没有查到这次入企" in stranger.text


async def test_the_gate_limits_how_often_an_address_asks(office: Office) -> None:
    stranger = await office.browser()
    answers = [(await stranger.client.get("/q/AAAA")).status_code for _ in range(241)]
    assert answers == [200] * 240 + [429]


async def test_the_scan_page_is_small_and_needs_no_script(office: Office) -> None:
    stranger = await office.browser()
    page = await stranger.client.get("/q/AAAA")
    css = await stranger.client.get("/static/gate.css")
    icon = await stranger.client.get("/static/icon.svg")
    assert len(page.content) + len(css.content) + len(icon.content) < 20_000
    assert "<script" not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"


async def test_an_audit_search_says_how_far_it_looked(office: Office) -> None:
    await asked(office, "clerk", "item-1")
    auditor = await office.browser("auditor")
    await auditor.go("/audit?kind=cn.wurao.request.accepted.v1")
    assert re.search(r"看过第 1 至 \d+ 条，找到 1 条", auditor.text)
    link = next(link for link in auditor.page.links if link.startswith("/audit/cases/request/"))
    await auditor.go(link)
    assert "申请受理" in auditor.text
    await auditor.go("/audit?q=没有这样的字")
    assert "找到 0 条" in auditor.text
    assert "王五" not in (await auditor.go("/audit?kind=cn.wurao.enterprise.registered.v1")).text


async def test_a_search_is_watched_and_stopped_with_its_best(office: Office) -> None:
    await asked(office, "clerk", "item-1")
    office.clock.set(at(date(2026, 12, 10)))
    solving = office.app.state.house.solving
    solving.search = _until_stopped
    scheduler = await office.browser("office")
    await scheduler.go("/plans/2026-12")
    await scheduler.send("/closing")
    await scheduler.send("/search")
    await asyncio.sleep(0.1)
    await scheduler.go(scheduler.url)
    assert "第 1 步" in scheduler.text
    await scheduler.send("/stop")
    async with asyncio.timeout(30):
        while "正在排程" in scheduler.text:
            await asyncio.sleep(0.05)
            await scheduler.go(scheduler.url)
    assert "草案 v1" in scheduler.text


async def _until_stopped(*_: object, watch: Watch) -> PlanBody:
    """Search until somebody stops it, then hand in the best."""
    while watch(Progress(step=1, phase="rounds", objective=20, bound=10, unplaced=0)):  # noqa: ASYNC110 - as a planner asks
        await asyncio.sleep(0.01)
    worth = Worth(objective=20, bound=10, entries=0, entries_bound=0, solver="none")
    return PlanBody(lines=(), unplaced=(), worth=worth, snapshot="none")


async def test_codes_lead_to_the_gate_where_one_answers_scans(office: Office) -> None:
    visit = await coded(office)
    officer = await office.browser("officer")
    await officer.go(f"/visits/{visit}/code")
    assert any(link.startswith("http://office.test/q/") for link in officer.page.links)
    office.reception.gate_url = "https://gate.example.gov.cn/"
    await officer.go(f"/visits/{visit}/code")
    assert any(link.startswith("https://gate.example.gov.cn/q/") for link in officer.page.links)
