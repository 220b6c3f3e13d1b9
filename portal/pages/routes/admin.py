"""管理: what there is to administer, and the local accounts."""

from __future__ import annotations

import re
import secrets
from typing import Final

import structlog
from fastapi import APIRouter, Response

from portal.http.authorize import TABLE, Action, reach
from portal.http.house import ID_PATTERN
from portal.http.problems import ProblemError, not_found
from portal.pages import logins
from portal.pages.language import marked
from portal.pages.names import names
from portal.pages.visitor import ROLES, Known, Visitor
from scheduler import keys
from schemas.envelope import Actor, ActorRole
from schemas.registry import Department, Enterprise
from streams.people import Account

router = APIRouter()

PLACES: Final = (
    (Action.USER_MANAGE, "/admin/users", marked("用户与角色"), marked("谁能登录，以何身份")),
    (Action.CAPACITY_STATE, "/capacity", marked("部门与力量"), marked("各部门每天能去几家")),
    (
        Action.RULES_ADOPT,
        "/admin/calendars",
        marked("工作日历"),
        marked("放假、调休，逐项对比后启用"),
    ),
    (
        Action.RULES_ADOPT,
        "/admin/policies",
        marked("政策规则"),
        marked("在用的规则、历次版本和差别"),
    ),
    (
        Action.LETTER_MANAGE,
        "/admin/letters",
        marked("死信"),
        marked("读不懂的输入：查看、改正、重发"),
    ),
)
"""What there is to administer: who may, where, what it is."""

_log = structlog.get_logger("wurao.pages")


@router.get("/admin")
async def home(visitor: Known) -> Response:
    """管理 / what this visitor administers."""
    reach(visitor.me, Action.RULES_ADOPT)
    found = [place for place in PLACES if visitor.me.role in TABLE[place[0]]]
    return visitor.page("admin.html.j2", places=found)


@router.get("/admin/users")
async def users(visitor: Known) -> Response:
    """用户与角色 / who may log in, and in which role."""
    reach(visitor.me, Action.USER_MANAGE)
    return await _page(visitor)


@router.post("/admin/users")
async def keep(visitor: Known) -> Response:
    """登记用户 / add a user, or change one; a password is made here and shown once."""
    reach(visitor.me, Action.USER_MANAGE)
    form = await visitor.form()
    role = form.choice(ActorRole, "role")
    name, of = form.one("name"), form.some("of")
    if role not in ROLES or not re.fullmatch(ID_PATTERN, name):
        said = ("请填写用户名和身份", "give a name and a role")
        raise ProblemError(422, "bad-input", said)
    await _belongs(visitor, role, of)
    password = secrets.token_urlsafe(12)
    await logins.enrol(visitor.reception, Actor(id=name, role=role, of=of), password)
    _log.info("account kept", name=name, role=role.value, by=visitor.me.id)
    return await _page(visitor, (name, password))


@router.post("/admin/users/{name}")
async def change(visitor: Known, name: str) -> Response:
    """停用、启用、重设密码 / close or open an account, or give it a new password."""
    reach(visitor.me, Action.USER_MANAGE)
    form = await visitor.form()
    people = visitor.reception.people
    account = await people.account(name)
    if account is None:
        raise not_found(name)
    act = form.one("act")
    if act == "password":
        password = secrets.token_urlsafe(12)
        actor = Actor(id=account.name, role=ActorRole(account.role), of=account.of)
        await logins.enrol(visitor.reception, actor, password)
        _log.info("password reset", name=name, by=visitor.me.id)
        return await _page(visitor, (name, password))
    if act not in {"close", "open"}:
        raise not_found(act)
    if act == "close" and name == visitor.me.id:
        raise ProblemError(409, "own-account", ("不能停用自己", "nobody closes his own account"))
    await people.keep(Account(account.name, account.hash, account.role, account.of, act == "open"))
    if act == "close":
        await people.end_all(name)
    _log.info("account changed", name=name, act=act, by=visitor.me.id)
    return visitor.go("/admin/users", "user-changed")


async def _belongs(visitor: Visitor, role: ActorRole, of: str | None) -> None:
    """Refuse a role that belongs to nobody, or to somebody unknown.

    Raises:
        ProblemError: With what has to be given.
    """
    if role is ActorRole.ENTERPRISE:
        record = await visitor.queries.get(Enterprise, keys.enterprise(of)) if of else None
    elif role in {ActorRole.CLERK, ActorRole.HEAD, ActorRole.LEGAL, ActorRole.OFFICER}:
        record = await visitor.queries.get(Department, keys.department(of)) if of else None
    else:
        record = True if of is None else None
    if record is None:
        said = (
            "部门人员须写明部门编号，企业须写明信用代码，其他身份不写",
            "give the department of its people, the code of an enterprise, nothing for others",
        )
        raise ProblemError(422, "bad-input", said)


async def _page(visitor: Visitor, shown: tuple[str, str] | None = None) -> Response:
    accounts = await visitor.reception.people.accounts()
    firms = [a.of for a in accounts if a.role == ActorRole.ENTERPRISE.value and a.of]
    known = await names(visitor.queries, firms)
    departments = await visitor.queries.rows("department")
    return visitor.page(
        "users.html.j2",
        accounts=accounts,
        roles=ROLES,
        as_role=ActorRole,
        names=known,
        departments=departments,
        shown=shown,
    )
