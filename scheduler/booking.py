"""双预约: the fold of closed days and preferred times, which stay with the enterprise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler.moment import Moment, with_
from schemas.events import booking as e
from schemas.registry import Enterprise, Treatment


def _closed(old: Enterprise, event: e.EnterpriseDaysClosed, _: str, __: Moment) -> object:
    known = old.treatment or Treatment()
    closed = tuple(sorted({*known.closed, *event.days}))
    return with_(old, treatment=with_(known, closed=closed))


def _opened(old: Enterprise, event: e.EnterpriseDaysOpened, _: str, __: Moment) -> object:
    known = old.treatment or Treatment()
    closed = tuple(day for day in known.closed if day not in event.days)
    return with_(old, treatment=with_(known, closed=closed))


def _preferred(old: Enterprise, event: e.EnterpriseSlotsPreferred, _: str, __: Moment) -> object:
    known = old.treatment or Treatment()
    return with_(old, treatment=with_(known, slots=event.slots))


OWN: Final[dict[type, Callable[..., object]]] = {
    e.EnterpriseDaysClosed: _closed,
    e.EnterpriseDaysOpened: _opened,
    e.EnterpriseSlotsPreferred: _preferred,
}
"""What each event does to the cell of its own stream."""
