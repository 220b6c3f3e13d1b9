"""Counting a plan from scratch, from problem and days alone.

Reasons are told from it. It shares nothing with the board, whose running sums it checks.
"""

from collections.abc import Mapping
from datetime import date

from scheduler.planner.problem import Ask, CapRoom, Problem

_Where = tuple[str, date]
_Group = tuple[str, str]


class Tally:
    """Loads, caps and visits of a plan; asks can be taken out and put elsewhere to try it."""

    def __init__(self, problem: Problem, days: Mapping[str, date]) -> None:
        self.problem = problem
        self.asks = {ask.id: ask for ask in problem.asks}
        self.days: dict[str, date] = {}
        self._units = {(c.department, c.day): c.units for c in problem.capacities}
        self._load: dict[_Where, int] = {}
        self._standing: dict[_Where, dict[str, Ask]] = {}
        self._guests: dict[_Group, dict[date, dict[str, Ask]]] = {}
        for name, day in days.items():
            self.put(name, day)

    def put(self, name: str, day: date) -> None:
        """Give an ask that has no day this one, whether it fits or not."""
        ask = self.asks[name]
        where = (ask.department, day)
        self.days[name] = day
        self._load[where] = self._load.get(where, 0) + ask.duration
        self._standing.setdefault(where, {})[name] = ask
        visits = self._guests.setdefault((ask.enterprise, ask.party), {})
        visits.setdefault(day, {})[name] = ask

    def take(self, name: str) -> date | None:
        """Take an ask's day from it, and return the day."""
        day = self.days.pop(name, None)
        if day is not None:
            ask = self.asks[name]
            self._load[ask.department, day] -= ask.duration
            del self._standing[ask.department, day][name]
            visits = self._guests[ask.enterprise, ask.party]
            del visits[day][name]
            if not visits[day]:
                del visits[day]
        return day

    def without(self, name: str) -> "Tally":
        """The same plan, counted anew, without one ask's day."""
        found = Tally(self.problem, self.days)
        found.take(name)
        return found

    def load(self, department: str, day: date) -> int:
        """Units that the plan asks of a department on a day."""
        return self._load.get((department, day), 0)

    def units(self, department: str, day: date) -> int:
        """Units that the department has on that day."""
        return self._units.get((department, day), 0)

    def spare(self, department: str, day: date) -> int:
        """Units that the department has left on that day."""
        return self.units(department, day) - self.load(department, day)

    def standing(self, department: str, day: date) -> tuple[Ask, ...]:
        """The department's asks on a day, by id."""
        found = self._standing.get((department, day), {})
        return tuple(found[name] for name in sorted(found))

    def guests(self, ask: Ask, day: date) -> tuple[Ask, ...]:
        """The asks that enter the ask's enterprise, in its party, on that day."""
        visits = self._guests.get((ask.enterprise, ask.party), {})
        return tuple(visits.get(day, {}).values())

    def visited(self, ask: Ask) -> tuple[date, ...]:
        """The days on which somebody enters the ask's enterprise in its party, in order."""
        return tuple(sorted(self._guests.get((ask.enterprise, ask.party), {})))

    def departments(self, ask: Ask, day: date) -> tuple[str, ...]:
        """Who comes to the ask's enterprise, in its party, on that day."""
        return tuple(sorted({guest.department for guest in self.guests(ask, day)}))

    def visit_admits(self, ask: Ask, day: date) -> bool:
        """Whether one more department, if it is one more, may join the visit."""
        most = self.problem.max_departments
        there = self.departments(ask, day)
        return most is None or ask.department in there or len(there) < most

    def counted(self, cap: CapRoom) -> set[tuple[str, date, str]]:
        """The presences or entries of the plan that the cap counts."""
        return {
            _counted_as(cap, self.asks[name], day)
            for name, day in cap.members
            if self.days.get(name) == day
        }

    def cap_admits(self, cap: CapRoom, ask: Ask, day: date) -> bool:
        """Whether the cap would hold if the ask, one of its members, came that day."""
        counted = self.counted(cap)
        return _counted_as(cap, ask, day) in counted or len(counted) < cap.room


def _counted_as(cap: CapRoom, ask: Ask, day: date) -> tuple[str, date, str]:
    return ask.enterprise, day, ask.department if cap.counts == "presence" else ask.party
