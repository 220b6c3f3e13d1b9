"""The envelope: CloudEvents 1.0 around every command and every entry of the ledger."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from schemas.base import Frozen, Id, Instant


class ActorRole(StrEnum):
    """In which role somebody acts. An auditor reads everything and asks for nothing.

    五位一体: people's congress 人大, consultative conference 政协, discipline 纪委, media and the officers
    on the spot 两官一员 each read what their scope says; the hotline 12345 brings in and calls back.
    """

    CLERK = "clerk"
    HEAD = "head"
    LEGAL = "legal"
    LEADER = "leader"
    SCHEDULER = "scheduler"
    OFFICER = "officer"
    ENTERPRISE = "enterprise"
    PLANNER = "planner"
    TIMER = "timer"
    ADMIN = "admin"
    AUDITOR = "auditor"
    CONGRESS = "congress"
    CONSULTATIVE = "consultative"
    DISCIPLINE = "discipline"
    MEDIA = "media"
    OBSERVER = "observer"
    HOTLINE = "hotline"


class Actor(Frozen):
    """Who asks. ``of`` is the department or the enterprise that the actor belongs to."""

    id: Id
    role: ActorRole
    of: str | None = None


class CommandMessage(Frozen):
    """A command on the wire. ``(source, id)`` is its key: it has its effect once.

    ``source`` is what the transport authenticated, never what the sender claims.
    """

    specversion: Literal["1.0"] = "1.0"
    id: Id
    source: Id
    type: str
    time: Instant
    actor: Actor
    correlationid: Id | None = None
    causationid: str | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]


class Entry(Frozen):
    """An entry of the ledger as it is stored, hashed, published and replayed.

    ``time`` is when it happened, ``recordedtime`` when it was recorded; ``position`` is its place
    in the ledger, ``sequence`` its place in its stream (``subject``). ``commandhash`` is a keyed
    hash of the command's payload: the same command key with another payload is refused.
    """

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: Instant
    recordedtime: Instant
    position: int = Field(ge=1)
    sequence: int = Field(ge=1)
    causationid: str
    commandhash: str
    correlationid: str
    actor: Actor
    data: dict[str, Any]
