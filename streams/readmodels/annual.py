"""Rows of annual plans."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.annual.states import AnnualState
from streams.readmodels.pieces import Rows, one


def annual(_: str, a: AnnualState) -> Iterable[Rows]:
    """Return the row of a plan: lines and entries are those that stand, else those that wait."""
    lines = (a.approved or a.filed).lines
    yield one(
        "annual",
        {
            "department": a.department,
            "year": a.year,
            "version": a.filed.version,
            "status": a.status.value,
            "late": a.late,
            "approved": a.approved.version if a.approved else 0,
            "published": a.published,
            "lines": len(lines),
            "entries": sum(line.number for line in lines),
        },
    )
