"""From columns to arrays: the same plans at the same prices."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.statement import Ints, Statement
from scheduler.planner.engine.build import Built, build
from scheduler.planner.engine.outcome import objective_of
from scheduler.planner.instance import NOWHERE
from tests.scheduler.exchange.worlds import (
    all_days,
    drawn_statement,
    plain_objective,
    plainly_legal,
)

SEEDS = st.integers(0, 2**32)


def rank(statement: Statement, day: Ints) -> tuple[int, int, int, int]:
    """By what the format compares plans, in its order."""
    out = day == -1
    return (
        int((statement.must & out).sum()),
        int(((statement.pinned != -1) & out).sum()),
        plain_objective(statement, day),
        int(statement.weight[out].sum()),
    )


def keeps_the_rules(built: Built, places: Ints) -> bool:
    """Whether a plan of options keeps capacities and counters, told from the arrays alone."""
    points = built.points
    options = places[places != NOWHERE]
    load = np.bincount(
        points.option_bin[options], points.option_use[options], len(points.bin_units)
    )
    lit = {
        int(mark)
        for o in options.tolist()
        for mark in points.marks[points.mark_first[o] : points.mark_first[o + 1]]
    }
    counted = np.bincount(points.mark_counter[sorted(lit)], minlength=len(points.counter_limit))
    return bool((load <= points.bin_units).all() and (counted <= points.counter_limit).all())


@given(SEEDS)
@settings(deadline=None, max_examples=150)
def test_arrays_allow_the_same_plans_at_the_same_price(seed: int) -> None:
    statement = drawn_statement(Random(seed))
    built = build(statement)
    for day in all_days(statement):
        places = built.places_of(day)
        kept = bool((built.days_of(places) == day).all())
        assert plainly_legal(statement, day) == (kept and keeps_the_rules(built, places))
        if kept:
            assert objective_of(built.points, places) == plain_objective(statement, day)


@given(SEEDS)
@settings(deadline=None, max_examples=100)
def test_ordered_prices_compare_plans_as_the_levels_do(seed: int) -> None:
    statement = drawn_statement(Random(seed))
    built = build(statement)
    plans = [day for day in all_days(statement) if plainly_legal(statement, day)]
    prices = [objective_of(built.ordered, built.places_of(day)) for day in plans]
    ranks = [rank(statement, day) for day in plans]
    order = sorted(range(len(plans)), key=prices.__getitem__)
    assert [ranks[k] for k in order] == sorted(ranks)
