"""What stands in the way of an unplaced ask on each of its days, and the ways out."""

from collections.abc import Iterable, Iterator
from datetime import date

from scheduler.planner.problem import Ask, CapRoom, Problem
from scheduler.planner.reasons import (
    AnotherWeek,
    CapacityFull,
    CapExhausted,
    DayClosed,
    Drop,
    Escalate,
    JoinVisit,
    NamedDecision,
    Obstacle,
    OffSite,
    PinnedElsewhere,
    Unplaced,
    VisitFull,
    WayOut,
    WindowEmpty,
)
from scheduler.planner.tally import Tally


def explain(problem: Problem, tally: Tally) -> tuple[Unplaced, ...]:
    """Give each unplaced ask its obstacles and its ways out."""
    caps = caps_by_ask(problem)
    unplaced = sorted((a for a in problem.asks if a.id not in tally.days), key=lambda a: a.id)
    return tuple(explain_one(tally, ask, caps.get(ask.id, ())) for ask in unplaced)


def explain_one(tally: Tally, ask: Ask, caps: Iterable[CapRoom]) -> Unplaced:
    """Give an unplaced ask, which these caps count, its obstacles and its ways out."""
    obstacles = tuple(_obstacles(ask, caps, tally))
    return Unplaced(ask=ask.id, obstacles=obstacles, ways=tuple(_ways_out(ask, obstacles, tally)))


def caps_by_ask(problem: Problem) -> dict[str, list[CapRoom]]:
    """Return the caps that count each ask on some day, in order of code and key."""
    caps: dict[str, list[CapRoom]] = {}
    for cap in sorted(problem.caps, key=lambda cap: (cap.code, cap.key)):
        for name in sorted({name for name, _ in cap.members}):
            caps.setdefault(name, []).append(cap)
    return caps


def _obstacles(ask: Ask, caps: Iterable[CapRoom], tally: Tally) -> Iterator[Obstacle]:
    if not ask.days and not ask.blocked:
        yield WindowEmpty()
    for block in ask.blocked:
        yield DayClosed(day=block.day, rule=block.rule)
    for day in ask.days:
        if ask.pinned is not None and day != ask.pinned:
            yield PinnedElsewhere(day=day, pinned=ask.pinned)
        else:
            yield from obstacles_on(day, ask, caps, tally)


def obstacles_on(
    day: date, ask: Ask, caps: Iterable[CapRoom], tally: Tally
) -> Iterator[CapExhausted | VisitFull | CapacityFull]:
    """Give what keeps an ask, without a day in the tally, from one of its days."""
    for cap in caps:
        if (ask.id, day) in cap.members and not tally.cap_admits(cap, ask, day):
            yield CapExhausted(day=day, code=cap.code, key=cap.key, room=cap.room)
    if not tally.visit_admits(ask, day):
        yield VisitFull(day=day, departments=tally.departments(ask, day))
    load, units = tally.load(ask.department, day), tally.units(ask.department, day)
    if load + ask.duration > units:
        yield CapacityFull(day=day, department=ask.department, load=load, units=units)


def _ways_out(ask: Ask, obstacles: tuple[Obstacle, ...], tally: Tally) -> Iterator[WayOut]:
    """List the mild ways first; a statutory ask is never dropped, a person decides."""
    if not ask.must:
        yield OffSite()
    for day in tally.visited(ask):
        if tally.visit_admits(ask, day):
            yield JoinVisit(day=day, departments=tally.departments(ask, day))
    if ask.must:
        yield NamedDecision()
        return
    yield AnotherWeek()
    yield Drop()
    rules = {o.rule for o in obstacles if isinstance(o, DayClosed)}
    rules |= {o.code for o in obstacles if isinstance(o, CapExhausted)}
    if rules:
        yield Escalate(rules=tuple(sorted(rules)))
