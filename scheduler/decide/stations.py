"""The stations of a visit: filing, approval, code, scan, rating. Nothing closes without them all."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide.presences import FORGET, RELEASE, Step
from scheduler.states import VisitState, VisitStatus
from schemas.events import Event, VisitClosed
from schemas.visits import NoEntry

_ENTERED = frozenset({VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED})


def missing(visit: VisitState) -> tuple[str, ...]:
    """Return the stations that an entered visit still lacks, each an open item with an owner."""
    lacks = {
        "filing": visit.filing is None,
        "approval": visit.approval_to_follow,
        "code": visit.code is None,
        "scan": visit.scan is None or visit.status is VisitStatus.ENTERED,
        "rating": visit.rated is None,
    }
    return tuple(station for station, open_ in lacks.items() if open_)


def closing(visit: VisitState) -> tuple[tuple[str, Event], ...]:
    """Return the closing event when the last station of an entered visit is on record."""
    if visit.status is not VisitStatus.LEFT or missing(visit) or visit.rated is None:
        return ()
    return ((keys.visit(visit.id), VisitClosed(rating=visit.rated)),)


def held_as(visit: VisitState) -> Step | None:
    """Return the step that takes a visit's units off its caps; none when it holds nothing."""
    disturbed = visit.no_entry is NoEntry.CANCELLED_ON_SITE
    if visit.status in _ENTERED or disturbed:
        return FORGET
    return RELEASE if visit.status is VisitStatus.PUBLISHED else None
