"""企业问题 by pages: the board, one problem from its report to the enterprise's word, the month, the material."""

from __future__ import annotations

from datetime import date

from portal.matters import pool
from portal.papers.docx import docx
from scheduler.problem_states import ProblemState
from schemas.enterprise_problems import ProblemClosing
from tests.builders import a_uscc
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office
from tests.worlds import at

REPORT = {
    "title": "园区频繁停电",
    "text": "每周停电两次",
    "topic": "utilities",
    "reporter": "李四 138",
}
OWNERS = {"grade": "simple", "leader": "mayor", "department": "fire", "section": "防火股"}


async def the(office: Office, title: str = "园区频繁停电") -> ProblemState:
    """Return the problem of a title."""
    (found,) = await office.service.queries.find("problem", title=title)
    state = found[1]
    assert isinstance(state, ProblemState)
    return state


async def reported(office: Office, **changes: str) -> tuple[Browser, str]:
    """Let the enterprise report a problem; return its browser and the problem's page."""
    firm = await office.browser("firm")
    await firm.go("/problems/new")
    await firm.send("/problems", {**REPORT, **changes})
    return firm, f"/problems/{(await the(office, changes.get('title', REPORT['title']))).id}"


async def answered(office: Office, **changes: str) -> tuple[Browser, str]:
    """Let a problem be reported, given to the fire brigade and answered."""
    firm, page = await reported(office, **changes)
    desk = await office.browser("office")
    await desk.go(page)
    await desk.send(f"{page}/acceptance", OWNERS)
    clerk = await office.browser("clerk")
    await clerk.go(page)
    await clerk.upload("/problems/answers", "修复.jpg", b"picture", {"text": "已换变压器"})
    return firm, page


async def test_a_problem_goes_from_the_enterprise_to_its_word(office: Office) -> None:
    firm, page = await answered(office)
    await firm.go(page)
    assert "已换变压器" in firm.text
    assert "防火股" in firm.text
    await firm.send(f"{page}/word", {"satisfied": "yes"})
    assert "已销号" in firm.text
    assert (await the(office)).closing is ProblemClosing.CONFIRMED


async def test_departments_see_what_is_theirs_and_no_name_that_was_kept_back(
    office: Office,
) -> None:
    _, page = await answered(office, unnamed="1")
    clerk = await office.browser("clerk")
    await clerk.go(page)
    assert "不具名" in clerk.text
    assert "第1机械厂" not in clerk.text
    desk = await office.browser("office")
    await desk.go(page)
    assert "第1机械厂" in desk.text
    for who in ("other-clerk", "other-firm"):
        browser = await office.browser(who)
        assert (await browser.go(page)).status_code == 404
        await browser.go("/problems")
        assert "园区频繁停电" not in browser.text


async def test_the_token_in_the_message_is_enough_to_say_no(office: Office) -> None:
    _, page = await answered(office)
    token = office.service.credentials.problem_token(page.rpartition("/")[2])
    phone = await office.browser()
    await phone.go(f"/p/{token}")
    assert "已换变压器" in phone.text
    assert (await phone.send(f"/p/{token}", {"satisfied": "no"})).status_code == 422
    await phone.send(f"/p/{token}", {"satisfied": "no", "reason": "昨天又停"})
    state = await the(office)
    assert [word.reason for word in state.words] == ["昨天又停"]
    assert state.open
    assert (await phone.go("/p/forged")).status_code == 404


async def test_the_board_and_the_material_tell_the_same(office: Office) -> None:
    await reported(office)
    office.clock.set(at(date(2026, 12, 3)))
    desk = await office.browser("office")
    await desk.go("/problems")
    assert "问题池共 1 件，逾期 1 件" in desk.text
    csv = (await desk.go("/problems/material/2026-12.csv")).content.decode("utf-8-sig")
    assert "园区频繁停电" in csv
    assert "逾期" in csv
    month = await pool.month_of(
        office.service.queries, office.service.clock, PEOPLE["office"], "2026-12"
    )
    paper = pool.material(month, {a_uscc(1): "第1机械厂"}, date(2026, 12, 3))
    assert docx(paper).startswith(b"PK")
    assert "1 件，其中逾期 1 件" in str(paper.blocks[0])
    for who in ("clerk", "firm"):
        browser = await office.browser(who)
        assert (await browser.go("/problems/material/2026-12.csv")).status_code == 403


async def test_a_month_is_cleared_and_looked_back_at(office: Office) -> None:
    firm, page = await answered(office)
    await firm.go(page)
    await firm.send(f"{page}/word", {"satisfied": "yes"})
    _, open_ = await reported(office, title="断水")
    desk = await office.browser("office")
    office.clock.set(at(date(2026, 12, 31)))
    await desk.go("/problems/pool/2026-12")
    refused = await desk.send("/problems/pool/2026-12/clearing")
    assert refused.status_code == 409
    await desk.go("/problems/pool/2026-12")
    reason = {"month": "2026-12", "cause": "money", "reason": "待预算", "back": "pool"}
    await desk.send(f"{open_}/carry", reason)
    await desk.send("/problems/pool/2026-12/clearing")
    assert "已清零" in desk.text
    office.clock.set(at(date(2027, 1, 5)))
    auditor = await office.browser("auditor")
    await auditor.go("/problems/pool/2026-12")
    await auditor.send("/problems/pool/2026-12/look-back")
    assert "园区频繁停电" in auditor.text
    seen = {"month": "2026-12", "holds": "no", "text": "仍然停电", "back": "pool"}
    await auditor.send(f"{page}/check", seen)
    assert "出现反弹" in auditor.text
    found = {s.problem.title: s for _, s in await office.service.queries.find("problem")}
    assert found["园区频繁停电"].reopened == 1


def test_no_cell_of_the_sheet_runs_as_a_formula() -> None:
    assert pool._harmless("=1+1") == "'=1+1"
    assert pool._harmless("停电") == "停电"
