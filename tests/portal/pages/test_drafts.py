"""What clerks keep: drafts of requests and filters of the list; and whom a visit could go with."""

from __future__ import annotations

from tests.builders import a_uscc
from tests.portal.pages.months import published
from tests.portal.pages.offices import Office
from tests.portal.pages.test_flow import asked

NEW = f"/requests/new/{a_uscc(1)}"


async def test_a_draft_is_kept_opened_again_and_gone_when_it_is_submitted(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    await clerk.send(NEW, {"item": "item-1", "reason": "等锅炉停机", "act": "keep"})
    assert "已存为草稿。" in clerk.text
    assert "第1机械厂" in clerk.text
    await clerk.go("/requests")
    assert "草稿 1" in clerk.text
    await clerk.go(NEW)
    assert "这是您保存的草稿" in clerk.text
    assert "等锅炉停机" in clerk.text
    await clerk.send(NEW)
    await clerk.send("/requests")
    assert "申请已提交。" in clerk.text
    await clerk.go("/requests/drafts")
    assert "没有草稿" in clerk.text


async def test_what_is_typed_is_kept_by_itself_and_thrown_away_on_request(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    body = {**dict(clerk.form(NEW).fields), "reason": "一半"}
    await clerk.client.post(f"/requests/check/{a_uscc(1)}", data=body)
    other = await office.browser("other-clerk")
    await other.go(NEW)
    assert "一半" not in other.text
    await clerk.go(NEW)
    assert "一半" in clerk.text
    await clerk.send(f"/drafts/{a_uscc(1)}")
    assert "已删除。" in clerk.text
    await clerk.go(NEW)
    assert "一半" not in clerk.text


async def test_a_filter_is_saved_under_a_name_without_its_month(office: Office) -> None:
    await asked(office, "clerk", "item-1")
    clerk = await office.browser("clerk")
    await clerk.go("/requests?month=2026-12&status=accepted&lane=routine&q=机械")
    await clerk.send("/requests/views", {"name": "在办例行"})
    assert "筛选已保存。" in clerk.text
    (link,) = [link for link in clerk.page.links if "status=accepted&lane=routine" in link][:1]
    assert "month" not in link
    await clerk.go(link)
    assert "共 1 份" in clerk.text
    other = await office.browser("head")
    await other.go("/requests")
    assert "在办例行" not in other.text
    await clerk.send(next(f.action for f in clerk.page.forms if "/views/" in f.action))
    assert "在办例行" not in clerk.text
    await clerk.go("/requests")
    assert (await clerk.send("/requests/views", {"name": " "})).status_code == 422
    await clerk.go("/requests")
    assert (await clerk.send("/requests/views", {"name": "\x00"})).status_code == 422


async def test_whom_a_visit_could_go_with_is_said(office: Office) -> None:
    await asked(office, "other-clerk", "item-1-market")
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    assert "日期有重合" in clerk.text


async def test_the_day_of_a_published_visit_is_taken_with_one_button(office: Office) -> None:
    await published(office)
    (visit,) = await office.service.queries.rows("visit")
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    assert "改到这一天一起去" in clerk.text
    day = str(visit["day"])
    await clerk.send(NEW, {"item": "item-1", "join": day})
    fields = dict(clerk.form(NEW).fields)
    assert (fields["first"], fields["last"]) == (day, day)


async def test_an_unannounced_visit_is_nobody_elses_business(office: Office) -> None:
    await asked(office, "other-clerk", "item-1-market", unannounced="1", reason="投诉线索")
    clerk = await office.browser("clerk")
    await clerk.go(NEW)
    assert "可以一起去" not in clerk.text
