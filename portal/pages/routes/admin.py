"""管理: what there is to administer, and the local accounts."""

from __future__ import annotations

import re
from typing import Final

from fastapi import APIRouter, Response

from portal.http import accounts
from portal.http.house import ID_PATTERN
from portal.http.problems import ProblemError, not_found
from portal.pages.language import marked
from portal.pages.matters import may
from portal.pages.names import names
from portal.pages.roles import ROLES
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, reach
from portal.running.keyrings import recorded
from schemas.envelope import Actor, ActorRole
from schemas.keyrings import Ring

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
        Action.PRIVACY_READ,
        "/privacy",
        marked("个人信息"),
        marked("留存、提出删除和办理删除"),
    ),
    (
        Action.LETTER_MANAGE,
        "/admin/letters",
        marked("死信"),
        marked("读不懂的输入：查看、改正、重发"),
    ),
)
"""What there is to administer: who may, where, what it is."""


RINGS: Final = {
    Ring.CREDENTIALS: marked("入企码、企业码、评价码"),
    Ring.VAULT: marked("个人信息"),
    Ring.SEALING: marked("存证"),
}
"""What the keys of each ring are for."""


@router.get("/admin")
async def home(visitor: Known) -> Response:
    """管理 / what this visitor administers."""
    reach(visitor.me, Action.RULES_ADOPT)
    found = [place for place in PLACES if may(visitor, place[0])]
    rings = [(title, await recorded(visitor.queries, ring)) for ring, title in RINGS.items()]
    now = visitor.house.service.clock.now()
    ages = {state.ring: (now - state.made[-1].at).days for _, state in rings if state.made}
    return visitor.page("admin.html.j2", places=found, rings=rings, ages=ages)


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
    if role is None or role not in ROLES or not re.fullmatch(ID_PATTERN, name):
        said = ("请填写用户名和身份", "give a name and a role")
        raise ProblemError(422, "bad-input", said)
    actor = Actor(id=name, role=role, of=of)
    password = await accounts.enrol(visitor.reception, visitor.queries, actor, visitor.me)
    return await _page(visitor, (name, password))


@router.post("/admin/users/{name}")
async def change(visitor: Known, name: str) -> Response:
    """停用、启用、重设密码 / close or open an account, or give it a new password."""
    reach(visitor.me, Action.USER_MANAGE)
    form = await visitor.form()
    match form.one("act"):
        case "password":
            password = await accounts.reset(visitor.reception, name, visitor.me)
            return await _page(visitor, (name, password))
        case "close" | "open" as act:
            await accounts.turn(visitor.reception, name, act, visitor.me)
            return visitor.go("/admin/users", "user-changed")
        case act:
            raise not_found(act)


async def _page(visitor: Visitor, shown: tuple[str, str] | None = None) -> Response:
    found = await visitor.reception.people.accounts()
    firms = [a.of for a in found if a.role == ActorRole.ENTERPRISE.value and a.of]
    known = await names(visitor.queries, firms)
    departments = await visitor.queries.rows("department")
    return visitor.page(
        "users.html.j2",
        accounts=found,
        roles=ROLES,
        as_role=ActorRole,
        names=known,
        departments=departments,
        shown=shown,
    )
