"""How good a plan could be at the very best: a lower bound for each term by which plans compare."""

from dataclasses import dataclass, replace

import numpy as np

from scheduler.exchange.statement import Statement
from scheduler.planner.counting import least_left_out, least_weight
from scheduler.planner.engine.build import Built
from scheduler.planner.engine.outcome import Outcome, objective_of, plan_of, whole_points
from scheduler.planner.engine.prices import Pricing
from scheduler.planner.exact import choose
from scheduler.planner.instance import NOWHERE, Instance, Ints, least_by_ask, most_by_ask
from scheduler.planner.limits import Limits
from scheduler.planner.plan import Budget, Certificate, Shortfall, Toll

_PLACED = 10
"""Entries that leaving out an ask would cost where all are to be placed: any price proves a bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a plan, or of what no plan can be below; see `Level`."""

    must_unplaced: int
    pinned_unplaced: int
    objective: int
    unplaced: int
    entries: int
    months: int
    weight_unplaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is proven about a plan.

    Parameters
    ----------
    value, bound
        Of each term. The bounds of entries and months hold for plans that place the same asks.
    searched
        The whole was searched, and nothing better exists.
    """

    value: Terms
    bound: Terms
    searched: bool
    certificate: Certificate

    @property
    def closed(self) -> bool:
        """Whether no plan has a better objective, or leaves less of what must be placed."""
        value, bound = self.value, self.bound
        return (value.must_unplaced, value.pinned_unplaced, value.objective) == (
            bound.must_unplaced,
            bound.pinned_unplaced,
            bound.objective,
        )


def prove(
    statement: Statement,
    built: Built,
    outcome: Outcome,
    *,
    searched: bool,
    seed: int,
    limits: Limits,
) -> Proof:
    """Bound every term; `searched` says that the plan was proven by a search of the whole."""
    value = _terms(statement, built, outcome.places)
    bound = _without_search(statement, built, outcome.places, outcome.bound)
    if searched:
        bound = replace(
            bound,
            must_unplaced=value.must_unplaced,
            pinned_unplaced=value.pinned_unplaced,
            objective=value.objective,
            weight_unplaced=value.weight_unplaced,
        )
    entries = _fewest_entries(built, outcome.places, value, bound, seed=seed, limits=limits)
    return Proof(
        value=value,
        bound=replace(bound, entries=entries),
        searched=searched,
        certificate=_certificate(statement, built, outcome, searched=searched),
    )


def prove_given(
    statement: Statement,
    built: Built,
    places: Ints,
    certificate: Certificate,
    *,
    bound: int,
    seed: int,
    limits: Limits,
) -> Proof:
    """Bound every term of a plan that no search made; `bound` is what is known of the objective."""
    value = _terms(statement, built, places)
    known = _without_search(statement, built, places, bound)
    entries = _fewest_entries(built, places, value, known, seed=seed, limits=limits)
    return Proof(
        value=value,
        bound=replace(known, entries=entries),
        searched=False,
        certificate=certificate,
    )


def _without_search(statement: Statement, built: Built, places: Ints, objective: int) -> Terms:
    """What counting proves of each term but the entries."""
    points, request = built.points, built.ask_request
    least = least_left_out(points, np.ones(points.asks, np.bool_))
    return Terms(
        must_unplaced=int(least_left_out(points, statement.must[request]).sum()),
        pinned_unplaced=int(least_left_out(points, statement.pinned[request] >= 0).sum()),
        objective=objective,
        unplaced=int(least.sum()),
        entries=0,
        months=_fewest_months(points, places),
        weight_unplaced=least_weight(points, statement.weight[request], least),
    )


def _terms(statement: Statement, built: Built, places: Ints) -> Terms:
    points, request = built.points, built.ask_request
    placed = places != NOWHERE
    without = request[~placed]
    return Terms(
        must_unplaced=int(statement.must[without].sum()),
        pinned_unplaced=int((statement.pinned[without] >= 0).sum()),
        objective=objective_of(points, places),
        unplaced=len(without),
        entries=len(np.unique(points.option_visit[places[placed]])),
        months=int(points.option_price[places[placed]].sum()),
        weight_unplaced=int(statement.weight[without].sum()),
    )


def _fewest_months(points: Instance, places: Ints) -> int:
    """The sum of each placed ask's least, whatever else it costs."""
    return int(least_by_ask(points, points.option_price)[places != NOWHERE].sum())


def _fewest_entries(
    built: Built, places: Ints, value: Terms, bound: Terms, *, seed: int, limits: Limits
) -> int:
    """Fewest entries of any plan that places exactly the asks that this one places."""
    points = built.points
    placed = places != NOWHERE
    if not placed.any():
        return 0
    alone = replace(
        points,
        leave=np.where(placed, _PLACED, 0).astype(np.int64),
        visit_price=np.ones_like(points.visit_price),
        option_price=np.zeros_like(points.option_price),
    )
    pricing = Pricing(alone, seed, np.ones(len(points.counter_limit), np.bool_))
    while not pricing.done and whole_points(pricing.bound) < value.entries:
        pricing.step()
    fewest = max(whole_points(pricing.bound), _left_for_entries(points, placed, bound))
    if fewest < value.entries and points.options <= limits.whole_options:
        own = np.flatnonzero(placed).astype(np.int32)
        found = choose(alone, places, seed=seed, effort=limits.whole_effort, all_of=own)
        fewest = max(fewest, found.bound)
    return fewest


def _left_for_entries(points: Instance, placed: Ints, bound: Terms) -> int:
    """What the objective's bound leaves for entries once all else is as dear as it can be."""
    if not len(points.visit_price) or not (points.visit_price == points.visit_price[0]).all():
        return 0
    dearest = most_by_ask(points, points.option_price)
    rest = bound.objective - int(points.leave[~placed].sum()) - int(dearest[placed].sum())
    return -(-rest // max(1, int(points.visit_price[0])))


def _certificate(
    statement: Statement, built: Built, outcome: Outcome, *, searched: bool
) -> Certificate:
    """Write the prices down so that others can reckon the bound again."""
    found = plan_of(statement, built, outcome, problem="", seed=0, made={}).certificate
    return Certificate(
        kind="search" if searched and outcome.bound < outcome.objective else "prices",
        tolls=tuple(
            Toll(
                department=statement.departments[department],
                day=statement.days[day],
                micro=int(found.tolls[department, day]),
            )
            for department, day in np.argwhere(found.tolls).tolist()
        ),
        budgets=tuple(
            Budget(cap=statement.caps.names[cap], micro=int(found.budgets[cap]))
            for cap in np.flatnonzero(found.budgets).tolist()
        ),
        shortfalls=tuple(
            Shortfall(
                department=statement.departments[department],
                least=int(found.least[department]),
                micro=int(found.rebates[department]),
            )
            for department in np.flatnonzero(found.least).tolist()
        ),
    )
