"""A plan changed by hand: what a move costs, what it breaks, and what is proven of the result.

A person moves one department's part of a visit, or a whole visit. What the move breaks is told, and
nothing that breaks a rule ever becomes a draft: `proven` audits the changed plan like any other. Its bound
needs no search. A certificate proves a bound for every problem that it is laid upon, good or poor;
so the one of the plan before is laid upon the problem with the new pins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.exchange.verify import verify
from scheduler.planner.alternatives import Alternative, Tolls, cost_of
from scheduler.planner.assemble import assemble
from scheduler.planner.audit import PlanError, audit
from scheduler.planner.claims import claim_of
from scheduler.planner.columns import name_of, statement_of
from scheduler.planner.completion import CapsOf
from scheduler.planner.engine.build import build
from scheduler.planner.explain import obstacles_on
from scheduler.planner.limits import Limits
from scheduler.planner.plan import Certificate, Solution, Statistics
from scheduler.planner.problem import Ask, Problem
from scheduler.planner.proof import prove_given
from scheduler.planner.reasons import DayClosed, Obstacle
from scheduler.planner.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An ask that a person put on a day, and what does not hold there."""

    ask: str
    day: date
    breaks: tuple[Obstacle, ...]


def moved(tally: Tally, moves: Mapping[str, date], caps: CapsOf) -> tuple[Tally, tuple[Fault, ...]]:
    """Move asks, whether they fit or not; return the plan, and what does not hold of those moved.

    A day that was never open to an ask has no price for it: it is a fault, and the ask stays where it
    was.
    """
    asks = tally.asks
    known = {name: day for name, day in moves.items() if name in asks}
    able = {name: day for name, day in known.items() if day in asks[name].days}
    after, found = Tally(tally.problem, {**tally.days, **able}), []
    for name, day in known.items():
        breaks = tuple(_breaks(after.without(name), asks[name], day, caps))
        if breaks:
            found.append(Fault(ask=name, day=day, breaks=breaks))
    return after, tuple(found)


def together(
    tally: Tally, names: Sequence[str], caps: CapsOf, tolls: Tolls
) -> tuple[Alternative, ...]:
    """Rank the other days on which these asks of one visit could stand together.

    Each change of the objective is exact if these asks alone move, all of them to that day. What can
    be had comes first, the cheapest first; days that a rule closed to one of them stand at the end.
    """
    asks = [tally.asks[name] for name in names]
    elsewhere = Tally(tally.problem, tally.days)
    here = {name: elsewhere.take(name) for name in names}
    before = _cost(elsewhere, asks, here)
    offered = {day for ask in asks for day in (*ask.days, *(b.day for b in ask.blocked))}
    found = []
    for day in sorted(offered - set(here.values())):
        open_to_all = all(day in ask.days for ask in asks)
        on = dict.fromkeys(names, day)
        change = _cost(elsewhere, asks, on) - before if open_to_all else None
        others = {guest for ask in asks for guest in elsewhere.departments(ask, day)}
        found.append(
            Alternative(
                day=day,
                change=change,
                breaks=_all_breaks(elsewhere, asks, day, caps),
                with_others=tuple(sorted(others)),
                toll=sum(ask.duration * tolls.get((ask.department, day), 0) for ask in asks),
            )
        )
    found.sort(key=lambda a: (a.change is None, bool(a.breaks), a.change or 0, a.toll, a.day))
    return tuple(found)


def _cost(elsewhere: Tally, asks: Sequence[Ask], days: Mapping[str, date | None]) -> int:
    """Points of these asks on these days, one after the other beside the rest."""
    full, cost = Tally(elsewhere.problem, elsewhere.days), 0
    for ask in asks:
        day = days[ask.id]
        cost += cost_of(full, ask, day)
        if day is not None:
            full.put(ask.id, day)
    return cost


def _all_breaks(
    elsewhere: Tally, asks: Sequence[Ask], day: date, caps: CapsOf
) -> tuple[Obstacle, ...]:
    full, found = Tally(elsewhere.problem, elsewhere.days), dict[Obstacle, None]()
    for ask in asks:
        found.update(dict.fromkeys(_breaks(full, ask, day, caps)))
        full.put(ask.id, day)
    return tuple(found)


def _breaks(elsewhere: Tally, ask: Ask, day: date, caps: CapsOf) -> Iterable[Obstacle]:
    if day not in ask.days:
        rules = [block.rule for block in ask.blocked if block.day == day]
        yield from (DayClosed(day=day, rule=rule) for rule in rules or ["window"])
        return
    yield from obstacles_on(day, ask, caps.get(ask.id, ()), elsewhere)


def proven(
    problem: Problem,
    days: Mapping[str, date],
    certificate: Certificate,
    *,
    step: int,
    seed: int = 0,
    limits: Limits | None = None,
) -> Solution:
    """Return a plan that a person made, with what the certificate of another plan proves of it.

    Raises:
        PlanError: If it breaks a rule, or leaves out what it could place.
    """
    limits = limits or Limits()
    statement = statement_of(problem)
    fitting = _fitting(problem, certificate)
    claim = claim_of(statement, days, fitting, objective=0, bound=0, entries=0)
    verdict = verify(statement, claim)
    built = build(statement)
    places = built.places_of(claim.day)
    bound = min(verdict.bound.points, verdict.value.objective)
    proof = prove_given(statement, built, places, fitting, bound=bound, seed=seed, limits=limits)
    statistics = Statistics(
        asks=built.points.asks, options=built.points.options, models=0, proven=proof.closed
    )
    solution = assemble(problem, dict(days), proof, step=step, statistics=statistics)
    breaches = audit(problem, solution)
    if breaches:
        raise PlanError(breaches)
    return solution


def _fitting(problem: Problem, certificate: Certificate) -> Certificate:
    """Return the prices of what the problem has; they prove by themselves, without the search."""
    rows = {(row.department, row.day) for row in problem.capacities}
    departments = {ask.department for ask in problem.asks}
    caps = {name_of(cap) for cap in problem.caps}
    return Certificate(
        kind="prices",
        tolls=tuple(t for t in certificate.tolls if (t.department, t.day) in rows),
        budgets=tuple(b for b in certificate.budgets if b.cap in caps),
        shortfalls=tuple(s for s in certificate.shortfalls if s.department in departments),
    )
