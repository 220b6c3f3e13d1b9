"""The engine as a whole: plans that any checker accepts, bounds that no plan goes below."""

from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.generate import Extras, make
from scheduler.exchange.statement import Statement
from scheduler.exchange.verify import verify
from scheduler.planner.engine.build import build
from scheduler.planner.engine.outcome import Outcome, plan_of
from scheduler.planner.engine.run import run
from scheduler.planner.engine.stride import Stride
from scheduler.planner.progress import Progress
from tests.scheduler.exchange.worlds import drawn_statement, least_objective

SEEDS = st.integers(0, 2**32)


def solved(statement: Statement, steps: int, seed: int = 1) -> Outcome:
    """The engine's answer after so many steps."""
    return run(build(statement), seed=seed, watch=lambda _: True, steps=steps)


@given(SEEDS)
@settings(deadline=None, max_examples=60)
def test_the_checker_accepts_plan_and_bound_and_brute_force_lies_between(seed: int) -> None:
    statement = drawn_statement(Random(seed))
    built = build(statement)
    outcome = run(built, seed=1, watch=lambda _: True, steps=45)
    plan = plan_of(statement, built, outcome, problem="", seed=1, made={})
    verdict = verify(statement, plan)
    assert verdict.ok, verdict
    assert outcome.bound <= least_objective(statement)


def test_progress_never_gets_worse_and_the_end_is_good() -> None:
    extras = Extras(caps=True, pins=3)
    statement = make(400, 4, 60, tightness=Fraction(13, 10), seed=3, extras=extras)
    seen: list[Progress] = []
    built = build(statement)

    def watch(progress: Progress) -> bool:
        seen.append(progress)
        return progress.step < 60

    outcome = run(built, seed=2, watch=watch)
    assert [p.step for p in seen] == list(range(1, 61))
    for earlier, later in pairwise(seen):
        assert later.bound >= earlier.bound
    assert outcome.objective <= 1.1 * outcome.bound
    assert verify(statement, plan_of(statement, built, outcome, problem="", seed=2, made={})).ok


def test_the_same_seed_and_step_repeat_the_plan_however_it_was_stopped() -> None:
    statement = make(300, 4, 60, durations=(1, 3), seed=5)
    by_steps = solved(statement, 42)
    by_watch = run(build(statement), seed=1, watch=lambda p: p.step < 42)
    assert by_steps.step == by_watch.step == 42
    assert np.array_equal(by_steps.places, by_watch.places)
    assert np.array_equal(by_steps.tolls, by_watch.tolls)
    assert by_steps.bound == by_watch.bound


def test_large_problems_take_short_steps_to_the_same_prices() -> None:
    statement = make(300, 4, 60, durations=(1, 3), seed=5)
    whole = solved(statement, 31)
    phases: list[str] = []

    def watch(progress: Progress) -> bool:
        phases.append(progress.phase)
        return progress.phase != "search"

    short = Stride(groups=25, bins=25, asks=25)
    outcome = run(build(statement), seed=1, watch=watch, stride=short)
    assert phases.count("first") == 4  # of 94 enterprises, 25 a step
    assert phases.count("prices") > 7 * 30
    assert phases.count("rounds") > 13 * 4
    assert np.array_equal(whole.tolls, outcome.tolls)
    assert whole.bound == outcome.bound
