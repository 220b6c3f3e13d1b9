"""A problem solved and checked: the shell around the planner, which knows neither clock nor disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import metadata

from portal.plans.control import Control, stopped_by_ctrl_c
from portal.plans.crew import at_once
from portal.plans.problems import Problem
from scheduler.exchange.plan import Plan
from scheduler.exchange.verify import Verdict, verify
from scheduler.planner.engine.build import build
from scheduler.planner.engine.outcome import plan_of
from scheduler.planner.engine.run import run


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan, and what the checker says of it; whether the planner knows that none is better."""

    plan: Plan
    verdict: Verdict
    proven: bool


def solve(problem: Problem, *, seed: int, watch: Control, stop: int | None = None) -> Solved:
    """Find a plan and let the checker judge it; figures are as the checker finds them.

    Parameters
    ----------
    stop
        The numbered step after which to stop; it repeats the plan of a run that stopped there.
    """
    statement = problem.statement
    built = build(statement)
    with stopped_by_ctrl_c(watch):
        outcome = run(built, seed=seed, watch=watch, steps=stop, crew=at_once)
    made = {"by": f"wurao {metadata.version('wurao')}"}
    plan = plan_of(statement, built, outcome, problem=problem.digest, seed=seed, made=made)
    verdict = verify(statement, plan, problem.digest)
    found = replace(
        plan,
        objective=verdict.value.objective,
        bound=verdict.bound.points,
        entries=verdict.value.entries,
        unplaced=verdict.value.unplaced,
    )
    return Solved(found, verdict, outcome.closed)
