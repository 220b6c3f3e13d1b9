from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.bound import certified_bound
from scheduler.exchange.crowding import must_leave_out
from scheduler.exchange.plan import Certificate, no_certificate
from scheduler.exchange.pricing import open_choices
from scheduler.exchange.rules import Breaches
from scheduler.exchange.statement import Statement
from tests.scheduler.exchange.worlds import Sizes, drawn_statement

NONE = -1


def fewest(statement: Statement, department: int) -> int:
    """Try all ways to place one department's requests, the others let go."""
    is_open = open_choices(statement)
    requests = np.flatnonzero(statement.department == department).tolist()
    choices = [
        (NONE, *(c for c in range(*statement.choice_first[r : r + 2].tolist()) if is_open[c]))
        for r in requests
    ]
    best = len(requests)
    for plan in product(*choices):
        load = np.zeros(len(statement.days), np.int64)
        for choice in plan:
            if choice != NONE:
                load[statement.choice_day[choice]] += statement.choice_units[choice]
        if (load <= statement.capacity[department]).all():
            best = min(best, plan.count(NONE))
    return best


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_a_claim_is_proven_if_and_only_if_it_is_true(seed: int) -> None:
    draw = Random(seed)
    statement = drawn_statement(draw, Sizes(requests=6, departments=1))
    tight = statement.capacity // draw.randint(1, 3)
    statement = replace(statement, capacity=tight)
    least = fewest(statement, 0)
    for claim in range(1, statement.requests + 1):
        shown = must_leave_out(statement, 0, open_choices(statement), claim)
        assert shown == (claim <= least), claim


def test_a_gap_that_nothing_fits_into_counts() -> None:
    # Five days of 4 units and requests of 2 2 2 3 3 3 4: 19 of 20 units, yet one stays over.
    statement = a_department([2, 2, 2, 3, 3, 3, 4], [4] * 5)
    is_open = open_choices(statement)
    assert must_leave_out(statement, 0, is_open, 1)
    assert not must_leave_out(statement, 0, is_open, 2)
    breaches = Breaches()
    bound = certified_bound(statement, a_certificate(statement, least=1), breaches)
    assert not breaches.total
    # Seven entries of 10, but one request left out at 100 instead.
    assert bound.points == 6 * 10 + 100
    certified_bound(statement, a_certificate(statement, least=2), breaches)
    assert breaches.total


def a_department(durations: list[int], capacity: list[int]) -> Statement:
    requests, days = len(durations), len(capacity)
    base = drawn_statement(Random(0), Sizes(requests=1))
    numbers = np.arange(requests, dtype=np.int32)
    return replace(
        base,
        days=tuple(base.days[0].replace(day=1 + t) for t in range(days)),
        entry=10,
        max_departments=None,
        ids=tuple(map(str, numbers)),
        enterprises=tuple(map(str, numbers)),
        departments=("d",),
        parties=("",),
        enterprise=numbers,
        department=np.zeros(requests, np.int32),
        party=np.zeros(requests, np.int32),
        duration=np.array(durations, np.int32),
        must=np.zeros(requests, np.bool_),
        weight=np.zeros(requests, np.int32),
        pinned=np.full(requests, -1, np.int32),
        leave=np.full(requests, 100, np.int64),
        choice_first=np.arange(requests + 1, dtype=np.int64) * days,
        choice_day=np.tile(np.arange(days, dtype=np.int32), requests),
        choice_points=np.zeros(requests * days, np.int32),
        choice_units=np.repeat(np.array(durations, np.int32), days),
        capacity=np.array([capacity], np.int64),
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


def a_certificate(statement: Statement, *, least: int) -> Certificate:
    return replace(
        no_certificate(statement),
        least=np.array([least]),
        rebates=np.array([90 * 10**6]),
    )
