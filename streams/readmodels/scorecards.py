"""Rows of scorecards and bulletins."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.scorecards.states import BulletinState, ScorecardState
from streams.readmodels.pieces import Rows, one


def scorecard(_: str, state: ScorecardState) -> Iterable[Rows]:
    """Return the row of a scorecard: its newest version."""
    card = state.newest
    yield one(
        "scorecard",
        {
            "department": state.department,
            "period": state.period,
            "version": card.version,
            "status": card.status.value,
            "points": card.points,
            "possible": card.possible,
            "vetoed": bool(card.vetoes),
        },
    )


def bulletin(_: str, state: BulletinState) -> Iterable[Rows]:
    """Return the row of a period's bulletin."""
    newest = state.newest
    row = {"period": state.period, "version": newest.version, "departments": len(newest.cards)}
    yield one("bulletin", row)
