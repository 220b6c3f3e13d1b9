"""Judging a plan from scratch: nothing here is shared with the search.

Everything is counted again from the problem and the placements in the plainest way, so
that a fault in the planner can cost quality but never publish a breach.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.planner.plan import Solution, Visit, lead_of
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST, Ask, CapRoom, Problem
from scheduler.planner.reasons import (
    CapacityFull,
    CapExhausted,
    DayClosed,
    Obstacle,
    PinnedElsewhere,
    Unplaced,
    VisitFull,
    WindowEmpty,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that is wrong with a plan: which kind, and what it is about."""

    kind: str
    subject: str


class PlanError(Exception):
    """A plan that must not be used; `breaches` says why."""

    def __init__(self, breaches: Iterable[Breach]) -> None:
        self.breaches = tuple(breaches)
        super().__init__("; ".join(f"{b.kind}: {b.subject}" for b in self.breaches))


def audit(problem: Problem, solution: Solution) -> tuple[Breach, ...]:
    """List everything that is wrong with the plan; nothing, if it is sound."""
    known = {ask.id: ask for ask in problem.asks}
    strangers = [p.ask for p in solution.placements if p.ask not in known]
    strangers += [u.ask for u in solution.unplaced if u.ask not in known]
    if strangers:
        return tuple(Breach(kind="unknown ask", subject=name) for name in strangers)
    placed = [(known[p.ask], p.day) for p in solution.placements]
    return (
        *_each_ask_is_answered_once(problem, solution),
        *hard_breaches(problem, placed),
        *_visits_are_what_they_say(placed, solution),
        *_reasons_are_true(problem, placed, solution.unplaced),
        *_numbers_add_up(problem, placed, solution),
    )


def hard_breaches(problem: Problem, placed: Iterable[tuple[Ask, date]]) -> tuple[Breach, ...]:
    """List the breaches of days, pins, capacity, caps and visits by these placements."""
    pairs = list(placed)
    return (
        *_days_are_allowed(pairs),
        *_capacity_holds(problem, pairs),
        *_caps_hold(problem, pairs),
        *_visits_are_small_enough(problem, pairs),
    )


def objective_of(problem: Problem, placed: Iterable[tuple[Ask, date]]) -> int:
    """10 per entry + 100 per ask without a day + months from preference."""
    pairs = list(placed)
    entries = {(ask.enterprise, day, ask.party) for ask, day in pairs}
    months = sum(ask.delay(day) for ask, day in pairs)
    without = len(problem.asks) - len(pairs)
    return ENTRY_COST * len(entries) + UNPLACED_COST * without + months


def _each_ask_is_answered_once(problem: Problem, solution: Solution) -> Iterator[Breach]:
    answers = [p.ask for p in solution.placements] + [u.ask for u in solution.unplaced]
    counts = defaultdict[str, int](int)
    for name in answers:
        counts[name] += 1
    for ask in problem.asks:
        if counts[ask.id] != 1:
            yield Breach(kind="answers", subject=f"{ask.id} has {counts[ask.id]}")


def _days_are_allowed(placed: list[tuple[Ask, date]]) -> Iterator[Breach]:
    for ask, day in placed:
        if day not in ask.days:
            yield Breach(kind="day", subject=f"{ask.id} may not stand on {day}")
        if ask.pinned not in {None, day}:
            yield Breach(kind="pin", subject=f"{ask.id} is pinned to {ask.pinned}, not {day}")


def _capacity_holds(problem: Problem, placed: list[tuple[Ask, date]]) -> Iterator[Breach]:
    for (department, day), load in sorted(_loads(placed).items()):
        if load > _units(problem, department, day):
            yield Breach(kind="capacity", subject=f"{department} on {day} carries {load}")


def _caps_hold(problem: Problem, placed: list[tuple[Ask, date]]) -> Iterator[Breach]:
    for cap in problem.caps:
        counted = _counted(cap, placed)
        if counted and len(counted) > cap.room:
            subject = f"{cap.code} {cap.key} has {len(counted)}, room for {cap.room}"
            yield Breach(kind="cap", subject=subject)


def _visits_are_small_enough(problem: Problem, placed: list[tuple[Ask, date]]) -> Iterator[Breach]:
    most = problem.max_departments
    for (enterprise, day, _), asks in _entries(placed).items():
        departments = {ask.department for ask in asks}
        if most is not None and len(departments) > most:
            subject = f"{len(departments)} departments at {enterprise} on {day}"
            yield Breach(kind="departments", subject=subject)


def _visits_are_what_they_say(
    placed: list[tuple[Ask, date]], solution: Solution
) -> Iterator[Breach]:
    entries = _entries(placed)
    told = {(v.enterprise, v.day, v.party): v for v in solution.visits}
    if len(told) != len(solution.visits) or told.keys() != entries.keys():
        yield Breach(kind="visits", subject="not one for each entry")
        return
    for key, visit in told.items():
        if visit != _visit_of(visit, entries[key]):
            yield Breach(kind="visit", subject=f"{visit.enterprise} on {visit.day} is misstated")


def _visit_of(visit: Visit, asks: list[Ask]) -> Visit:
    stays = [
        sum(ask.duration for ask in asks if ask.department == department)
        for department in {ask.department for ask in asks}
    ]
    return Visit(
        enterprise=visit.enterprise,
        day=visit.day,
        party=visit.party,
        departments=tuple(sorted({ask.department for ask in asks})),
        lead=lead_of(asks),
        asks=tuple(sorted(ask.id for ask in asks)),
        items=tuple(sorted({item for ask in asks for item in ask.items})),
        duration=max(stays),
    )


