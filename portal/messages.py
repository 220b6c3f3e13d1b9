"""Commands become messages here: an envelope around each, as canonical bytes.

Whoever asks from inside (the command line, an import, the demo, a page) uses the same bytes and the
same door as a neighbour system on Kafka; no command takes a short cut.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.commands import Command, DraftPlan
from schemas.envelope import Actor, ActorRole, CommandMessage
from schemas.wire import MAX_MESSAGE, MAX_PLAN, canonical, command_data
from streams.intake import Raw

CONSOLE = "console"
"""The source of what is typed at the command line; the machine's own login authenticates it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, and through which authenticated source."""

    source: str
    actor: Actor

    @classmethod
    def of(
        cls, id_: str, role: ActorRole, of: str | None = None, *, source: str = CONSOLE
    ) -> Sender:
        """Return the sender with this id, role, and department or enterprise."""
        return cls(source, Actor(id=id_, role=role, of=of))

    def message(
        self, command: Command, *, id_: str, at: datetime, correlation: str | None = None
    ) -> Raw:
        """Return a command of this sender as a message; ``at`` is when it was asked."""
        return message(
            command,
            id_=id_,
            source=self.source,
            actor=self.actor,
            at=at,
            correlation=correlation,
        )


def message(
    command: Command,
    *,
    id_: str,
    source: str,
    actor: Actor,
    at: datetime,
    correlation: str | None = None,
) -> Raw:
    """Return a command as a message: ``(source, id_)`` is its key, so it has its effect once."""
    envelope = CommandMessage(
        id=id_,
        source=source,
        type=command.type,
        time=at,
        actor=actor,
        correlationid=correlation,
        data=command_data(command),
    )
    body = canonical(envelope.model_dump(mode="json", exclude_none=True))
    return Raw(source, body, MAX_PLAN if isinstance(command, DraftPlan) else MAX_MESSAGE)


def fresh_id() -> str:
    """Return an id for something that is asked once and by nobody else: 128 random bits."""
    return f"c-{secrets.token_hex(16)}"


def content_id(parts: Iterable[object], *, occurrence: int = 1) -> str:
    """Return the id of what is told apart by its content alone.

    The same content for the ``occurrence``-th time in its source and period is the same command, so a
    file that is handed in again changes nothing.
    """
    text = "\x1f".join(map(str, parts))
    return f"h-{hashlib.sha256(text.encode()).hexdigest()[:40]}-{occurrence}"
