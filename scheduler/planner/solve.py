"""The planner's one door: a problem in, an audited plan out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from scheduler.exchange.statement import Statement
from scheduler.planner.assemble import assemble
from scheduler.planner.audit import PlanError, audit
from scheduler.planner.columns import statement_of
from scheduler.planner.comfort import comfortable
from scheduler.planner.completion import completed
from scheduler.planner.crew import Crew, one_by_one
from scheduler.planner.engine.build import Built, build
from scheduler.planner.engine.outcome import Outcome, objective_of
from scheduler.planner.engine.run import run
from scheduler.planner.exact import choose
from scheduler.planner.explain import caps_by_ask
from scheduler.planner.instance import Ints
from scheduler.planner.limits import Limits
from scheduler.planner.plan import Solution, Statistics
from scheduler.planner.problem import Problem
from scheduler.planner.progress import Progress, Watch, keep_going
from scheduler.planner.proof import prove
from scheduler.planner.tally import Tally


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    limits: Limits | None = None,
    watch: Watch = keep_going,
    crew: Crew = one_by_one,
) -> Solution:
    """Give each ask a day, or a reason; fewest statutory and pinned ones without, then cheapest.

    The same problem, seed and limits give the same plan, in whatever order the problem's
    parts are listed. With `replace(limits, stop=solution.step)` a plan that `watch`
    stopped early is repeated.
    `crew` does what can be done at once and changes nothing of the plan.
    `watch` is called with a `Progress` after each step; if it says False, the work stops
    there. A plan that breaks a rule or misstates itself is a fault of this package, and is
    not returned but raised as a `PlanError`.
    """
    limits = limits or Limits()
    statement = statement_of(problem)
    built = build(statement)
    outcome, stopped = _run(built, seed, limits, watch, crew)
    searched, small = outcome.searched, 0 < built.points.options <= limits.whole_options
    if small and not stopped and not outcome.closed:
        outcome, searched = _search_whole(built, outcome, seed, limits)
    days = comfortable(problem, _days(statement, built, outcome.places))
    # Where a visit left a full day, somebody who was left out may have room.
    full, added = completed(Tally(problem, days), caps_by_ask(problem))
    if added:
        days, places = full.days, _places(statement, built, full.days)
        outcome = replace(outcome, places=places, objective=objective_of(built.points, places))
    proof = prove(statement, built, outcome, searched=searched, seed=seed, limits=limits)
    statistics = Statistics(
        asks=built.points.asks,
        options=built.points.options,
        models=int(small and not stopped),
        proven=searched or proof.closed,
    )
    solution = assemble(problem, days, proof, step=outcome.step, statistics=statistics)
    breaches = audit(problem, solution)
    if breaches:
        raise PlanError(breaches)
    return solution


def _run(built: Built, seed: int, limits: Limits, watch: Watch, crew: Crew) -> tuple[Outcome, bool]:
    """Search for as many steps as there are; whether somebody stopped it before."""
    stopped = False

    def seen(progress: Progress) -> bool:
        nonlocal stopped
        stopped = progress.step == limits.stop or not watch(progress)
        return not stopped

    outcome = run(built, seed=seed, watch=seen, steps=limits.steps, crew=crew)
    return outcome, stopped


def _days(statement: Statement, built: Built, places: Ints) -> dict[str, date]:
    return {
        statement.ids[request]: statement.days[day]
        for request, day in enumerate(built.days_of(places).tolist())
        if day >= 0
    }


def _places(statement: Statement, built: Built, days: Mapping[str, date]) -> Ints:
    number = {day: at for at, day in enumerate(statement.days)}
    return built.places_of(
        np.array([number[days[id_]] if id_ in days else -1 for id_ in statement.ids], np.int32)
    )


def _search_whole(
    built: Built, outcome: Outcome, seed: int, limits: Limits
) -> tuple[Outcome, bool]:
    """One more step: all choices as one exact model; whether it proved its plan the best."""
    found = choose(built.ordered, outcome.places, seed=seed, effort=limits.whole_effort)
    better = found.places is not None and objective_of(built.ordered, found.places) < objective_of(
        built.ordered, outcome.places
    )
    places = found.places if better and found.places is not None else outcome.places
    objective = objective_of(built.points, places)
    return replace(outcome, places=places, objective=objective, step=outcome.step + 1), found.proven
