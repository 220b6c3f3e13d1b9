"""Counting a finished plan from scratch, from problem and days alone.

Reasons are told from it. It shares nothing with the board, whose running sums it checks.
"""

from collections.abc import Mapping
from datetime import date

from scheduler.planner.problem import Ask, CapRoom, Problem


class Tally:
    """Loads, caps and visits of a plan."""

    def __init__(self, problem: Problem, days: Mapping[str, date]) -> None:
        self.problem = problem
        self.days = days
        self._asks = {ask.id: ask for ask in problem.asks}
        self._units = {(c.department, c.day): c.units for c in problem.capacities}
        self._load: dict[tuple[str, date], int] = {}
        self._guests: dict[tuple[str, date, str], set[str]] = {}
        for name, day in days.items():
            ask = self._asks[name]
            where = (ask.department, day)
            self._load[where] = self._load.get(where, 0) + ask.duration
            visit = (ask.enterprise, day, ask.party)
            self._guests.setdefault(visit, set()).add(ask.department)

    def load(self, department: str, day: date) -> int:
        """Units that the plan asks of a department on a day."""
        return self._load.get((department, day), 0)

    def units(self, department: str, day: date) -> int:
        """Units that the department has on that day."""
        return self._units.get((department, day), 0)

    def departments(self, ask: Ask, day: date) -> tuple[str, ...]:
        """Who comes to the ask's enterprise, in its party, on that day."""
        return tuple(sorted(self._guests.get((ask.enterprise, day, ask.party), ())))

    def visit_admits(self, ask: Ask, day: date) -> bool:
        """Whether one more department, if it is one more, may join the visit."""
        most = self.problem.max_departments
        there = self.departments(ask, day)
        return most is None or ask.department in there or len(there) < most

    def counted(self, cap: CapRoom) -> set[tuple[str, date, str]]:
        """The presences or entries of the plan that the cap counts."""
        return {
            _counted_as(cap, self._asks[name], day)
            for name, day in cap.members
            if self.days.get(name) == day
        }

    def cap_admits(self, cap: CapRoom, ask: Ask, day: date) -> bool:
        """Whether the cap would hold if the ask, one of its members, came that day."""
        counted = self.counted(cap)
        return _counted_as(cap, ask, day) in counted or len(counted) < cap.room


def _counted_as(cap: CapRoom, ask: Ask, day: date) -> tuple[str, date, str]:
    return ask.enterprise, day, ask.department if cap.counts == "presence" else ask.party
