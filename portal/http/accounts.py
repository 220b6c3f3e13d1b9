"""Local accounts: who may have one, and how a password changes. Pages, interface and commands ask here."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from typing import Final, Literal

import structlog

from portal.http.claims import DEPARTMENTAL, OF_ALL
from portal.http.problems import ProblemError, not_found
from portal.pages import logins
from portal.pages.reception import Reception
from scheduler import keys
from schemas.envelope import Actor, ActorRole
from schemas.registry import Department, Enterprise
from streams.people import Account
from streams.queries import Queries

SHORTEST: Final = 12
"""Letters of a password that a person chooses."""

LONGEST: Final = 200
"""Letters of a password: hashing more is work for nothing."""

_MADE_OF: Final = 12  # random bytes of a password that the program makes
_log = structlog.get_logger("wurao.pages")


async def change_own(reception: Reception, actor: Actor, old: str, new: str, address: str) -> None:
    """Give somebody's own account a new password; all of its sessions end.

    What is on record is who did it, never a password.

    Raises:
        ProblemError: If the actor has no local account, the old password does not fit, the new one
            is none, or somebody tried too often.
    """
    account = await reception.people.account(actor.id)
    if account is None:
        said = (
            "您的登录不用本系统的密码，请到您的身份平台修改",
            "you log in without a password of ours; change it where you log in",
        )
        raise ProblemError(409, "no-local-account", said)
    if await logins.recognised(reception, account.name, old, address) is None:
        raise ProblemError(403, "wrong-password", ("原密码不对", "the old password is wrong"))
    _chosen(account.name, old, new)
    hash_ = await asyncio.to_thread(reception.hasher.hash, new)
    await reception.people.keep(replace(account, hash=hash_))
    ended = await reception.people.end_all(account.name)
    _log.info("password changed", name=account.name, by=actor.id, sessions_ended=ended)


def _chosen(name: str, old: str, new: str) -> None:
    """Refuse what is no password. No rule asks for kinds of letters: length is what protects."""
    if not SHORTEST <= len(new) <= LONGEST:
        said = (
            f"新密码须有 {SHORTEST} 到 {LONGEST} 位",
            f"a password has {SHORTEST} to {LONGEST} letters",
        )
    elif new != new.strip():
        said = ("密码首尾不能有空格", "a password must not begin or end with a space")
    elif new == old:
        said = ("新密码与原密码相同", "the new password is the old one")
    elif name.casefold() in new.casefold():
        said = ("新密码不能含有用户名", "a password must not hold the user's name")
    else:
        return
    raise ProblemError(422, "unfit-password", said)


async def enrol(reception: Reception, queries: Queries, actor: Actor, by: Actor) -> str:
    """Add an account for an actor, or change who it is; return the password that was made for it.

    Raises:
        ProblemError: If the role is none of people's, or belongs to nobody, or to somebody unknown.
    """
    await _belongs(queries, actor.role, actor.of)
    password = secrets.token_urlsafe(_MADE_OF)
    await logins.enrol(reception, actor, password)
    _log.info("account kept", name=actor.id, role=actor.role.value, by=by.id)
    return password


async def reset(reception: Reception, name: str, by: Actor) -> str:
    """Give an account a new password and return it; its sessions end.

    Raises:
        ProblemError: If there is no such account.
    """
    account = await found(reception, name)
    password = secrets.token_urlsafe(_MADE_OF)
    actor = Actor(id=account.name, role=ActorRole(account.role), of=account.of)
    await logins.enrol(reception, actor, password)
    _log.info("password reset", name=name, by=by.id)
    return password


async def turn(
    reception: Reception, name: str, act: Literal["close", "open"], by: Actor
) -> Account:
    """Close an account, which ends its sessions, or open it again.

    Raises:
        ProblemError: If there is no such account, or somebody closes his own.
    """
    account = await found(reception, name)
    if act == "close" and name == by.id:
        raise ProblemError(409, "own-account", ("不能停用自己", "nobody closes his own account"))
    turned = replace(account, open=act == "open")
    await reception.people.keep(turned)
    if act == "close":
        await reception.people.end_all(name)
    _log.info("account changed", name=name, act=act, by=by.id)
    return turned


async def found(reception: Reception, name: str) -> Account:
    """Return an account.

    Raises:
        ProblemError: If there is none of this name.
    """
    account = await reception.people.account(name)
    if account is None:
        raise not_found(name)
    return account


async def _belongs(queries: Queries, role: ActorRole, of: str | None) -> None:
    known = (
        (role in OF_ALL and of is None)
        or (role in DEPARTMENTAL and await registered(queries, Department, of))
        or (role is ActorRole.ENTERPRISE and await registered(queries, Enterprise, of))
    )
    if not known:
        said = (
            "部门人员须写明部门编号，企业须写明信用代码，其他身份不写",
            "give the department of its people, the code of an enterprise, nothing for others",
        )
        raise ProblemError(422, "bad-input", said)


async def registered(
    queries: Queries, kind: type[Department | Enterprise], id_: str | None
) -> bool:
    """Whether a department or an enterprise is in the register."""
    if id_ is None:
        return False
    key = keys.department(id_) if kind is Department else keys.enterprise(id_)
    return await queries.get(kind, key) is not None