def _reasons_are_true(
    problem: Problem, placed: list[tuple[Ask, date]], unplaced: Iterable[Unplaced]
) -> Iterator[Breach]:
    known = {ask.id: ask for ask in problem.asks}
    for without in unplaced:
        ask = known[without.ask]
        for obstacle in without.obstacles:
            if not _stands_in_the_way(problem, placed, ask, obstacle):
                yield Breach(kind="reason", subject=f"{ask.id}: {obstacle} is not so")
        explained = {o.day for o in without.obstacles if not isinstance(o, WindowEmpty)}
        for day in sorted({*ask.days, *(block.day for block in ask.blocked)} - explained):
            yield Breach(kind="reason", subject=f"{ask.id}: nothing is said of {day}")
        if not without.obstacles:
            yield Breach(kind="reason", subject=f"{ask.id}: no reason at all")


def _stands_in_the_way(
    problem: Problem, placed: list[tuple[Ask, date]], ask: Ask, obstacle: Obstacle
) -> bool:
    """Whether the obstacle is a fact, and keeps the ask from its day by itself."""
    match obstacle:
        case WindowEmpty():
            return not ask.days and not ask.blocked
        case DayClosed():
            return any((b.day, b.rule) == (obstacle.day, obstacle.rule) for b in ask.blocked)
        case PinnedElsewhere():
            return ask.pinned == obstacle.pinned and obstacle.day not in {None, ask.pinned}
        case CapExhausted():
            caps = [c for c in problem.caps if (c.code, c.key) == (obstacle.code, obstacle.key)]
            told = [cap for cap in caps if cap.room == obstacle.room]
            return any(_would_overdraw(cap, placed, ask, obstacle.day) for cap in told)
        case VisitFull():
            there = _entries(placed).get((ask.enterprise, obstacle.day, ask.party), [])
            departments = tuple(sorted({guest.department for guest in there}))
            full = len(departments) == problem.max_departments
            return (
                full and departments == obstacle.departments and ask.department not in departments
            )
        case CapacityFull():
            where = (ask.department, obstacle.day)
            told_so = (obstacle.department, obstacle.load, obstacle.units)
            is_so = (ask.department, _loads(placed)[where], _units(problem, *where))
            return told_so == is_so and obstacle.load + ask.duration > obstacle.units


def _would_overdraw(cap: CapRoom, placed: list[tuple[Ask, date]], ask: Ask, day: date) -> bool:
    if (ask.id, day) not in cap.members:
        return False
    before, after = _counted(cap, placed), _counted(cap, [*placed, (ask, day)])
    return len(after) > len(before) and len(after) > cap.room


def _numbers_add_up(
    problem: Problem, placed: list[tuple[Ask, date]], solution: Solution
) -> Iterator[Breach]:
    values = {
        "must_unplaced": sum(ask.must for ask in problem.asks) - sum(a.must for a, _ in placed),
        "pinned_unplaced": sum(ask.pinned is not None for ask in problem.asks)
        - sum(ask.pinned is not None for ask, _ in placed),
        "objective": objective_of(problem, placed),
        "unplaced": len(problem.asks) - len(placed),
        "entries": len(_entries(placed)),
        "months": sum(ask.delay(day) for ask, day in placed),
        "weight_unplaced": sum(a.weight for a in problem.asks) - sum(a.weight for a, _ in placed),
        "trips": len({(a.department, a.place, day) for a, day in placed if a.place}),
        "fullest": sum(_fullest(_loads(placed)).values()),
    }
    if {level.name: level.value for level in solution.levels} != values:
        yield Breach(kind="levels", subject=f"should be {values}")
    if solution.objective != values["objective"]:
        yield Breach(kind="objective", subject=f"should be {values['objective']}")
    for level in solution.levels:
        if level.bound > level.value:
            yield Breach(kind="bound", subject=f"{level.name}: {level.bound} > {level.value}")
    if not solution.bound <= solution.objective or solution.entries_bound > values["entries"]:
        yield Breach(kind="bound", subject="above the plan's own value")


def _loads(placed: list[tuple[Ask, date]]) -> defaultdict[tuple[str, date], int]:
    loads: defaultdict[tuple[str, date], int] = defaultdict(int)
    for ask, day in placed:
        loads[ask.department, day] += ask.duration
    return loads


def _fullest(loads: dict[tuple[str, date], int]) -> dict[str, int]:
    fullest: dict[str, int] = {}
    for (department, _), load in loads.items():
        fullest[department] = max(load, fullest.get(department, 0))
    return fullest


def _units(problem: Problem, department: str, day: date) -> int:
    rows = [c.units for c in problem.capacities if (c.department, c.day) == (department, day)]
    return sum(rows)


def _entries(placed: list[tuple[Ask, date]]) -> dict[tuple[str, date, str], list[Ask]]:
    entries: dict[tuple[str, date, str], list[Ask]] = {}
    for ask, day in placed:
        entries.setdefault((ask.enterprise, day, ask.party), []).append(ask)
    return entries


def _counted(cap: CapRoom, placed: list[tuple[Ask, date]]) -> set[tuple[str, str, date]]:
    """Presences are told apart by department, entries by party."""
    pairs = [(ask, day) for ask, day in placed if (ask.id, day) in cap.members]
    if cap.counts == "presence":
        return {(ask.department, ask.enterprise, day) for ask, day in pairs}
    return {(ask.party, ask.enterprise, day) for ask, day in pairs}
