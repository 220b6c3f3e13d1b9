"""What the engine answers, and its form as a plan in columns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scheduler.exchange.plan import Certificate, Plan, no_certificate
from scheduler.exchange.statement import Statement
from scheduler.planner.engine.arrays import MICRO
from scheduler.planner.engine.build import Built
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A plan, and what its bound rests on; all amounts of the certificate are micro-points.

    Parameters
    ----------
    places
        Option of each ask, or NOWHERE.
    tolls, budgets
        By department-day and by counter.
    shortfalls
        Rows of department, least number left out, rebate.
    objective, bound
        Points.
    step
        The numbered step after which the work stopped.
    closed
        No plan is better, on any level.
    searched
        Whether that is known from a choice among all patterns: more than the certificate proves.
    """

    places: Ints
    tolls: Points
    budgets: Points
    shortfalls: Points
    objective: int
    bound: int
    step: int
    closed: bool
    searched: bool = False


def objective_of(instance: Instance, places: Ints) -> int:
    """The price of a plan: visits opened, options chosen, asks left out."""
    placed = places != NOWHERE
    options = places[placed]
    visited = np.zeros(len(instance.visit_price), np.bool_)
    visited[instance.option_visit[options]] = True
    return (
        int(instance.leave[~placed].sum())
        + int(instance.option_price[options].sum())
        + int(instance.visit_price[visited].sum())
    )


def whole_points(micro: int) -> int:
    """The bound in points that follows from one in micro-points: objectives are whole."""
    return -(-micro // MICRO)


def plan_of(
    statement: Statement,
    built: Built,
    outcome: Outcome,
    *,
    problem: str,
    seed: int,
    made: Mapping[str, Any],
) -> Plan:
    """Write the outcome down as a plan for the statement; see `Plan` for the last three."""
    points = built.points
    placed = outcome.places != NOWHERE
    return Plan(
        problem=problem,
        day=built.days_of(outcome.places),
        objective=outcome.objective,
        bound=outcome.bound,
        entries=len(np.unique(points.option_visit[outcome.places[placed]])),
        unplaced=int((~placed).sum()),
        seed=seed,
        step=outcome.step,
        certificate=_certificate(statement, built, outcome),
        made=made,
    )


def _certificate(statement: Statement, built: Built, outcome: Outcome) -> Certificate:
    points = built.points
    departments = len(statement.departments)
    tolls = np.zeros((departments, len(statement.days)), np.int64)
    tolls[points.bin_department, points.bin_day] = outcome.tolls
    budgets = np.zeros(len(statement.caps.names), np.int64)
    capped = built.counter_cap >= 0
    budgets[built.counter_cap[capped]] = outcome.budgets[capped]
    least, rebates = np.zeros(departments, np.int64), np.zeros(departments, np.int64)
    for department, fewest, rebate in outcome.shortfalls.tolist():
        least[department], rebates[department] = fewest, rebate
    return replace(
        no_certificate(statement), tolls=tolls, budgets=budgets, least=least, rebates=rebates
    )
