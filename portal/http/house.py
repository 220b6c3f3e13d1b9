"""What every route has at hand: the open service, who asks, and one way to hand a command in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Header, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from portal.http.identity import Authenticator, Principal
from portal.http.problems import ProblemError, refused
from portal.messages import Sender, content_id, fresh_id
from portal.running.service import Service
from portal.wording.refusals import objections_of
from scheduler.states import RejectionState
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole
from streams.ports import CommandKey, Effect

if TYPE_CHECKING:
    from portal.http.solving import Solving

_SLACK: Final = timedelta(minutes=2)  # how far a device's clock may be ahead of ours
_LONGEST_KEY: Final = 255
_LONGEST_ID: Final = 96


@dataclass(frozen=True, slots=True)
class House:
    """What the interface stands on."""

    service: Service
    authenticator: Authenticator
    solving: Solving


def house(request: Request) -> House:
    """Return what the interface stands on."""
    found = request.app.state.house
    if not isinstance(found, House):
        raise TypeError(type(found))
    return found


In = Annotated[House, Depends(house)]

_bearer = HTTPBearer(auto_error=False, description="令牌 / a token")


async def principal(
    stands: In, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """Return who asks.

    Raises:
        ProblemError: If nobody is known by the token.
    """
    actor = await stands.authenticator.actor(given.credentials) if given else None
    if actor is None:
        said = ("须先表明身份: 令牌缺少或无效", "nobody is known: the token is missing or unknown")
        raise ProblemError(401, "unauthenticated", said, headers={"www-authenticate": "Bearer"})
    return Principal(actor)


Who = Annotated[Principal, Depends(principal)]

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=_LONGEST_KEY,
        pattern=r"^[\x21-\x7e]+$",
        description="同一编号只生效一次 / the same key has its effect once, however often it is sent",
    ),
]
ID_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}$"
PathId = Annotated[str, Path(pattern=ID_PATTERN)]
PathMonth = Annotated[str, Path(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")]

REPLAYED: Final = "Idempotency-Replayed"


@dataclass(frozen=True, slots=True)
class Told:
    """A command's effect, and whether it is a repetition's."""

    effect: Effect
    replayed: bool

    @property
    def id(self) -> str:
        """The id in the name of the stream that it went to."""
        return self.effect.about.partition("/")[2]

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say so."""
        return {REPLAYED: "true"} if self.replayed else {}


async def ask(
    stands: House, who: Principal, command: Command, key: str | None, at: datetime | None = None
) -> Told:
    """Hand a command in; return its effect when it was accepted, now or when it came first.

    Raises:
        ProblemError: If it was refused, with every rule in the way.
    """
    service = stands.service
    sender = Sender(who.source, who.actor)
    id_ = command_id(key)
    when = happened(at, service.clock.now())
    known = await service.ledger.effects([CommandKey(who.source, id_)]) if key else {}
    effect = (await service.submit([sender.message(command, id_=id_, at=when)]))[0]
    if effect.status == "rejected":
        raise await _rejected(service, effect, key)
    if effect.status != "accepted":
        problem = refused(effect.about, objections_of(effect))
        problem.headers = {**(problem.headers or {}), **Told(effect, bool(known)).headers}
        raise problem
    return Told(effect, bool(known))


def command_id(key: str | None) -> str:
    """Return the command's id for an idempotency key; one that fits stays as it is."""
    if key is None:
        return fresh_id()
    plain = key.strip('"')
    fits = len(plain) <= _LONGEST_ID and plain.isascii() and plain[:1].isalnum()
    if fits and all(c.isalnum() or c in "._:@-" for c in plain):
        return plain
    return content_id(("http", key))


def happened(at: datetime | None, now: datetime) -> datetime:
    """Return when something happened that is told later.

    Raises:
        ProblemError: If it lies ahead of us.
    """
    if at is None:
        return now
    if at > now + _SLACK:
        said = ("发生时间在将来", "it happened in the future")
        raise ProblemError(422, "too-early", said)
    return at


async def _rejected(service: Service, effect: Effect, key: str | None) -> ProblemError:
    state = await service.queries.get(RejectionState, effect.about)
    reason = state.reason if state else "rejected"
    if reason == "reused-key":
        said = (
            f"Idempotency-Key {key} 已用于另一请求",
            f"Idempotency-Key {key} stands for another request",
        )
        return ProblemError(422, reason, said, about=effect.about)
    if reason == "internal-fault":
        said = ("程序出错, 原文已留存", "the program failed; the input is kept")
        return ProblemError(500, reason, said, about=effect.about)
    said = ("输入被拒收", "the input was rejected")
    return ProblemError(400, reason, said, about=effect.about)


PLANNER: Final = Principal(Actor(id="planner", role=ActorRole.PLANNER))
"""Who hands in what the planner found."""
