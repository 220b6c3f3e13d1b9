"""Counts for everybody: entries of a month, by how they came about. Never a name, never a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from scheduler import keys
from streams.queries import Queries

_ENTERED: Final = frozenset({"entered", "left", "closed"})
_OFF: Final = frozenset({"cancelled", "not_entered"})


@dataclass(frozen=True, slots=True)
class Month:
    """A month whose plan is published: entries planned, joint, done, apart from the plan."""

    FIELDS: ClassVar[tuple[str, ...]] = ("month", "planned", "joint", "entered", "apart", "before")

    month: str
    planned: int
    """Entries that the plan and its revisions hold."""
    joint: int
    """Those of them in which several departments come together."""
    entered: int
    """Entries that came about, planned or not."""
    apart: int
    """Entries outside the plan: for cause, escalated, in an emergency, on an enterprise's call."""
    before: int
    """Entries of the same month of the baseline year."""


async def months(queries: Queries) -> tuple[Month, ...]:
    """Return all months with a published plan, the newest first."""
    states = await queries.rows("month")
    published = {row["month"] for row in states if row["published"]}
    # A visit of a plan says of which month's; whatever was arranged apart says none.
    by = ("day", "month", "status", "departments")
    found: dict[str, dict[str, int]] = {}
    for (day, plan, status, departments), (number,) in (await queries.sums("visit", by=by)).items():
        counts = found.setdefault(keys.month_of(day), dict.fromkeys(Month.FIELDS[1:], 0))
        counts["entered"] += number if status in _ENTERED else 0
        if status not in _OFF:
            counts["planned" if plan else "apart"] += number
            counts["joint"] += number if plan and departments > 1 else 0
    for month, counts in found.items():
        year, number = int(month[:4]), int(month[5:])
        past = await queries.sums("baseline", by=("year",), adding=("entries",), month=number)
        before = {group: sums[1] for (group,), sums in past.items() if group < year}
        counts["before"] = before[max(before)] if before else 0
    return tuple(
        Month(month, **found[month]) for month in sorted(published & found.keys(), reverse=True)
    )
