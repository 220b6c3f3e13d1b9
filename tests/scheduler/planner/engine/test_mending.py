"""Chains within departments: they add what they say, and leave a plan that keeps every rule."""

from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.generate import make
from scheduler.planner.chance import seeds_of
from scheduler.planner.engine.arrays import MICRO, Arrays, arrays_of
from scheduler.planner.engine.build import Built, build
from scheduler.planner.engine.descent import walled
from scheduler.planner.engine.groups import Standing, flat_rates, nobody
from scheduler.planner.engine.mending import dim, mend, repair
from scheduler.planner.engine.outcome import objective_of
from scheduler.planner.engine.rounds import rearrange
from scheduler.planner.engine.ways import roster_of
from scheduler.planner.instance import NOWHERE
from tests.scheduler.exchange.worlds import drawn_statement

SEEDS = st.integers(0, 2**32)


def crowded(built: Built, arrays: Arrays, seed: int) -> Standing:
    """Every group where it costs least, whoever else stands there."""
    standing = nobody(arrays)
    free = flat_rates(np.zeros_like(arrays.bin_units), np.zeros_like(arrays.counter_limit))
    order = np.arange(built.points.groups)
    if built.points.options:
        rearrange(arrays, free, standing, order, (seeds_of(seed), MICRO, False))
    return standing


def by_department(built: Built) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.argsort(built.points.ask_department, kind="stable")


def keeps_all(arrays: Arrays, standing: Standing) -> bool:
    return bool(
        (standing.load <= arrays.bin_units).all()
        and (standing.counted <= arrays.counter_limit).all()
    )


@given(SEEDS)
@settings(deadline=None, max_examples=100)
def test_a_crowded_plan_is_repaired_and_mending_adds_what_it_says(seed: int) -> None:
    built = build(drawn_statement(Random(seed)))
    arrays, roster = arrays_of(built.points), roster_of(built.points)
    standing = crowded(built, arrays, seed)
    if not built.points.options:
        return
    dim(arrays, standing)
    repair(arrays, standing, roster, np.arange(len(arrays.bin_units)))
    assert keeps_all(arrays, standing)
    before = objective_of(built.points, standing.place)
    added = mend(arrays, standing, roster, by_department(built))
    assert added == MICRO * (objective_of(built.points, standing.place) - before) <= 0
    assert keeps_all(arrays, standing)


def test_chains_place_most_whom_a_walk_in_order_has_left_out() -> None:
    statement = make(900, 3, 60, tightness=Fraction(104, 100), seed=4)
    built = build(statement)
    arrays, roster = arrays_of(built.points), roster_of(built.points)
    standing = nobody(arrays)
    order = np.random.Generator(np.random.PCG64(1)).permutation(built.points.groups)
    rearrange(arrays, walled(arrays), standing, order, (seeds_of(1), MICRO, True))
    before = (standing.place == NOWHERE).sum()
    mend(arrays, standing, roster, by_department(built))
    assert before > 3 * (standing.place == NOWHERE).sum()
    assert keeps_all(arrays, standing)


def test_a_day_with_far_too_much_on_it_is_relieved_and_nobody_stays_left_out() -> None:
    statement = make(200, 1, 15, tightness=Fraction(12, 10), seed=2)
    built = build(statement)
    arrays, roster = arrays_of(built.points), roster_of(built.points)
    standing = crowded(built, arrays, 2)
    assert (standing.load - arrays.bin_units).max() > 4
    repair(arrays, standing, roster, np.arange(len(arrays.bin_units)))
    assert keeps_all(arrays, standing)
    mend(arrays, standing, roster, by_department(built))
    assert (standing.place == NOWHERE).sum() == 0
