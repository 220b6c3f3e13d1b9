"""Accounts by pages and over the interface: one's own password, and the local users of a site."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from portal.http import accounts
from portal.http.problems import ProblemError
from portal.pages import logins
from portal.pages.reception import Reception
from tests.portal.http.clients import PEOPLE, Desk
from tests.portal.pages.offices import Office

OLD, NEW = "correct horse battery", "staple of another kind"


def front(desk: Desk) -> Reception:
    found = desk.app.state.reception
    assert isinstance(found, Reception)
    return found


async def test_somebody_changes_his_password_and_is_logged_out_elsewhere() -> None:
    office = await Office.open()
    await logins.enrol(office.reception, PEOPLE["clerk"], OLD)
    here, elsewhere = await office.browser("clerk"), await office.browser("clerk")
    await here.go("/requests")
    assert "/account" in here.page.links
    await here.go("/account")
    with capture_logs() as logs:
        await here.send("/account/password", {"old": OLD, "new": NEW, "again": NEW})
    assert here.url == "/account"
    assert "密码已修改" in here.text
    (line,) = [each for each in logs if each["event"] == "password changed"]
    assert (line["name"], line["by"], line["sessions_ended"]) == ("clerk-fire", "clerk-fire", 2)
    assert not {OLD, NEW} & {str(value) for each in logs for value in each.values()}
    await elsewhere.go("/requests")
    assert elsewhere.url == "/login"
    recognised = logins.recognised(office.reception, "clerk-fire", NEW, "-")
    assert await recognised == PEOPLE["clerk"]
    assert await logins.recognised(office.reception, "clerk-fire", OLD, "-") is None


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, 403, "原密码不对"),
        ({"old": OLD, "new": NEW, "again": NEW[:-1]}, 422, "两次输入"),
        ({"old": OLD, "new": "too short", "again": "too short"}, 422, "12"),
        ({"old": OLD, "new": "x" * 201, "again": "x" * 201}, 422, "200"),
        ({"old": OLD, "new": OLD, "again": OLD}, 422, "相同"),
        ({"old": OLD, "new": "I am Clerk-Fire", "again": "I am Clerk-Fire"}, 422, "用户名"),
    ],
)
async def test_a_password_that_is_none_changes_nothing(
    fields: dict[str, str], status: int, told: str
) -> None:
    office = await Office.open()
    await logins.enrol(office.reception, PEOPLE["clerk"], OLD)
    browser = await office.browser("clerk")
    await browser.go("/account")
    answer = await browser.send("/account/password", fields)
    assert (answer.status_code, told in browser.text) == (status, True)
    assert await logins.recognised(office.reception, "clerk-fire", OLD, "-") == PEOPLE["clerk"]
    await browser.go("/requests")
    assert browser.url == "/requests"


async def test_who_has_no_password_here_is_told_where_it_is() -> None:
    office = await Office.open()
    browser = await office.browser("clerk")
    await browser.go("/account")
    assert "请在您登录的地方修改" in browser.text
    assert [form.action for form in browser.page.forms] == ["/logout"]


async def test_a_password_is_changed_over_the_interface_with_the_old_one(desk: Desk) -> None:
    await logins.enrol(front(desk), PEOPLE["clerk"], OLD)
    me = (await desk.get("clerk", "account")).json()
    assert me == {"id": "clerk-fire", "role": "clerk", "of": "fire", "local": True}
    body = {"old": OLD, "new": NEW}
    assert (await desk.post("clerk", "account/password", body)).status_code == 204
    problem = (await desk.post("clerk", "account/password", body)).json()
    assert problem["code"] == "wrong-password"
    for _ in range(4):
        await desk.post("clerk", "account/password", body)
    late = await desk.post("clerk", "account/password", body)
    assert (late.status_code, late.headers["retry-after"]) == (429, "900")
    assert (await desk.post("head", "account/password", body)).json()["code"] == "no-local-account"
    assert (await desk.post(None, "account/password", body)).status_code == 401


async def test_users_are_administered_over_the_interface(desk: Desk) -> None:
    body = {"name": "li.fire", "role": "clerk", "of": "fire"}
    made = await desk.post("admin", "users", body)
    assert made.status_code == 201
    first = made.json()["password"]
    assert await logins.recognised(front(desk), "li.fire", first, "-") is not None
    second = (await desk.post("admin", "users/li.fire/password")).json()["password"]
    assert await logins.recognised(front(desk), "li.fire", first, "-") is None
    closed = (await desk.post("admin", "users/li.fire/close")).json()
    assert closed == {**body, "open": False, "password": None}
    assert await logins.recognised(front(desk), "li.fire", second, "-") is None
    assert (await desk.post("admin", "users/li.fire/open")).json()["open"] is True
    assert (await desk.get("admin", "users")).json()["items"] == [
        {**body, "open": True, "password": None}
    ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("users", {"name": "a", "role": "clerk", "of": "nobody"}, 422),
        ("users", {"name": "a", "role": "clerk"}, 422),
        ("users", {"name": "a", "role": "timer"}, 422),
        ("users", {"name": "a b", "role": "auditor"}, 422),
        ("users/nobody/password", {}, 404),
        ("users/nobody/close", {}, 404),
        ("users/nobody/other", {}, 422),
    ],
)
async def test_users_that_cannot_be_are_refused(
    desk: Desk, path: str, body: dict[str, Any], status: int
) -> None:
    assert (await desk.post("admin", path, body)).status_code == status
    assert (await desk.post("office", path, body)).status_code in {403, 422}
    assert await front(desk).people.accounts() == []


async def test_nobody_closes_his_own_account(desk: Desk) -> None:
    await logins.enrol(front(desk), PEOPLE["admin"], OLD)
    problem = await desk.post("admin", "users/admin/close")
    assert (problem.status_code, problem.json()["code"]) == (409, "own-account")


async def test_a_password_that_pages_would_trim_is_refused_everywhere(desk: Desk) -> None:
    """Forms cut blanks off, so a password with blanks around it could never be typed again."""
    await logins.enrol(front(desk), PEOPLE["clerk"], OLD)
    with pytest.raises(ProblemError) as refused:
        await accounts.change_own(front(desk), PEOPLE["clerk"], OLD, f"{NEW} ", "-")
    assert refused.value.code == "unfit-password"
