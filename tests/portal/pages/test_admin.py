"""Administration: users, capacity, calendars, policies, dead letters, each by its own people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.messages import Sender, fresh_id
from portal.resources import deploy_dir
from scheduler import keys
from scheduler.states import CalendarsState, CapacityState, PolicyState
from schemas.envelope import ActorRole
from schemas.key_commands import RevokeKey, RotateKey
from schemas.keyrings import Ring
from streams.intake import Raw
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.months import published
from tests.portal.pages.offices import Office

PAGES = {
    "/admin": {"admin", "office"},
    "/admin/users": {"admin"},
    "/admin/calendars": {"admin", "office"},
    "/admin/policies": {"admin", "office"},
    "/admin/letters": {"admin"},
    "/capacity": {"admin", "office", "clerk", "head"},
}


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_opens_for_those_who_administer_it(office: Office, path: str) -> None:
    opened = set()
    for who in PEOPLE.keys() - {"other-clerk", "other-head", "other-firm"}:
        browser = await office.browser(who)
        if (await browser.go(path)).status_code == 200:
            opened.add(who)
    assert opened == PAGES[path]


async def test_a_user_is_added_logs_in_and_is_closed(office: Office) -> None:
    admin = await office.browser("admin")
    await admin.go("/admin")
    await admin.go(next(link for link in admin.page.links if link == "/admin/users"))
    await admin.send("/admin/users", {"name": "li.fire", "role": "clerk", "of": "fire"})
    password = re.findall(r'<b class="code">([^<]+)</b>', admin.answer.text)[0]
    clerk = await office.browser()
    await clerk.go("/login")
    await clerk.send("/login", {"name": "li.fire", "password": password})
    assert "部门经办 li.fire" in clerk.text
    await admin.go("/admin/users")
    assert password not in admin.answer.text
    await admin.send("/admin/users/li.fire", {"act": "close"})
    assert "停用" in admin.text
    await clerk.go("/requests")
    assert clerk.url == "/login"
    await clerk.send("/login", {"name": "li.fire", "password": password})
    assert clerk.answer.status_code == 401


@pytest.mark.parametrize(
    ("name", "role", "of"),
    [
        ("a b", "clerk", "fire"),
        ("a", "clerk", ""),
        ("a", "clerk", "nobody"),
        ("a", "enterprise", "fire"),
        ("a", "auditor", "fire"),
        ("a", "timer", ""),
        ("a", "", ""),
    ],
)
async def test_a_user_belongs_where_the_role_says(
    office: Office, name: str, role: str, of: str
) -> None:
    admin = await office.browser("admin")
    await admin.go("/admin/users")
    answer = await admin.send("/admin/users", {"name": name, "role": role, "of": of})
    assert answer.status_code == 422
    assert await office.reception.people.accounts() == []


async def test_a_new_password_ends_the_sessions_of_the_old(office: Office) -> None:
    admin = await office.browser("admin")
    await admin.go("/admin/users")
    await admin.send("/admin/users", {"name": "admin", "role": "admin"})
    assert admin.answer.status_code == 200
    other = await office.browser("admin")
    await other.go("/admin/users")
    assert (await other.send("/admin/users/admin", {"act": "close"})).status_code == 409
    await other.go("/admin/users")
    await other.send("/admin/users/admin", {"act": "password"})
    assert "密码只显示这一次" in other.text
    await other.go("/admin/users")
    assert other.url == "/login"


async def test_capacity_is_stated_for_the_days_that_differ(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go("/capacity")
    assert clerk.url == "/capacity/fire"
    assert (await clerk.go("/capacity/market")).status_code in {403, 404}
    await clerk.go("/capacity/fire?month=2026-12")
    await clerk.send("/capacity/fire/days", {"units-2026-12-28": "3"})
    assert "力量已更新。" in clerk.text
    found = await office.service.queries.rows("capacity")
    assert [(str(row["day"]), row["units"]) for row in found] == [("2026-12-28", 3)]
    state = await office.service.queries.get(CapacityState, "capacity/fire/2026-12-28")
    assert state == CapacityState(units=3)
    assert (await clerk.send("/capacity/fire/days", {"units-2026-12-28": "-1"})).status_code == 422
    await clerk.go("/capacity/fire?month=2027-03")
    assert "还没有正式的工作日历" in clerk.text


async def test_a_calendar_is_compared_before_it_is_adopted(office: Office) -> None:
    scheduler = await office.browser("office")
    await scheduler.go("/admin/calendars")
    text = (deploy_dir("calendars") / "2026.yaml").read_text(encoding="utf-8")
    same = await scheduler.upload("/admin/calendars", "2026.yaml", text.encode())
    assert "和在用的完全一样" in same.text
    newer = text.replace("version: 1", "version: 2") + "  - 2026-12-26\n"
    await scheduler.go("/admin/calendars")
    await scheduler.upload("/admin/calendars", "2026.yaml", newer.encode())
    assert "在用版本 1" in scheduler.text
    assert re.search(r"新调休上班 12月26日", scheduler.text)
    assert "可入企的日子因此改变的月份" in scheduler.text
    state = await office.service.queries.get(CalendarsState, keys.CALENDARS)
    assert state is not None
    assert {calendar.version for calendar in state.calendars} == {1}


async def test_a_shipped_calendar_is_adopted_by_pages(office: Office) -> None:
    scheduler = await office.browser("office")
    await scheduler.go("/admin/calendars")
    form = scheduler.form("/admin/calendars")
    fields = {**dict(form.fields), "shipped": "2024"}
    fields.pop("file", None)
    sent = await scheduler.client.post(form.action, data=fields, files={"file": ("", b"")})
    await scheduler.go(sent.headers["location"])
    assert "这一年还没有日历" in scheduler.text
    state = await office.service.queries.get(CalendarsState, keys.CALENDARS)
    assert state is not None
    assert 2024 not in {calendar.year for calendar in state.calendars}
    await scheduler.send(scheduler.url)
    assert "已启用。" in scheduler.text
    state = await office.service.queries.get(CalendarsState, keys.CALENDARS)
    assert state is not None
    assert 2024 in {calendar.year for calendar in state.calendars}


async def test_a_policy_is_compared_and_names_the_visits_it_touches(office: Office) -> None:
    await published(office)
    scheduler = await office.browser("office")
    await scheduler.go("/admin/policies")
    top = (deploy_dir("policies") / "changning-2024.yaml").read_text(encoding="utf-8")
    longer = re.sub(r"version: \d+", "version: 99", top, count=1)
    await scheduler.upload("/admin/policies", "changning-2024.yaml", longer.encode())
    assert "层和版本" in scheduler.text
    assert "不触及已发布的入企" in scheduler.text
    await scheduler.send(scheduler.url)
    assert "已启用。" in scheduler.text
    state = await office.service.queries.get(PolicyState, keys.POLICY)
    assert state is not None
    assert state.layers[-1].version == 99
    await scheduler.go("/admin/policies?older=1&newer=2")
    assert "第 1 版与第 2 版" in scheduler.text


async def test_a_narrower_rule_names_the_published_visits_it_would_not_admit(
    office: Office,
) -> None:
    visit = await published(office)
    scheduler = await office.browser("office")
    await scheduler.go("/admin/policies")
    top = (deploy_dir("policies") / "changning-2024.yaml").read_text(encoding="utf-8")
    none = top.replace("    limit: 2\n", "    limit: 0\n", 1)
    await scheduler.upload("/admin/policies", "changning-2024.yaml", none.encode())
    assert "limit ：2 → 0" in scheduler.text
    assert "触及已发布的 1 次入企" in scheduler.text
    assert f"/visits/{visit}" in scheduler.page.links


async def test_another_shipped_stack_is_compared_rule_by_rule(office: Office) -> None:
    scheduler = await office.browser("office")
    await scheduler.go("/admin/policies")
    form = scheduler.form("/admin/policies")
    fields = {**dict(form.fields), "shipped": "hunan-2010"}
    fields.pop("file", None)
    sent = await scheduler.client.post(form.action, data=fields, files={"file": ("", b"")})
    await scheduler.go(sent.headers["location"])
    assert "新增" in scheduler.text
    assert "废除" in scheduler.text


@pytest.mark.parametrize("place", ["/admin/calendars", "/admin/policies"])
async def test_what_is_no_document_is_told_with_the_mend(office: Office, place: str) -> None:
    scheduler = await office.browser("office")
    await scheduler.go(place)
    answer = await scheduler.upload(place, "../../etc/passwd", b"a: [1, 2")
    assert answer.status_code == 422
    assert "这个文件读不了" in scheduler.text
    for name in ("长" * 300, "a\x00b.yaml", "..", ".yaml"):
        await scheduler.go(place)
        assert (await scheduler.upload(place, name, b"- 1")).status_code == 422
    assert (await scheduler.go(f"{place}/nothing")).status_code == 404


async def test_a_dead_letter_is_looked_at_mended_and_sent_again(office: Office) -> None:
    await office.service.submit([Raw("http.clerk-fire", b'{"half": ')])
    admin = await office.browser("admin")
    await admin.go("/admin/letters")
    link = next(link for link in admin.page.links if link.startswith("/admin/letters/"))
    await admin.go(link)
    assert '{"half":' in admin.text
    await admin.send(link, {"body": '{"half": 1}', "act": "check"})
    assert "还不是指令" in admin.text
    command = (
        '{"specversion":"1.0","id":"x","source":"http.clerk-fire",'
        '"type":"cn.wurao.capacity.set.v1","time":"2026-12-01T09:00:00+08:00",'
        '"actor":{"id":"clerk-fire","role":"clerk","of":"fire"},'
        '"datacontenttype":"application/json",'
        '"data":{"department":"fire","day":"2026-12-28",'
        '"units":5}}'
    )
    await admin.send(link, {"body": command, "act": "check"})
    assert "可以重新提交" in admin.text
    assert await office.service.queries.rows("capacity") == []
    for _ in range(2):
        await admin.go(link)
        await admin.send(link, {"body": command, "act": "send"})
        assert "已重新提交。" in admin.text
    assert len(await office.service.queries.rows("capacity")) == 1
    wrong = command.replace('"department":"fire"', '"department":"nobody"')
    await admin.send(link, {"body": wrong, "act": "send"})
    assert "规则不允许" in admin.text
    assert (await admin.go("/admin/letters/nothing")).status_code == 404


async def test_the_age_of_keys_is_shown(office: Office) -> None:
    sender = Sender.of("admin", ActorRole.ADMIN)
    asked = RotateKey(ring=Ring.CREDENTIALS, number=2, print="5e" * 8, reason="年度轮换")
    gone = RevokeKey(ring=Ring.CREDENTIALS, number=1, reason="服务器失窃")
    at = office.service.clock.now()
    told = [sender.message(each, id_=fresh_id(), at=at) for each in (asked, gone)]
    assert [effect.status for effect in await office.service.submit(told)] == ["accepted"] * 2
    office.clock.advance(timedelta(days=40))
    admin = await office.browser("admin")
    await admin.go("/admin")
    assert "2 号" in admin.text
    assert "40 天" in admin.text
    assert admin.text.count("建立系统时") == 2
