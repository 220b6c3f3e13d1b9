"""多头检查. Who else goes, or wants to go, to the same enterprise at the time of a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduler import keys
from scheduler.states import RequestStatus
from schemas.visits import Request
from streams.queries import Queries

_GOING: Final = (RequestStatus.ACCEPTED.value, RequestStatus.PLACED.value)


@dataclass(frozen=True, slots=True)
class Going:
    """Another department that goes, or wants to go, to the same enterprise."""

    department: str
    first: date
    last: date
    fixed: bool
    """Whether its day is published."""
    fits: bool
    """Whether the request's own days allow one visit of both."""


async def going(queries: Queries, request: Request) -> tuple[Going, ...]:
    """Return whom a request could go along with: announced visits that are published, then requests.

    What is not announced stays between those who planned it.
    """
    window = request.window
    month = request.preferred_month or keys.month_of(window.first)
    rows = await queries.rows(
        "request", enterprise=request.enterprise, month=month, status=list(_GOING)
    )
    visits = await queries.rows("visit", enterprise=request.enterprise, status="published")
    open_ = {row["id"]: row["day"] for row in visits if row["announced"]}
    found = {}
    for row in rows:
        if row["department"] == request.department or not row["announced"]:
            continue
        day = open_.get(row["visit"])
        if row["status"] == RequestStatus.PLACED and day is None:
            continue
        first, last = (day, day) if day else (row["window_first"], row["window_last"])
        fits = first <= window.last and window.first <= last
        found[row["department"], first] = Going(row["department"], first, last, bool(day), fits)
    return tuple(sorted(found.values(), key=lambda g: (not g.fixed, g.first, g.department)))
