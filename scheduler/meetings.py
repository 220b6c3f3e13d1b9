"""The states of meetings and of the regular question, and the fold of their events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from scheduler.moment import Moment, with_
from schemas.base import Frozen
from schemas.events import Event
from schemas.events import meetings as e
from schemas.meetings import Chain, Meeting, Package, Project, PulseAnswer


class MeetingState(Frozen):
    """A meeting, and whether it was held or called off."""

    meeting: Meeting
    held: date | None = None
    came: tuple[str, ...] = ()
    note: str | None = None
    called_off: str | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to come."""
        return self.held is None and self.called_off is None


class PulseState(Frozen):
    """A monitoring point's answers; ``month`` is the newest for which it is asked."""

    enterprise: str
    month: str
    question: str
    answers: tuple[PulseAnswer, ...] = ()
    missed: tuple[str, ...] = ()
    ended: bool = False


def _set(old: MeetingState | None, event: e.MeetingSet, _: str, __: Moment) -> object:
    return MeetingState(meeting=event.meeting) if old is None else with_(old, meeting=event.meeting)


def _meeting(old: MeetingState, event: Event, _: str, moment: Moment) -> object:
    match event:
        case e.MeetingHeld():
            return with_(old, held=moment.day, came=event.came, note=event.note)
        case e.MeetingCalledOff():
            return with_(old, called_off=event.reason)
        case _:
            raise TypeError(type(event))


def _asked(old: PulseState | None, event: e.PulseAsked, _: str, __: Moment) -> object:
    asked = {"month": event.month, "question": event.question, "ended": False}
    return (
        with_(old, **asked)
        if old is not None
        else PulseState(enterprise=event.enterprise, month=event.month, question=event.question)
    )


def _pulse(old: PulseState, event: Event, _: str, __: Moment) -> object:
    match event:
        case e.PulseAnswered():
            return with_(old, answers=(*old.answers, event.answer), month=event.month)
        case e.PulseMissed():
            return with_(old, missed=(*old.missed, event.missed), month=event.month)
        case e.PulseEnded():
            return with_(old, ended=True)
        case _:
            raise TypeError(type(event))


MeetingStates = Chain | Project | MeetingState | Package | PulseState

KINDS: Final[dict[str, type[Frozen]]] = {
    "chain": Chain,
    "project": Project,
    "meeting": MeetingState,
    "package": Package,
    "pulse": PulseState,
}
"""The kinds of these states."""

OWN: Final[dict[type, Callable[..., object]]] = {
    e.ChainSet: lambda _, event, __, ___: event.chain,
    e.ProjectSet: lambda _, event, __, ___: event.project,
    e.PackagePublished: lambda _, event, __, ___: event.package,
    e.MeetingSet: _set,
    e.MeetingHeld: _meeting,
    e.MeetingCalledOff: _meeting,
    e.PulseAsked: _asked,
    e.PulseAnswered: _pulse,
    e.PulseMissed: _pulse,
    e.PulseEnded: _pulse,
}
"""What each event does to the cell of its own stream."""
