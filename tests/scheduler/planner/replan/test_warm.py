"""Any events, one after the other: plans that the checker accepts, bounds that no plan goes below."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.files import digest, read_problem, write_problem
from scheduler.exchange.generate import make
from scheduler.exchange.plan_files import read_plan, write_plan
from scheduler.exchange.verify import verify
from scheduler.planner.engine.arrays import arrays_of
from scheduler.planner.engine.groups import Standing, flat_rates, nobody
from scheduler.planner.instance import NOWHERE
from scheduler.planner.replan.events import Limits
from scheduler.planner.replan.layout import standing_of
from scheduler.planner.replan.leasts import least_of
from scheduler.planner.replan.warm import Warm
from tests.scheduler.exchange.worlds import Sizes, drawn_statement, least_objective
from tests.scheduler.planner.replan.worlds import drawn_event, warmed

SEEDS = st.integers(0, 2**32)
FEW = Sizes(requests=4, caps=2)


@given(SEEDS)
@settings(deadline=None, max_examples=80)
def test_after_any_events_the_checker_accepts_plan_and_bound(seed: int) -> None:
    draw = Random(seed)
    limits = Limits(change=draw.choice((0, 9, 20)), moved=draw.choice((0, 1, 10)))
    warm = warmed(drawn_statement(draw, FEW), limits)
    for number in range(draw.randint(1, 6)):
        event = drawn_event(draw, warm.statement, number)
        before = warm.plan("", {}).day
        answer = warm.answer(event)
        statement, plan = warm.statement, warm.plan("", {})
        verdict = verify(statement, plan)
        assert verdict.ok, (event, verdict)
        assert plan.bound <= verdict.bound.points
        assert answer.after == warm.figures
        assert answer.beyond <= limits.moved
        if len(before) == len(plan.day):
            moved = int(((before != plan.day) & (before >= 0) & (plan.day >= 0)).sum())
            assert moved == len(answer.moved)
    if warm.statement.requests <= FEW.requests + 1:
        assert warm.figures.bound <= least_objective(warm.statement)


@given(SEEDS)
@settings(deadline=None, max_examples=60)
def test_kept_sums_are_those_reckoned_afresh(seed: int) -> None:
    draw = Random(seed)
    warm = warmed(drawn_statement(draw, Sizes(requests=8, enterprises=3)), steps=20)
    for number in range(6):
        warm.answer(drawn_event(draw, warm.statement, number))
    assert_afresh(warm)


def assert_afresh(warm: Warm) -> None:
    """All that is kept of plan and bound is what a new reckoning gives."""
    world, proof = warm._world, warm._proof
    afresh = standing_of(world.true, world.standing.place)
    for name in Standing._fields:
        assert np.array_equal(getattr(world.standing, name), getattr(afresh, name)), name
    budgets = np.zeros(len(world.instance.counter_limit), np.int64)
    budgets[: len(proof.budgets)] = proof.budgets
    values = np.zeros(world.instance.groups, np.int64)
    groups = np.arange(world.instance.groups)
    rates = flat_rates(proof.tolls, budgets)
    least_of(world.true, rates, nobody(world.true), groups, values)
    assert np.array_equal(values, proof.values)
    assert proof.groups == int(values.sum())
    earned = (proof.tolls * world.instance.bin_units).sum()
    assert proof.earned == earned + (budgets * world.instance.counter_limit).sum()
    laid = arrays_of(world.instance)
    for name in ("visit_first", "mark_first", "marks", "mark_options", "mark_payer"):
        assert np.array_equal(getattr(world.true, name), getattr(laid, name)), name
    prices = world.true.option_price.copy(), world.search.option_price.copy()
    world.reprice(np.arange(world.instance.options))
    assert np.array_equal(prices[0], world.true.option_price)
    assert np.array_equal(prices[1], world.search.option_price)
    assert not world.stale_groups
    plan = warm.plan("", {})
    again = Warm(warm.statement, plan)
    assert again.figures.objective == warm.figures.objective
    assert again.figures.bound >= warm.figures.bound
    assert (again._world.standing.place != NOWHERE).sum() == (plan.day >= 0).sum()


@given(SEEDS)
@settings(deadline=None, max_examples=30)
def test_the_changed_problem_and_its_plan_can_be_written_and_read_again(seed: int) -> None:
    draw = Random(seed)
    warm = warmed(drawn_statement(draw, Sizes(requests=8, enterprises=3)), steps=5)
    for number in range(4):
        warm.answer(drawn_event(draw, warm.statement, number))
    files = write_problem(warm.statement)
    read = read_problem(files)
    plan = warm.plan(digest(files), {})
    assert verify(read, read_plan(write_plan(warm.statement, plan), read), digest(files)).ok


def test_a_plan_that_breaks_a_rule_is_refused() -> None:
    warm = warmed(make(20, 2, 5, seed=1), steps=5)
    statement, plan = warm.statement, warm.plan("", {})
    shut = replace(statement, capacity=np.zeros_like(statement.capacity))
    with pytest.raises(ValueError, match="capacity D"):
        Warm(shut, plan)
