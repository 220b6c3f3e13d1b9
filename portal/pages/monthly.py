"""A month at a glance: each date with what the plan sends out on it, and what comes beside the plan."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date

from portal.pages.board import Plan
from portal.plans.planning import rules_and_calendar
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Day:
    """A date: whether it is of the month, worked, of the service week; and its visits.

    ``beside`` are visits that no plan made: for cause, escalated, in an emergency, on call.
    """

    day: date
    inside: bool
    worked: bool
    service: bool
    planned: int
    joint: int
    beside: int


async def weeks(queries: Queries, found: Plan, only: str | None) -> tuple[tuple[Day, ...], ...]:
    """Return the month's weeks from Monday to Sunday."""
    _, calendar = await rules_and_calendar(queries)
    year, month = map(int, found.month.split("-"))
    planned = Counter(line.day for line in found.lines)
    joint = Counter(line.day for line in found.lines if len(line.parts) > 1)
    beside: Counter[date] = Counter()
    if only is None:
        counted = await queries.sums("visit", by=("day", "status"), month=None)
        for (day, status), (number, *_) in counted.items():
            beside[day] += number if status != "cancelled" else 0
    service = {day for day, _ in found.days}
    return tuple(
        tuple(
            Day(
                day,
                day.month == month,
                day.month == month and calendar.is_working_day(day),
                day in service,
                planned[day],
                joint[day],
                beside[day],
            )
            for day in week
        )
        for week in Calendar().monthdatescalendar(year, month)
    )
