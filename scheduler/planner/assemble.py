"""From days to a plan that people read: visits, reasons, levels, certificate."""

from dataclasses import astuple, fields
from datetime import date

from scheduler.planner.comfort import comfort_of, least_comfort
from scheduler.planner.explain import explain
from scheduler.planner.plan import Level, Placement, Solution, Statistics, Visit, lead_of
from scheduler.planner.problem import Ask, Problem
from scheduler.planner.proof import Proof, Terms
from scheduler.planner.tally import Tally


def assemble(
    problem: Problem, days: dict[str, date], proof: Proof, *, step: int, statistics: Statistics
) -> Solution:
    """Write a plan down."""
    asks = sorted(problem.asks, key=lambda ask: ask.id)
    visits = unite([(ask, days[ask.id]) for ask in asks if ask.id in days])
    return Solution(
        placements=tuple(Placement(ask=name, day=day) for name, day in sorted(days.items())),
        visits=visits,
        unplaced=explain(problem, Tally(problem, days)),
        objective=proof.value.objective,
        bound=proof.bound.objective,
        entries_bound=proof.bound.entries,
        levels=(*_levels(proof), *_comforts(problem, days)),
        certificate=proof.certificate,
        step=step,
        statistics=statistics,
    )


def unite(placed: list[tuple[Ask, date]]) -> tuple[Visit, ...]:
    """Unite the asks of one party at one enterprise on one day into a visit."""
    together: dict[tuple[str, date, str], list[Ask]] = {}
    for ask, day in placed:
        together.setdefault((ask.enterprise, day, ask.party), []).append(ask)
    return tuple(
        Visit(
            enterprise=enterprise,
            day=day,
            party=party,
            departments=tuple(sorted({ask.department for ask in asks})),
            lead=lead_of(asks),
            asks=tuple(sorted(ask.id for ask in asks)),
            items=tuple(sorted({item for ask in asks for item in ask.items})),
            duration=_longest_stay(asks),
        )
        for (enterprise, day, party), asks in sorted(together.items())
    )


def _longest_stay(asks: list[Ask]) -> int:
    units: dict[str, int] = {}
    for ask in asks:
        units[ask.department] = units.get(ask.department, 0) + ask.duration
    return max(units.values())


def _levels(proof: Proof) -> tuple[Level, ...]:
    terms = zip(fields(Terms), astuple(proof.value), astuple(proof.bound), strict=True)
    return tuple(Level(name=term.name, value=value, bound=bound) for term, value, bound in terms)


def _comforts(problem: Problem, days: dict[str, date]) -> tuple[Level, ...]:
    value, least = comfort_of(problem, days), least_comfort(problem, days)
    return (
        Level(name="trips", value=value.trips, bound=least.trips),
        Level(name="fullest", value=value.fullest, bound=least.fullest),
    )
