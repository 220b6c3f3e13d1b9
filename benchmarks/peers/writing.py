"""A peer's plan as a folder that the verifier takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.plans.problems import Problem, store_plan
from scheduler.exchange.plan import Plan, no_certificate
from scheduler.exchange.rules import Value, chosen_choices, value_of
from scheduler.exchange.statement import Ints


def write(
    problem: Problem, day: Ints, folder: Path, *, seed: int, made: Mapping[str, Any]
) -> Value:
    """Write a plan's folder; return what it is worth.

    It has no certificate and claims no bound: what a peer says of its own bound, nobody can check.
    """
    statement = problem.statement
    value = value_of(statement, day, chosen_choices(statement, day))
    plan = Plan(
        problem=problem.digest,
        day=day,
        objective=value.objective,
        bound=0,
        entries=value.entries,
        unplaced=value.unplaced,
        seed=seed,
        step=0,
        certificate=no_certificate(statement),
        made=made,
    )
    store_plan(folder, statement, plan)
    return value
