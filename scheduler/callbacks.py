"""差评回访: the state of a callback and its fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler.moment import Moment, with_
from schemas.alerts import Finding
from schemas.base import Frozen, Instant, Sealed
from schemas.events import Event
from schemas.events import callbacks as e

TRIES: Final = 3
"""Calls after which an enterprise counts as not to be reached. Origin: project default."""


class CallbackState(Frozen):
    """A callback after a bad rating. ``calls`` are the times at which somebody called."""

    id: str
    visit: str
    calls: tuple[Instant, ...] = ()
    reached: bool = False
    consent: bool = False
    notes: tuple[Sealed, ...] = ()
    department: str | None = None
    to: str | None = None
    passed_on: str | None = None
    answer: str | None = None
    finding: Finding | None = None
    reason: str | None = None

    @property
    def settled(self) -> bool:
        """Whether it may be closed as far as calling goes: reached, or tried often enough."""
        return self.reached or len(self.calls) >= TRIES


def _recorded(
    old: CallbackState | None, event: e.CallbackRecorded, stream: str, moment: Moment
) -> object:
    state = old or CallbackState(id=stream.partition("/")[2], visit=event.visit)
    return with_(
        state,
        calls=(*state.calls, moment.occurred),
        reached=state.reached or event.reached,
        consent=event.consent,
        notes=(*state.notes, event.note) if event.note else state.notes,
    )


def _callback(old: CallbackState, event: Event, _: str, __: Moment) -> object:
    match event:
        case e.CallbackForwarded():
            passed = event.passed_on
            return with_(old, department=event.department, to=event.to, passed_on=passed)
        case e.CallbackAnswered():
            return with_(old, answer=event.text)
        case e.CallbackClosed():
            return with_(old, finding=event.finding, reason=event.reason)
        case _:
            raise TypeError(type(event))


OWN: Final[dict[type, Callable[..., object]]] = {
    e.CallbackRecorded: _recorded,
    e.CallbackForwarded: _callback,
    e.CallbackAnswered: _callback,
    e.CallbackClosed: _callback,
}
"""What each event does to the cell of its own stream."""
