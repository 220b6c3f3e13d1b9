"""疑点清单 and time travel: what is doubtful, the entries that show it, the state as of an entry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.pages.figures import figures
from schemas import commands as c
from schemas.lanes import Lane, Remedy
from schemas.visits import Decision, Filing, Paper, Role, ScanMedia, Urgency, Window
from streams.memory import MemoryLedger
from tests.builders import a_request
from tests.portal.pages.months import done, entered
from tests.portal.pages.offices import Office
from tests.worlds import at

DAY = date(2026, 12, 8)


async def filed_late(office: Office) -> str:
    """Let an escalated visit be filed too late, under an earlier day than the ledger's; return it."""
    urgency = Urgency(
        why_cannot_wait="设备即将拆除", tried=(Remedy.OFF_SITE,), lift=("service-week",)
    )
    request = a_request(lane=Lane.ESCALATED, window=Window(first=DAY, last=DAY), urgency=urgency)
    id_ = await done(office, "clerk", c.SubmitRequest(request=request))
    yes = c.DecideRequest(request=id_, role=Role.HEAD, decision=Decision.APPROVED)
    await done(office, "head", yes)
    paper = Paper(signed_on=date(2026, 11, 1), sha256="0" * 64, media=ScanMedia.JPEG, size=1)
    signed = {
        "lifts": ("service-week",),
        "on_paper": True,
        "signatory": "mayor",
        "paper": paper,
    }
    await done(office, "office", yes.model_copy(update={"role": Role.LEADER, **signed}))
    await done(office, "clerk", c.ArrangeVisit(request=id_, day=DAY))
    (row,) = await office.service.queries.rows("visit")
    office.clock.set(at(DAY + timedelta(days=6)))
    filing = Filing(number="B-7", at=at(date(2026, 12, 2)), by="clerk-fire")
    await done(office, "clerk", c.RecordFiling(visit=row["id"], filing=filing))
    return str(row["id"])


async def test_points_are_listed_with_the_entries_that_show_them(office: Office) -> None:
    visit = await filed_late(office)
    auditor = await office.browser("auditor")
    await auditor.go("/audit")
    await auditor.go(next(link for link in auditor.page.links if link == "/audit/doubts"))
    for told in (
        "备案倒填",
        "备案 B-7 自称 2026-12-02",
        "备案逾期",
        "代录审批",
        "签字人 mayor，签于 2026-11-01",
    ):
        assert told in auditor.text
    place = f"/audit/cases/visit/{visit}"
    assert place in auditor.page.links
    shown = next(link for link in auditor.page.links if link.startswith(f"{place}/as-of?at="))
    await auditor.go(shown)
    assert auditor.answer.status_code == 200
    await auditor.go("/audit/doubts?kind=back_dated")
    assert "共 1 条" in auditor.text
    await auditor.go("/audit/doubts?department=market")
    assert "没有疑点" in auditor.text


async def test_the_worksheet_holds_all_points_and_room_for_findings(office: Office) -> None:
    await filed_late(office)
    auditor = await office.browser("auditor")
    answer = await auditor.client.get("/audit/doubts.xlsx?kind=back_dated")
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer.headers["content-disposition"]
    clerk = await office.browser("clerk")
    for path in ("/audit/doubts", "/audit/doubts.xlsx"):
        assert (await clerk.go(path)).status_code == 403


async def test_every_visit_is_judged_anew_when_asked_for(office: Office) -> None:
    await entered(office)
    auditor = await office.browser("auditor")
    await auditor.go("/audit/doubts?rules=1")
    assert "违反规则" not in re.sub(r"<option.*?</option>", "", auditor.answer.text)
    assert auditor.answer.status_code == 200


async def test_a_case_is_seen_as_of_each_of_its_entries(office: Office) -> None:
    visit = await entered(office)
    place = f"/audit/cases/visit/{visit}"
    auditor = await office.browser("auditor")
    await auditor.go(place)
    await auditor.go(next(link for link in auditor.page.links if link.endswith("/as-of")))
    assert "完全一致" in auditor.text
    assert 'class="moved"' not in auditor.answer.text
    entries = re.findall(r'href="\?at=(\d+)"', auditor.answer.text)
    first = min(map(int, entries))
    await auditor.go(f"{place}/as-of?at={first}")
    moved = re.findall(r'<tr class="moved"><th[^>]*>([^<]+)</th>', auditor.answer.text)
    assert {"status", "scan.at", "code.serial", "line.parts[1].officers"} <= set(moved)
    assert "id" not in moved
    assert (await auditor.go(f"{place}/as-of?at=0")).status_code == 404
    assert (await auditor.go("/audit/cases/officer/x/as-of")).status_code == 404
    clerk = await office.browser("clerk")
    assert (await clerk.go(f"{place}/as-of")).status_code == 403


async def test_a_state_that_is_not_what_its_entries_say_is_told(office: Office) -> None:
    visit = await entered(office)
    ledger = office.service.ledger
    key = f"visit/{visit}"
    cell = (await ledger.peek([key]))[key]
    assert cell.state is not None
    forged = cell.state.replace(b'"entered"', b'"published"', 1)
    assert isinstance(ledger, MemoryLedger)
    ledger._cells[key] = replace(cell, state=forged)
    auditor = await office.browser("auditor")
    await auditor.go(f"/audit/cases/visit/{visit}/as-of")
    assert "不一致" in auditor.text


async def test_late_filings_are_counted_and_listed_by_year(office: Office) -> None:
    visit = await filed_late(office)
    for year, late in ((2025, 0), (2026, 1), (2027, 0)):
        assert (await figures(office.service.queries, year, DAY)).so_far.late == late
    leader = await office.browser("leader")
    await leader.go("/dashboard")
    path = "/visits?show=late&month=2026"
    assert path in leader.page.links
    await leader.go(path)
    assert "2026年 备案逾期" in leader.text
    assert f"/visits/{visit}" in leader.page.links
    await leader.go("/visits?show=late&month=2025")
    assert "没有入企" in leader.text
    await leader.go("/visits?show=late")
    assert f"/visits/{visit}" in leader.page.links, "the office's task is of no year"


async def test_a_number_of_the_year_leads_to_the_requests_of_the_year(office: Office) -> None:
    await filed_late(office)
    leader = await office.browser("leader")
    await leader.go("/dashboard")
    path = "/requests?lane=escalated&month=2026"
    assert path in leader.page.links
    await leader.go(path)
    assert "共 1 份" in leader.text
    await leader.go("/requests?lane=escalated&month=2025")
    assert "没有符合条件的申请" in leader.text


@pytest.mark.parametrize("month", ["x", "2026-13", "2026-1", "26", "٢٠٢٦"])
async def test_what_is_no_month_shows_the_month_at_hand(office: Office, month: str) -> None:
    leader = await office.browser("leader")
    for path in ("/visits", "/requests"):
        answer = await leader.go(f"{path}?month={month}")
        assert answer.status_code == 200
    await leader.go(f"/visits?month={month}")
    assert "入企：2026年12月" in leader.text
