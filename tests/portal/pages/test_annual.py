"""年初备案 by pages: a department's form, the office's yes, what everybody may read, a request that cites."""

from __future__ import annotations

from tests.builders import a_uscc
from tests.portal.pages.offices import Office

PAGE = "/annual/fire/2026"
LINE = {
    "line_id": "L1",
    "line_items": "item-1",
    "line_number": "2",
    "line_months": "全年",
    "line_recurring": "是",
    "line_note": "日常监督检查",
}


async def published(office: Office) -> None:
    """File, approve and publish the fire brigade's plan by forms alone."""
    clerk = await office.browser("clerk")
    await clerk.go(PAGE)
    await clerk.send(PAGE, LINE)
    desk = await office.browser("office")
    await desk.go(PAGE)
    await desk.send(f"{PAGE}/decision", {"decision": "approved"})
    await desk.send(f"{PAGE}/publication")


async def test_a_plan_is_filed_approved_and_published_by_forms(office: Office) -> None:
    stranger = await office.browser()
    await stranger.go(PAGE)
    assert stranger.answer.status_code == 404
    await published(office)
    await stranger.go("/annual?year=2026")
    assert "已公布" in stranger.text
    await stranger.go(PAGE)
    assert "日常监督检查" in stranger.text
    assert not [form for form in stranger.page.forms if form.action.startswith(PAGE)]


async def test_a_form_that_cannot_be_read_comes_back_with_what_was_typed(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go(PAGE)
    await clerk.send(PAGE, {**LINE, "line_months": "13", "line_note": "年底集中"})
    assert clerk.answer.status_code == 422
    assert "看不出是哪几个月" in clerk.text
    form = next(form for form in clerk.page.forms if form.action == PAGE)
    assert "年底集中" in str(form.fields)


async def test_who_has_not_filed_is_overdue_on_the_offices_list(office: Office) -> None:
    desk = await office.browser("office")
    await desk.go("/annual?year=2026")
    assert "未备案" in desk.text
    assert "逾期" in desk.text


async def test_a_request_offers_the_lines_and_says_which_it_cites(office: Office) -> None:
    await published(office)
    clerk = await office.browser("clerk")
    page = f"/requests/new/{a_uscc()}"
    await clerk.go(page)
    await clerk.send(page, {"item": ["item-1"]})
    assert "请引用年度计划的一行" in clerk.text
    await clerk.go(page)
    await clerk.send(page, {"item": ["item-1"], "line": "L1"})
    await clerk.send("/requests")
    assert "申请已提交" in clerk.text
    assert "L1" in clerk.text
