"""Logging in: passwords by argon2, sessions kept as hashes, demo logins in a demonstration only."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from datetime import timedelta
from functools import cache
from typing import Final

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.http.problems import ProblemError
from portal.pages.reception import SPAN, Reception
from schemas.envelope import Actor, ActorRole
from streams.people import Account, Session

OLDEST: Final = timedelta(hours=12)
"""How long a session lasts at most: a working day."""

IDLE: Final = timedelta(hours=2)
"""How long a session lasts that nobody uses."""

_TOUCH: Final = timedelta(minutes=1)  # a session's last use is noted no more often than this
_PAD: Final = 16
_log = structlog.get_logger("wurao.pages")


@cache
def _nobody(hasher: PasswordHasher) -> str:
    # A name that is unknown takes as long as a wrong password does.
    return hasher.hash(secrets.token_hex(16))


MINUTES: Final = SPAN // timedelta(minutes=1)
"""After so many minutes somebody who tried too often may try again."""


class TooOftenError(ProblemError):
    """Somebody tried too often, and is told when to come again."""

    def __init__(self) -> None:
        said = (
            f"尝试次数过多，请 {MINUTES} 分钟后再试",
            f"too many tries; come again in {MINUTES} minutes",
        )
        super().__init__(429, "too-often", said, headers={"retry-after": str(MINUTES * 60)})


async def recognised(reception: Reception, name: str, password: str, address: str) -> Actor | None:
    """Return who logs in with a name and a password, ``None`` where they do not fit.

    Raises:
        TooOftenError: If this name or this address tried too often of late.
    """
    now = reception.clock.now()
    if reception.logins.full(name, now) or reception.addresses.full(address, now):
        _log.warning("login refused", name=name, why="too often")
        raise TooOftenError
    account = await reception.people.account(name)
    known = account is not None and account.open
    fits = await asyncio.to_thread(_fits, reception.hasher, account, password)
    if account is None or not known or not fits:
        reception.logins.count(name, now)
        reception.addresses.count(address, now)
        _log.warning("login refused", name=name, why="no match")
        return None
    reception.logins.forget(name)
    return Actor(id=account.name, role=ActorRole(account.role), of=account.of)


def local_users(reception: Reception) -> bool:
    """Whether local users may log in: always, unless the provider's settings say otherwise."""
    return reception.provider is None or reception.provider.settings.local


async def from_elsewhere(reception: Reception, actor: Actor | None) -> bool:
    """Whether somebody logged in at the provider: nobody there has a local user's name."""
    return actor is not None and await reception.people.account(actor.id) is None


def _fits(hasher: PasswordHasher, account: Account | None, password: str) -> bool:
    try:
        return hasher.verify(account.hash if account else _nobody(hasher), password)
    except (Argon2Error, InvalidHashError):
        return False


async def enrol(reception: Reception, actor: Actor, password: str) -> None:
    """Add a local account, or give one a new password; its sessions end."""
    hash_ = await asyncio.to_thread(reception.hasher.hash, password)
    await reception.people.keep(Account(actor.id, hash_, actor.role.value, actor.of))
    await reception.people.end_all(actor.id)


async def begin(reception: Reception, actor: Actor, *, demo: bool = False) -> str:
    """Begin a session and return what its cookie holds; only its hash is kept."""
    token, now = secrets.token_urlsafe(32), reception.clock.now()
    await reception.people.purge(now - OLDEST, now - IDLE)
    await reception.people.begin(
        Session(digest(token), actor.id, actor.role.value, actor.of, demo, now, now)
    )
    _log.info("login", actor=actor.id, demo=demo)
    return token


async def resumed(reception: Reception, token: str) -> Actor | None:
    """Return whose session a cookie names, ``None`` when it is over.

    A demo login counts in a demonstration only: elsewhere its session is that of nobody.
    """
    session = await reception.people.session(digest(token))
    now = reception.clock.now()
    if session is None or now - session.since > OLDEST or now - session.seen > IDLE:
        return None
    if session.demo and reception.demo is None:
        return None
    if now - session.seen > _TOUCH:
        await reception.people.touch(session.digest, now)
    return Actor(id=session.actor, role=ActorRole(session.role), of=session.of)


def digest(token: str) -> str:
    """Return what is kept of a cookie: its hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(cookie: str) -> str:
    """Return what a form of this browser must bring back.

    It is masked anew for every page, so that a compressed answer tells nothing of it.
    """
    pad = secrets.token_bytes(_PAD)
    return (pad + _xor(_proof(cookie), pad)).hex()


def form_fits(cookie: str, given: str) -> bool:
    """Whether a form was made for this browser."""
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        return False
    return len(raw) == 2 * _PAD and hmac.compare_digest(
        _xor(raw[_PAD:], raw[:_PAD]), _proof(cookie)
    )


def _proof(cookie: str) -> bytes:
    return hmac.digest(cookie.encode(), b"wurao form", "sha256")[:_PAD]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
