"""The fold of annual plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler.annual.states import AnnualState, Filed
from scheduler.moment import Moment, with_
from schemas.events.annual import AnnualDecided, AnnualFiled, AnnualPublished
from schemas.visits import Decision


def _filed(old: AnnualState | None, event: AnnualFiled, _: str, moment: Moment) -> object:
    filed = Filed(
        version=event.version,
        lines=event.lines,
        by=event.by,
        at=moment.recorded,
        reason=event.reason,
    )
    if old is None:
        return AnnualState(
            department=event.department, year=event.year, filed=filed, late=event.late
        )
    return with_(old, filed=filed, refused=None)


def _decided(old: AnnualState, event: AnnualDecided, _: str, moment: Moment) -> object:
    if event.decision is Decision.REFUSED:
        return with_(old, refused=event.reason or "-")
    return with_(old, approved=old.filed, approved_by=event.by, approved_at=moment.recorded)


def _published(old: AnnualState, event: AnnualPublished, _: str, __: Moment) -> object:
    return with_(old, published=event.version)


OWN: Final[dict[type, Callable[..., object]]] = {
    AnnualFiled: _filed,
    AnnualDecided: _decided,
    AnnualPublished: _published,
}
"""What each event does to the cell of its own stream."""
