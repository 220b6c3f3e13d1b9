"""What a department learns of its ratings: sums over disjoint batches, each large enough to hide in.

A batch is a whole number of months, closed only when the next month but one has begun and every visit
of it has its rating station behind it; so no hour tells who rated last. Months with too few ratings
wait for the next ones. A department never learns which of its visits were rated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas.visits import Grade

FEWEST: Final = 5
"""Ratings in a batch, of at least as many enterprises. Origin: project default."""

_CAME: Final = frozenset({VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class Batch:
    """The ratings of some months together; ``poor`` are the poor and very poor ones."""

    first: str
    last: str
    ratings: int
    poor: int


def batches(visits: Iterable[VisitState], department: str, today: date) -> tuple[Batch, ...]:
    """Return the batches that a department may see, the earliest first."""
    months: dict[str, list[VisitState]] = {}
    for visit in visits:
        if visit.status in _CAME and department in set(visit.line.departments) - set(visit.absent):
            months.setdefault(keys.month_of(visit.line.day), []).append(visit)
    found: list[Batch] = []
    waiting: list[str] = []
    for month in sorted(months):
        if not _over(month, months[month], today):
            break  # what comes later waits too, or it could be told apart from this
        waiting.append(month)
        rated = [v for m in waiting for v in months[m] if v.rating is not None]
        if len({v.line.enterprise for v in rated}) >= FEWEST:
            grades = Counter(v.rating.grade for v in rated if v.rating is not None)
            poor = grades[Grade.POOR] + grades[Grade.VERY_POOR]
            found.append(Batch(waiting[0], month, len(rated), poor))
            waiting = []
    return tuple(found)


def _over(month: str, visits: Iterable[VisitState], today: date) -> bool:
    year, number = map(int, month.split("-"))
    begins = date(year + (number + 1) // 12, (number + 1) % 12 + 1, 1)
    return today >= begins and all(visit.rated is not None for visit in visits)
