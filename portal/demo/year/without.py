"""The same year without the reform: the same wishes, each department on its own day.

Computed, not assumed: whatever anybody asked for in the year (refused, dropped by a head, unplaced or
joined with others) is a visit of its own on a working day of the month that the department picks for
itself. Two departments that happen to pick the same day still share the door, as in
``scheduler.statistics``: an entry is an enterprise's day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from scheduler.statistics import entries_wanted
from scheduler.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish: who wants to come to which enterprise; on which day, where the day is given."""

    name: str
    department: str
    enterprise: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """The year without the reform."""

    visits: int
    entries: int
    by_month: Mapping[str, int]
    busiest: int
    """Most entries that one enterprise had in a month."""


def without_rules(
    wishes: Mapping[str, Iterable[Wish]], calendar: WorkCalendar, seed: int
) -> Without:
    """Let every department come on its own day.

    Args:
        wishes: The wishes by month, such as ``2026-03``.
        calendar: The working days of the year.
        seed: What the departments' own days are drawn from.
    """
    doors: list[tuple[str, date]] = []
    by_month: dict[str, int] = {}
    for month, asked in wishes.items():
        days = calendar.working_days_of_month(*map(int, month.split("-")))
        mine = [
            (wish.enterprise, wish.day or Random(f"{seed}/own day/{wish.name}").choice(days))
            for wish in asked
        ]
        by_month[month] = entries_wanted(mine)
        doors += mine
    counts = Counter((enterprise, f"{day:%Y-%m}") for enterprise, day in set(doors))
    return Without(
        visits=len(doors),
        entries=entries_wanted(doors),
        by_month=by_month,
        busiest=max(counts.values(), default=0),
    )
