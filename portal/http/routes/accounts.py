"""Accounts: who asks, his own password, and the local users of a site."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from portal.http import accounts
from portal.http.changing import SEE
from portal.http.house import In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.http.routes.front import Front
from portal.permissions import Action, reach
from schemas.base import Frozen, Id
from schemas.envelope import Actor, ActorRole
from streams.people import Account

router = APIRouter(tags=["accounts 账号"], route_class=StrictRoute)

_ADMIN = documented(401, 403)

Password = Annotated[str, Field(min_length=1, max_length=accounts.LONGEST)]


class Me(Frozen):
    """Who asks, and whether he has a password here."""

    id: str
    role: ActorRole
    of: str | None
    local: bool


class PasswordBody(Frozen):
    """The password that is, and the one that shall be: twelve letters or more."""

    old: Password
    new: Password


class User(Frozen):
    """A local account. ``password`` is shown when the program made one, this once."""

    name: str
    role: ActorRole
    of: str | None
    open: bool
    password: str | None = None


class Users(Frozen):
    """All local accounts, in order of their names."""

    items: tuple[User, ...]


class UserBody(Frozen):
    """Who may log in. ``of`` is the department or enterprise of those who belong to one."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,89}$")]
    role: ActorRole
    of: Id | None = None


@router.get("/account", responses=documented(401))
async def me(front: Front, who: Who) -> Me:
    """我是谁 / who asks."""
    actor = who.actor
    local = await front.people.account(actor.id) is not None
    return Me(id=actor.id, role=actor.role, of=actor.of, local=local)


@router.post(
    "/account/password", status_code=204, responses=documented(400, 401, 403, 409, 413, 422, 429)
)
async def password(front: Front, who: Who, body: PasswordBody, request: Request) -> Response:
    """修改密码 / change one's own password; all sessions of the account end."""
    address = request.client.host if request.client else "-"
    await accounts.change_own(front, who.actor, body.old, body.new, address)
    return Response(status_code=204)


@router.get("/users", responses=_ADMIN)
async def users(front: Front, who: Who) -> Users:
    """本地用户 / the local accounts."""
    reach(who.actor, Action.USER_MANAGE)
    return Users(items=tuple(map(_user, await front.people.accounts())))


@router.post("/users", status_code=201, responses=documented(400, 401, 403, 413, 422))
async def keep(stands: In, front: Front, who: Who, body: UserBody) -> User:
    """登记用户 / add an account, or change who it is; its password is made here."""
    reach(who.actor, Action.USER_MANAGE)
    actor = Actor(id=body.name, role=body.role, of=body.of)
    made = await accounts.enrol(front, stands.service.queries, actor, who.actor)
    return _user(await accounts.found(front, body.name), made)


@router.post("/users/{name}/password", responses=SEE)
async def reset(front: Front, who: Who, name: PathId) -> User:
    """重设密码 / give an account a new password, made here; its sessions end."""
    reach(who.actor, Action.USER_MANAGE)
    made = await accounts.reset(front, name, who.actor)
    return _user(await accounts.found(front, name), made)


@router.post("/users/{name}/{act}", responses=SEE | documented(409))
async def turn(front: Front, who: Who, name: PathId, act: Literal["close", "open"]) -> User:
    """停用、启用 / close an account, which ends its sessions, or open it again."""
    reach(who.actor, Action.USER_MANAGE)
    return _user(await accounts.turn(front, name, act, who.actor))


def _user(account: Account, made: str | None = None) -> User:
    return User(
        name=account.name,
        role=ActorRole(account.role),
        of=account.of,
        open=account.open,
        password=made,
    )
