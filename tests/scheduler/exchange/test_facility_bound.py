"""The bound that multipliers give, against brute force on small problems."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.facility_bound import value_bound
from scheduler.exchange.plan import MICRO
from scheduler.exchange.public import read_location
from scheduler.exchange.rules import Breaches, chosen_choices, judge, value_of
from scheduler.exchange.statement import Ints, Statement
from scheduler.planner.engine.build import build
from scheduler.planner.facility.block import block_of
from scheduler.planner.facility.multipliers import Ascent
from scheduler.planner.facility.start import first_values


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Up to four requests on up to three days, of one or two enterprises and departments."""
    days, requests = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    numbers = [draw(st.integers(0, 9)) for _ in range(days * 2 + requests * (days + 1))]
    statement = read_location("x", " ".join(map(str, [days, requests, *numbers])))
    which = st.lists(st.integers(0, 1), min_size=requests, max_size=requests)
    alone = draw(st.booleans())
    zeros = np.zeros(requests, np.int32)
    return replace(
        statement,
        entry=draw(st.integers(0, 9)),
        enterprises=("e1", "e2"),
        departments=("d1", "d2"),
        enterprise=zeros if alone else np.array(draw(which), np.int32),
        department=zeros if alone else np.array(draw(which), np.int32),
        capacity=np.repeat(statement.capacity, 2, axis=0),
        leave=np.full(requests, draw(st.sampled_from([5, 20, 100])), np.int64),
    )


def _least(statement: Statement) -> int:
    every = product(range(-1, len(statement.days)), repeat=statement.requests)
    return min(
        value_of(statement, day, chosen_choices(statement, day)).objective
        for day in (np.array(plan, np.int32) for plan in every)
        if _keeps(statement, day)
    )


def _keeps(statement: Statement, day: Ints) -> bool:
    breaches = Breaches()
    judge(statement, day, chosen_choices(statement, day), breaches)
    return not breaches.total


@given(statements(), st.data())
@settings(max_examples=120, deadline=None)
def test_no_values_prove_more_than_the_best_plan_has(
    statement: Statement, data: st.DataObject
) -> None:
    micro = st.integers(-MICRO, 30 * MICRO)
    size = statement.requests
    values = np.array(data.draw(st.lists(micro, min_size=size, max_size=size)), np.int64)
    assert value_bound(statement, values) <= _least(statement)


@given(statements())
@settings(max_examples=40, deadline=None)
def test_the_verifier_finds_the_bound_that_the_planner_found(statement: Statement) -> None:
    zeros = np.zeros(statement.requests, np.int32)
    statement = replace(statement, enterprise=zeros, department=zeros)
    built = build(statement)
    block = block_of(built.points)
    ascent = Ascent.begin(block, first_values(block))
    ascent.climb(30, int(statement.leave.sum()))
    values = np.zeros(statement.requests, np.int64)
    values[built.ask_request] = ascent.values
    assert value_bound(statement, values) == ascent.least


def test_values_of_other_requests_are_refused() -> None:
    statement = read_location("x", "1 1 5 5 5 5")
    with pytest.raises(ValueError, match="sizes"):
        value_bound(statement, np.zeros(2, np.int64))
