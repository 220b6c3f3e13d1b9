"""What a year's first screen tells: escalations, late filings, enterprises of high risk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scheduler.statistics import ENTERED, Coverage
from schemas.lanes import Lane
from streams.queries import Queries

_ENTERED: Final = tuple(sorted(status.value for status in ENTERED))


@dataclass(frozen=True, slots=True)
class SoFar:
    """A year up to now. ``escalated`` counts requests by status, ``high`` names enterprises by id."""

    year: int
    escalated: Mapping[str, int]
    late: int
    high: Mapping[str, str]
    reached: frozenset[str]

    @property
    def coverage(self) -> Coverage:
        """How many enterprises of high risk were entered."""
        return Coverage(reached=len(self.reached), of=len(self.high))


async def so_far(queries: Queries, year: int) -> SoFar:
    """Read a year up to now."""
    escalated: Counter[str] = Counter()
    asked = await queries.sums("request", by=("status", "month"), lane=Lane.ESCALATED.value)
    for (status, month), (number, *_) in asked.items():
        if month.startswith(f"{year:04d}"):
            escalated[status] += number
    late = await queries.sums("visit", by=("day",), filing_late=True)
    high = {row["id"]: row["name"] for row in await queries.rows("enterprise", risk="high")}
    return SoFar(
        year=year,
        escalated=escalated,
        late=sum(number for (day,), (number, *_) in late.items() if day.year == year),
        high=high,
        reached=await _reached(queries, year, list(high)) if high else frozenset(),
    )


async def _reached(queries: Queries, year: int, high: list[str]) -> frozenset[str]:
    by = ("enterprise", "day")
    found = await queries.sums("visit", by=by, enterprise=high, status=_ENTERED)
    return frozenset(enterprise for enterprise, day in found if day.year == year)
