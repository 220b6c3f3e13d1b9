"""Among plans of equal worth: little travel, then even days (design, section 6).

A trip is a department that goes to a place on a day, to one enterprise there or to ten. Visits
change days whole, and only where nothing that ranks higher changes: the same requests are placed,
in the same visits, as far from their preferred months, within all capacities and caps.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduler.planner.problem import Ask, Problem

PASSES: Final = 4
"""Times that all visits are looked at; fewer when nothing changed."""

Days = Mapping[str, date]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Comfort:
    """How convenient a plan is for those who travel; less is better, trips first.

    Parameters
    ----------
    trips
        Distinct (department, place, day) with a visit; enterprises without a place do not count.
    fullest
        Units on the fullest day of each department, summed.
    """

    trips: int
    fullest: int


def comfort_of(problem: Problem, days: Days) -> Comfort:
    """Reckon what a plan asks of its departments."""
    placed = [(ask, days[ask.id]) for ask in problem.asks if ask.id in days]
    loads: dict[str, Counter[date]] = defaultdict(Counter)
    for ask, day in placed:
        loads[ask.department][day] += ask.duration
    return Comfort(
        trips=len({(ask.department, ask.place, day) for ask, day in placed if ask.place}),
        fullest=sum(max(load.values()) for load in loads.values()),
    )


def least_comfort(problem: Problem, days: Days) -> Comfort:
    """Return what no plan that places the same requests can be below, in either count.

    A place needs as many trips as its units need of the department's largest days; a department's
    fullest day has at least the mean of those that it can use.
    """
    room: dict[str, list[int]] = defaultdict(list)
    for capacity in problem.capacities:
        if capacity.units > 0:
            room[capacity.department].append(capacity.units)
    there: Counter[tuple[str, str]] = Counter()
    all_: Counter[str] = Counter()
    longest: dict[str, int] = {}
    for ask in problem.asks:
        if ask.id in days:
            all_[ask.department] += ask.duration
            longest[ask.department] = max(longest.get(ask.department, 0), ask.duration)
            if ask.place:
                there[ask.department, ask.place] += ask.duration
    return Comfort(
        trips=sum(
            max(1, -(-units // max(room[department], default=1)))
            for (department, _), units in there.items()
        ),
        fullest=sum(
            max(longest[department], -(-units // max(1, len(room[department]))))
            for department, units in all_.items()
        ),
    )


def comfortable(problem: Problem, days: Days, passes: int = PASSES) -> dict[str, date]:
    """Return days of the same worth that need fewer trips, then have less full days.

    Visits move to another day, or change days with another visit, as long as that helps. The same
    plan gives the same answer, in whatever order the problem's parts are listed.
    """
    plan = _Plan(problem, days)
    for _ in range(passes):
        changed = [plan.better(visit) for visit in plan.visits]
        if not any(changed):
            break
    return plan.days()


@dataclass(slots=True, eq=False)
class _Visit:
    number: int
    asks: tuple[Ask, ...]
    day: date
    free: dict[date, int]
    """The days it may have, each with its months from preference."""


class _Plan:
    """A plan with all that a change of days could break, counted."""

    def __init__(self, problem: Problem, days: Days) -> None:
        self._units = {(row.department, row.day): row.units for row in problem.capacities}
        self._caps = sorted(problem.caps, key=lambda cap: (cap.code, cap.key))
        self._member: dict[tuple[str, date], list[int]] = defaultdict(list)
        for number, cap in enumerate(self._caps):
            for pair in cap.members:
                self._member[pair].append(number)
        self._counted = [Counter[tuple[str, str, date]]() for _ in self._caps]
        self._load: dict[str, Counter[date]] = defaultdict(Counter)
        self._trips: Counter[tuple[str, str, date]] = Counter()
        self._at: dict[tuple[str, str, date], _Visit] = {}
        self._there: dict[tuple[str, date], dict[int, _Visit]] = defaultdict(dict)
        self.visits = tuple(_visits(problem, days))
        for visit in self.visits:
            self._add(visit, visit.day, 1)

    def days(self) -> dict[str, date]:
        """Return the day of each placed ask."""
        return {ask.id: visit.day for visit in self.visits for ask in visit.asks}

    def better(self, visit: _Visit) -> bool:
        """Give a visit days that help, alone or in exchange; tell whether one did."""
        found = False
        for day in sorted(visit.free):
            if day != visit.day and visit.free[day] == visit.free[visit.day]:
                helped = self._try([(visit, day)])
                if not helped and self._shortens(visit, day):
                    helped = self._exchange(visit, day)
                found = found or helped
        return found

    def _exchange(self, visit: _Visit, day: date) -> bool:
        """Let a visit change days with one that fills a day of its departments."""
        home = visit.day
        for department in sorted({ask.department for ask in visit.asks}):
            for other in list(self._there[department, day].values()):
                alike = home in other.free and other.free[home] == other.free[day]
                if alike and self._try([(visit, day), (other, home)]):
                    return True
        return False

    def _shortens(self, visit: _Visit, day: date) -> bool:
        """Whether a department of the visit is at its place on that day anyway."""
        return any(ask.place and self._trips[ask.department, ask.place, day] for ask in visit.asks)

    def _try(self, moves: list[tuple[_Visit, date]]) -> bool:
        """Make these moves if they keep all rules and help; tell whether they did."""
        if not self._fits(moves):
            return False
        departments = {ask.department for visit, _ in moves for ask in visit.asks}
        before = self._strain(departments), [(visit, visit.day) for visit, _ in moves]
        trips = len(self._trips)
        self._move(moves)
        gain = (len(self._trips) - trips, *_less(self._strain(departments), before[0]))
        if gain < (0, 0, 0) and self._holds(moves):
            return True
        self._move(before[1])
        return False

    def _fits(self, moves: list[tuple[_Visit, date]]) -> bool:
        """Whether the departments have the units; most moves end here, so it comes first."""
        more: Counter[tuple[str, date]] = Counter()
        for visit, day in moves:
            for ask in visit.asks:
                more[ask.department, day] += ask.duration
                more[ask.department, visit.day] -= ask.duration
        return all(
            units <= 0 or self._load[at[0]][at[1]] + units <= self._units.get(at, 0)
            for at, units in more.items()
        )

    def _move(self, moves: list[tuple[_Visit, date]]) -> None:
        for visit, _ in moves:
            self._add(visit, visit.day, -1)
        for visit, day in moves:
            visit.day = day
            self._add(visit, day, 1)

    def _strain(self, departments: Iterable[str]) -> tuple[int, int]:
        """Units on the departments' fullest days, and how unevenly their days are filled."""
        loads = [self._load[department].values() for department in departments]
        squares = sum(load * load for days in loads for load in days)
        return sum(max(days, default=0) for days in loads), squares

    def _holds(self, moves: list[tuple[_Visit, date]]) -> bool:
        """Whether the moves, now made, keep visits apart and caps kept."""
        for visit, day in moves:
            first = visit.asks[0]
            if self._at[first.enterprise, first.party, day] is not visit:
                return False
            for ask in visit.asks:
                caps = self._member.get((ask.id, day), ())
                if any(len(self._counted[cap]) > self._caps[cap].room for cap in caps):
                    return False
        return True

    def _add(self, visit: _Visit, day: date, sign: int) -> None:
        for ask in visit.asks:
            self._load[ask.department][day] += sign * ask.duration
            if ask.place:
                _count(self._trips, (ask.department, ask.place, day), sign)
            for cap in self._member.get((ask.id, day), ()):
                who = ask.department if self._caps[cap].counts == "presence" else ask.party
                _count(self._counted[cap], (who, ask.enterprise, day), sign)
            there = self._there[ask.department, day]
            if sign > 0:
                there[visit.number] = visit
            else:
                there.pop(visit.number, None)
        place = visit.asks[0].enterprise, visit.asks[0].party, day
        if sign > 0:
            self._at.setdefault(place, visit)
        elif self._at.get(place) is visit:
            del self._at[place]


def _visits(problem: Problem, days: Days) -> Iterator[_Visit]:
    together: dict[tuple[str, str, date], list[Ask]] = defaultdict(list)
    for ask in sorted(problem.asks, key=lambda ask: ask.id):
        if ask.id in days:
            together[ask.enterprise, ask.party, days[ask.id]].append(ask)
    for number, ((_, _, day), asks) in enumerate(sorted(together.items())):
        shared = set.intersection(*(set(ask.open_days()) for ask in asks))
        free = {other: sum(ask.delay(other) for ask in asks) for other in shared}
        yield _Visit(number, tuple(asks), day, free)


def _less(after: tuple[int, int], before: tuple[int, int]) -> tuple[int, int]:
    return after[0] - before[0], after[1] - before[1]


def _count(counts: Counter[tuple[str, str, date]], key: tuple[str, str, date], sign: int) -> None:
    """Count one more or less; what is down to none is forgotten, so that the size is the number."""
    counts[key] += sign
    if not counts[key]:
        del counts[key]
