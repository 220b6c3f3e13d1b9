"""总量控制: what a city or a department may use of its baseline, month by month, and where it is heading.

A budget counts routine and escalated entries alone: checks for cause, emergencies and calls are reported
apart and never reduce anything. Definitions:

- allowed: a month's entries of the baseline year, less the target's per cent, rounded down. What a month
  does not use lapses: nothing rolls over to the next month, nothing moves between departments.
- pace: what the months that are over used, of their baseline. The forecast is what was used and is planned so
  far, and for each later month the larger of what is planned and its baseline at that pace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_HUNDRED: Final = 100
MONTHS: Final = tuple(range(1, 13))


@dataclass(frozen=True, slots=True)
class MonthBudget:
    """A month: its baseline, what of it is allowed, used, still planned, and exempt beside."""

    month: int
    baseline: int
    allowed: int
    used: int
    planned: int
    exempt: int

    @property
    def left(self) -> int:
        """What is left of the month; negative where more was used or planned than allowed."""
        return self.allowed - self.used - self.planned


@dataclass(frozen=True, slots=True)
class Budget:
    """A year's months; ``now`` is the month that is running, 0 before the year and 13 after it."""

    months: tuple[MonthBudget, ...]
    now: int

    @property
    def baseline(self) -> int:
        """The baseline year's entries."""
        return sum(month.baseline for month in self.months)

    @property
    def allowed(self) -> int:
        """The year's budget."""
        return sum(month.allowed for month in self.months)

    @property
    def used(self) -> int:
        """Entries made."""
        return sum(month.used for month in self.months)

    @property
    def planned(self) -> int:
        """Entries that are published and still to come."""
        return sum(month.planned for month in self.months)

    @property
    def exempt(self) -> int:
        """Entries for cause, in an emergency or on call: beside the budget, never inside it."""
        return sum(month.exempt for month in self.months)

    @property
    def lapsed(self) -> int:
        """What months that are over did not use; it is gone."""
        return sum(max(0, month.left) for month in self.months if month.month < self.now)

    @property
    def over(self) -> tuple[int, ...]:
        """The months in which more was used or planned than allowed."""
        return tuple(month.month for month in self.months if month.left < 0)

    @property
    def forecast(self) -> int | None:
        """The year's entries at this pace; ``None`` while no month with a baseline is over."""
        over = [month for month in self.months if month.month < self.now]
        known = sum(month.baseline for month in over)
        if not known:
            return None
        used = sum(month.used for month in over)
        later = (month for month in self.months if month.month > self.now)
        running = sum(m.used + m.planned for m in self.months if m.month == self.now)
        return used + running + sum(max(m.planned, m.baseline * used // known) for m in later)

    def burned(self) -> tuple[tuple[int, int], ...]:
        """Return the burn-down: after each month what the budget and what the entries have come to."""
        allowed = used = 0
        points = []
        for month in self.months:
            allowed += month.allowed
            used += month.used + month.planned
            points.append((allowed, used))
        return tuple(points)


def budget(  # noqa: PLR0917 - four counts of a year, the target, and where the year stands
    baseline: Mapping[int, int],
    used: Mapping[int, int],
    planned: Mapping[int, int],
    exempt: Mapping[int, int],
    target: int,
    now: int,
) -> Budget:
    """Return a year's budget from counts by month (1 to 12), ``target`` being the per cent to save."""
    return Budget(
        tuple(
            MonthBudget(
                month=month,
                baseline=baseline.get(month, 0),
                allowed=baseline.get(month, 0) * (_HUNDRED - target) // _HUNDRED,
                used=used.get(month, 0),
                planned=planned.get(month, 0),
                exempt=exempt.get(month, 0),
            )
            for month in MONTHS
        ),
        now,
    )


def worst(budgets: Sequence[tuple[str, Budget]]) -> list[tuple[str, Budget]]:
    """Return departments by how far they go beyond their budget, the furthest first."""

    def beyond(found: tuple[str, Budget]) -> tuple[int, str]:
        whose, own = found
        return (own.allowed - (own.forecast or own.used + own.planned), whose)

    return sorted(budgets, key=beyond)
