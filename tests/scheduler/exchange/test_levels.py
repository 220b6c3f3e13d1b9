"""Value and bound of each level of the objective, against every plan of a small problem."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.levels import Level, levels_of
from scheduler.exchange.plan import MICRO, NO_DAY, no_certificate
from scheduler.exchange.rules import chosen_choices, value_of
from scheduler.exchange.statement import Ints, Statement
from scheduler.exchange.verify import verify
from tests.scheduler.exchange.worlds import all_days, drawn_statement, plainly_legal, plan_of


def found(statement: Statement, day: Ints) -> dict[str, Level]:
    value = value_of(statement, day, chosen_choices(statement, day))
    return {level.name: level for level in levels_of(statement, value, 0)}


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=100)
def test_no_legal_plan_is_below_the_bound_of_a_level(seed: int) -> None:
    statement = drawn_statement(Random(seed))
    for day in all_days(statement):
        if plainly_legal(statement, day):
            for level in found(statement, day).values():
                assert level.bound <= level.value, level


def crowded(**changes: Any) -> Statement:  # noqa: ANN401 - fields of the statement
    """Three requests of two units each at one department that has two units on each of two days."""
    base = drawn_statement(Random(5))
    three = np.zeros(3, np.int32)
    made = replace(
        base,
        days=base.days[:2] if len(base.days) > 1 else (*base.days, base.days[0].replace(day=5)),
        max_departments=None,
        ids=("a", "b", "c"),
        enterprises=("e",),
        departments=("d",),
        parties=("",),
        enterprise=three,
        department=three,
        party=three,
        duration=np.full(3, 2, np.int32),
        must=np.array([True, True, True]),
        weight=np.array([5, 3, 4], np.int32),
        pinned=np.array([0, 0, NO_DAY], np.int32),
        leave=np.full(3, 100, np.int64),
        choice_first=np.array([0, 2, 4, 6]),
        choice_day=np.array([0, 1] * 3, np.int32),
        choice_points=np.zeros(6, np.int32),
        choice_units=np.full(6, 2, np.int32),
        capacity=np.array([[2, 2]]),
        priced_visits=np.empty((0, 4), np.int64),
        caps=replace(
            base.caps,
            names=(),
            room=np.empty(0, np.int64),
            counts_entries=np.empty(0, np.bool_),
            member_cap=np.empty(0, np.int32),
            member_choice=np.empty(0, np.int32),
        ),
    )
    return replace(made, **changes)


def test_what_does_not_fit_is_bound_on_every_level() -> None:
    levels = found(crowded(), np.array([NO_DAY, 0, 1], np.int32))
    assert levels["must_unplaced"] == Level("must_unplaced", 1, 1)
    assert levels["pinned_unplaced"] == Level("pinned_unplaced", 1, 1)
    assert levels["weight_unplaced"] == Level("weight_unplaced", 5, 3)


def test_what_has_no_open_choice_counts_on_its_levels() -> None:
    statement = crowded(duration=np.full(3, 3, np.int32), choice_units=np.full(6, 3, np.int32))
    levels = found(statement, np.full(3, NO_DAY, np.int32))
    assert [(level.value, level.bound) for level in levels.values()] == [
        (3, 3),
        (2, 2),
        (300, 0),
        (12, 12),
    ]


def test_a_verdict_tells_of_levels_in_their_order() -> None:
    statement = crowded()
    plan = plan_of(statement, np.array([NO_DAY, 0, 1], np.int32), no_certificate(statement))
    verdict = verify(statement, plan)
    assert [level.name for level in verdict.levels] == [
        "must_unplaced",
        "pinned_unplaced",
        "objective",
        "weight_unplaced",
    ]
    assert verdict.levels[2].bound == verdict.bound.points


def test_values_count_where_they_prove_more() -> None:
    """A worth of 100 each: a day takes one of three, so one of them is left out at least."""
    statement = crowded(pinned=np.full(3, NO_DAY, np.int32), entry=0)
    paper = replace(no_certificate(statement), values=np.full(3, 100 * MICRO, np.int64))
    day = np.array([NO_DAY, 0, 1], np.int32)
    verdict = verify(statement, plan_of(statement, day, paper, bound=100))
    assert (verdict.ok, verdict.bound.points, verdict.bound.kind) == (True, 100, "values")
    assert verify(statement, plan_of(statement, day, paper, bound=101)).claims


def test_values_below_nothing_are_a_breach_and_prove_nothing() -> None:
    statement = crowded(pinned=np.full(3, NO_DAY, np.int32), entry=0)
    paper = replace(no_certificate(statement), values=np.full(3, -MICRO, np.int64))
    verdict = verify(statement, plan_of(statement, np.full(3, NO_DAY, np.int32), paper))
    assert [breach.rule for breach in verdict.breaches] == ["certificate"]
    assert verdict.bound.points <= verdict.value.objective
