"""Records from an intake topic, as messages for the handler."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Protocol

from schemas.intake_topics import INTAKE
from streams.intake import Raw
from streams.kafka import naming

NOW: Final = "wurao-now"
"""Header with the instant at which a demonstration stands. Only a worker that was told to follow a
simulated clock looks at it; for all others it is not there."""

_CARRIES: Final = {topic.name: frozenset(topic.carries) for topic in INTAKE}

Headers = Iterable[tuple[str, bytes]]


class MovableClock(Protocol):
    """A clock that a demonstration moves."""

    def now(self) -> datetime:
        """Return the present instant."""

    def set(self, instant: datetime) -> None:
        """Move forward to an instant."""


def message(topic: str, value: bytes | None, domain: str) -> Raw:
    """Return a record as a message; source and kind are the topic's, not what the record says."""
    kind, source = naming.intake_of(topic, domain)
    # A record without a value is no command; empty bytes are rejected as such, with their trace.
    return Raw(source, value or b"", types=_CARRIES[kind.name])


def instant(headers: Headers | None) -> datetime | None:
    """Return the instant that a record's headers name, if any is there and readable."""
    for name, value in headers or ():
        if name == NOW:
            try:
                found = datetime.fromisoformat(value.decode())
            except ValueError:
                return None
            return found if found.tzinfo else None
    return None


def advance(clock: MovableClock | None, instants: Sequence[datetime | None]) -> None:
    """Move a simulated clock to the latest of these; it never goes back."""
    known = [each for each in instants if each is not None]
    if clock is not None and known and max(known) > clock.now():
        clock.set(max(known))
