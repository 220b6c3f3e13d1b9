"""The verifier: what it accepts, what it refuses, and that no certificate proves too much."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.plan import NO_DAY, no_certificate
from scheduler.exchange.verify import verify
from tests.scheduler.exchange.worlds import (
    all_days,
    drawn_certificate,
    drawn_statement,
    least_objective,
    plain_objective,
    plainly_legal,
    plan_of,
)

SEEDS = st.integers(0, 2**32)


@given(SEEDS)
@settings(deadline=None, max_examples=150)
def test_no_certificate_proves_more_than_the_best_plan(seed: int) -> None:
    draw = Random(seed)
    statement = drawn_statement(draw)
    certificate = drawn_certificate(draw, statement)
    nothing = np.full(statement.requests, NO_DAY, np.int32)
    found = verify(statement, plan_of(statement, nothing, certificate))
    assert found.bound.points <= least_objective(statement)
    assert found.bound.weak_groups == 0


@given(SEEDS)
@settings(deadline=None, max_examples=60)
def test_any_plan_is_judged_as_plain_words_judge_it(seed: int) -> None:
    draw = Random(seed)
    statement = drawn_statement(draw)
    days = list(all_days(statement))
    for day in draw.sample(days, min(len(days), 20)):
        found = verify(statement, plan_of(statement, day, no_certificate(statement)))
        assert found.ok == plainly_legal(statement, day), found.breaches
        assert found.value.objective == plain_objective(statement, day)
