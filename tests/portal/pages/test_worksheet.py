"""The scheduler's board: cards, reasons, changes in the address, and the draft that they become."""

from __future__ import annotations

import re
from datetime import date

from scheduler import keys
from scheduler.states import DraftState, MonthState
from tests.builders import a_uscc
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office
from tests.portal.pages.test_flow import approved, asked, drafted

MONTH = "2026-12"
PLAN = f"/plans/{MONTH}"


async def planned(office: Office, *, joint: bool = True) -> Browser:
    """Let one department, or two, ask for the first works, and the office draft a plan."""
    await asked(office, "clerk", "item-1")
    await approved(office, "head")
    if joint:
        await asked(office, "other-clerk", "item-1-market")
        await approved(office, "other-head")
    return await drafted(office)


async def draft_of(office: Office, version: int) -> DraftState:
    """Return a version of the plan."""
    found = await office.service.queries.get(DraftState, keys.draft(MONTH, version))
    assert found is not None
    return found


async def request_of(office: Office, department: str = "fire") -> str:
    """Return a department's only request."""
    (row,) = await office.service.queries.rows("request", department=department)
    return str(row["id"])


def other_days(page: Browser) -> list[str]:
    """Return the days that a page offers to move to."""
    return re.findall(r"move=[^@&]+@([0-9-]+)", page.answer.text)


async def test_a_whole_visit_moves_by_its_card_and_becomes_a_draft(office: Office) -> None:
    page = await planned(office)
    line = (await draft_of(office, 1)).body.lines[0]
    await page.go(PLAN)
    card = next(x for x in page.page.links if "/requests/" in x and PLAN in x)
    await page.go(card)
    assert "为什么排在这一天" in page.text
    assert "同日入企，少一次入企（省 10 分）" in page.text
    whole = next(x for x in page.page.links if "whole=1" in x)
    await page.go(whole)
    move = next(x for x in page.page.links if x.count("move=") == 2)
    await page.go(move)
    assert "2 处改动，尚未存为草案" in page.text
    assert "（+0 分）" in page.text
    check = next(x for x in page.page.links if "check=1" in x)
    await page.go(check)
    assert "校验通过" in page.text
    await page.send("/drafts")
    assert "已按改动存为新草案" in page.text
    assert "手工改自 v1" in page.text
    body = (await draft_of(office, 2)).body
    assert body.making is not None
    assert (body.making.hand, len(body.making.pins), len(body.lines)) == (1, 2, 1)
    assert body.lines[0].day != line.day
    assert {pin.day for pin in body.making.pins} == {body.lines[0].day}


async def test_a_part_that_leaves_its_visit_costs_an_entry_and_undo_takes_it_back(
    office: Office,
) -> None:
    page = await planned(office)
    request = await request_of(office)
    await page.go(f"{PLAN}/requests/{request}")
    move = next(x for x in page.page.links if "move=" in x)
    await page.go(move)
    assert "（+10 分）" in page.text
    undo = next(x for x in page.page.links if x == f"{PLAN}?version=1")
    await page.go(undo)
    assert "尚未存为草案" not in page.text
    state = await office.service.queries.get(MonthState, keys.month(MONTH))
    assert state is not None
    assert state.drafted == 1, "nothing was kept of what was only tried"


async def test_a_move_against_the_rules_is_told_and_no_draft_comes_of_it(office: Office) -> None:
    page = await planned(office, joint=False)
    request = await request_of(office)
    wrong = f"{PLAN}?version=1&move={request}@2026-12-24"
    await page.go(wrong)
    assert "不在申请的日期范围内" in page.text
    assert "不符合规则" in page.text
    assert not [form for form in page.page.forms if form.action.endswith("/drafts")]
    await page.go(PLAN + "?version=1&pin=" + request)
    fields = dict(page.form("/drafts").fields)
    fields["changes"] = wrong.partition("?")[2]
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await page.client.post(f"{PLAN}/drafts", data=fields, headers=kind)
    assert answer.status_code == 409
    assert "改动不符合规则" in answer.text


async def test_a_fixed_day_stays_in_a_new_search_and_can_be_released(office: Office) -> None:
    page = await planned(office, joint=False)
    request = await request_of(office)
    await page.go(f"{PLAN}?version=1&move={request}@2026-12-30")
    await page.send("/search")
    for _ in range(400):
        if "正在排程" not in page.text:
            break
        await page.go(page.url)
    body = (await draft_of(office, 2)).body
    assert body.making is not None
    assert [(pin.request, pin.day) for pin in body.making.pins] == [(request, date(2026, 12, 30))]
    assert (body.lines[0].day, body.making.hand) == (date(2026, 12, 30), 0)
    await page.go(f"{PLAN}/requests/{request}?version=2")
    assert "由专人指定" in page.text
    free = next(x for x in page.page.links if "free=" in x)
    await page.go(free)
    assert "不再固定" in page.text
    await page.send("/drafts")
    body = (await draft_of(office, 3)).body
    assert body.making is not None
    assert (body.making.pins, body.making.hand) == ((), 2)


async def test_an_older_version_is_restored_as_a_new_one(office: Office) -> None:
    page = await planned(office, joint=False)
    request = await request_of(office)
    day = (await draft_of(office, 1)).body.lines[0].day
    other = next(d for d in ("2026-12-29", "2026-12-30") if d != str(day))
    await page.go(f"{PLAN}?version=1&move={request}@{other}")
    await page.send("/drafts")
    await page.go(f"{PLAN}?view=runs")
    await page.send("/drafts")
    body = (await draft_of(office, 3)).body
    assert (body.lines[0].day, body.making and body.making.hand) == (day, 1)


async def test_months_rows_and_lists_show_the_same_plan(office: Office) -> None:
    page = await planned(office)
    for by in ("department", "township", "enterprise"):
        await page.go(f"{PLAN}?by={by}&open=1")
        assert "第1机械厂" in page.text
    await page.go(f"{PLAN}?view=month")
    assert "综合 1" in page.text
    day = str((await draft_of(office, 1)).body.lines[0].day)
    for query, there in ((f"day={day}", True), ("q=没有", False), (f"q={a_uscc(1)}", True)):
        await page.go(f"{PLAN}?view=list&{query}")
        assert ('version=1">第1机械厂' in page.answer.text) is there


async def test_a_department_sees_reasons_of_its_own_and_changes_nothing(office: Office) -> None:
    await planned(office)
    clerk = await office.browser("clerk")
    own, others = await request_of(office), await request_of(office, "market")
    await clerk.go(f"{PLAN}/requests/{own}")
    assert "其他日期" in clerk.text
    assert not other_days(clerk)
    assert (await clerk.go(f"{PLAN}/requests/{others}")).status_code == 404
    await clerk.go(f"{PLAN}?version=1&move={own}@2026-12-30")
    assert "尚未存为草案" not in clerk.text
    assert (await clerk.go(f"{PLAN}/requests/no-such")).status_code == 404


async def test_too_many_changes_ask_for_a_draft_first(office: Office) -> None:
    page = await planned(office, joint=False)
    many = "&".join(f"pin=r{n}" for n in range(81))
    answer = await page.go(f"{PLAN}?version=1&{many}")
    assert (answer.status_code, "请先存为草案" in page.text) == (409, True)
