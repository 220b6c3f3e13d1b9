"""The verifier: what it accepts, what it refuses, and that no certificate proves too much."""

import re
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.files import read_problem, write_problem
from scheduler.exchange.minima import least_of_groups
from scheduler.exchange.plan import NO_DAY, no_certificate
from scheduler.exchange.plan_files import read_plan, write_plan
from scheduler.exchange.pricing import open_choices, pack, price
from scheduler.exchange.rules import chosen_choices
from scheduler.exchange.statement import Caps, Ints, Statement
from scheduler.exchange.verify import verify
from tests.scheduler.exchange.worlds import (
    Sizes,
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


def legal_plans(statement: Statement) -> list[Ints]:
    return [day for day in all_days(statement) if plainly_legal(statement, day)]


def rules_broken(statement: Statement, day: Ints) -> set[str]:
    found = verify(statement, plan_of(statement, day, no_certificate(statement)))
    assert found.ok == (not found.breaches)
    return {breach.rule for breach in found.breaches}


@given(SEEDS)
@settings(deadline=None)
def test_each_rule_is_found_when_it_alone_is_broken(seed: int) -> None:
    """Tighten one rule under a legal plan that uses it up: that breach, and only that, is named."""
    draw = Random(seed)
    statement = drawn_statement(draw)
    day = draw.choice(legal_plans(statement))
    assert rules_broken(statement, day) == set()
    placed = np.flatnonzero(day != NO_DAY)
    if not len(placed):
        return
    r = draw.choice(placed.tolist())
    t = int(day[r])
    chosen = chosen_choices(statement, day)
    other = (t + 1) % (len(statement.days) + 1)
    elsewhere = statement.pinned.copy()
    elsewhere[r] = other
    assert rules_broken(replace(statement, pinned=elsewhere), day) == {"pin"}
    if units := int(statement.choice_units[chosen[r]]):
        capacity = statement.capacity.copy()
        own = (statement.department == statement.department[r]) & (day == t)
        capacity[statement.department[r], t] = statement.choice_units[chosen[own]].sum() - 1
        assert units > 0
        assert rules_broken(replace(statement, capacity=capacity), day) == {"capacity"}
    moved = day.copy()
    moved[r] = len(statement.days) + 3
    assert "choice" in rules_broken(statement, moved)


@given(SEEDS)
@settings(deadline=None)
def test_a_cap_without_room_for_what_it_counts_is_named(seed: int) -> None:
    draw = Random(seed)
    statement = drawn_statement(draw)
    day = draw.choice(legal_plans(statement))
    caps = statement.caps
    chosen = set(chosen_choices(statement, day)[day != NO_DAY].tolist())
    lit = [
        c
        for c, k in zip(caps.member_cap.tolist(), caps.member_choice.tolist(), strict=True)
        if k in chosen
    ]
    for cap in set(lit):
        room = caps.room.copy()
        room[cap] = draw.choice((0, -1))
        tight = replace(statement, caps=replace(caps, room=room))
        assert rules_broken(tight, day) == {"cap"}


def test_departments_are_counted_by_visit() -> None:
    statement = replace(a_joint_visit(), max_departments=1)
    (breach,) = verify(
        statement, plan_of(statement, np.zeros(2, np.int32), no_certificate(statement))
    ).breaches
    assert (breach.rule, breach.where, breach.found, breach.limit) == (
        "departments",
        "e0 day 0",
        2,
        1,
    )
    apart = replace(statement, party=np.array([0, 1], np.int32), parties=("", "x"))
    assert rules_broken(apart, np.zeros(2, np.int32)) == set()


@pytest.mark.parametrize(("entries", "broken"), [(True, set()), (False, {"cap"})])
def test_a_joint_visit_is_one_entry_and_a_presence_of_each_department(
    entries: bool, broken: set[str]
) -> None:
    one = Caps(
        names=("once",),
        room=np.array([1], np.int64),
        counts_entries=np.array([entries]),
        member_cap=np.array([0, 0], np.int32),
        member_choice=np.array([0, 1], np.int32),
    )
    assert rules_broken(replace(a_joint_visit(), caps=one), np.zeros(2, np.int32)) == broken


def a_joint_visit() -> Statement:
    """Two departments at one enterprise on the only day."""
    return read_problem(
        {
            "problem.json": b'{"format": "wurao-problem/1", "days": ["2027-01-04"]}',
            "requests.csv": b"id,enterprise,department,choices\na,e0,d0,0\nb,e0,d1,0\n",
            "capacities.csv": b"department,day,units\nd0,0,1\nd1,0,1\n",
        }
    )


@pytest.mark.parametrize("name", ["objective", "entries", "unplaced"])
def test_a_false_claim_is_refused(name: str) -> None:
    statement = a_joint_visit()
    plan = plan_of(statement, np.zeros(2, np.int32), no_certificate(statement), bound=10)
    assert verify(statement, plan).ok
    wrong = replace(plan, **{name: getattr(plan, name) - 1})
    found = verify(statement, wrong)
    assert not found.ok
    assert [claim.name for claim in found.claims] == [name]


def test_a_bound_may_be_claimed_low_but_not_high() -> None:
    statement = a_joint_visit()
    plan = plan_of(statement, np.zeros(2, np.int32), no_certificate(statement), bound=3)
    found = verify(statement, plan)
    assert found.ok
    assert (found.bound.points, found.gap_percent) == (10, 0.0)
    assert not verify(statement, replace(plan, bound=11)).ok


def test_a_plan_of_another_problem_is_refused() -> None:
    statement = a_joint_visit()
    plan = plan_of(statement, np.zeros(2, np.int32), no_certificate(statement))
    assert verify(statement, plan, "").ok
    (breach,) = verify(statement, plan, "abc").breaches
    assert breach.rule == "problem"


def test_amounts_below_zero_prove_nothing() -> None:
    statement = a_joint_visit()
    paper = no_certificate(statement)
    paper.tolls[:] = -1_000_000
    found = verify(statement, plan_of(statement, np.zeros(2, np.int32), paper))
    assert [breach.rule for breach in found.breaches] == ["certificate"]
    assert found.bound.points == 10


def test_columns_of_other_sizes_are_an_error() -> None:
    statement = a_joint_visit()
    plan = plan_of(statement, np.zeros(2, np.int32), no_certificate(statement))
    with pytest.raises(ValueError, match="sizes"):
        verify(statement, replace(plan, day=np.zeros(3, np.int32)))
    other = replace(plan.certificate, budgets=np.zeros(1, np.int64))
    with pytest.raises(ValueError, match="sizes"):
        verify(statement, replace(plan, certificate=other))


@given(SEEDS)
@settings(deadline=None)
def test_order_and_names_change_nothing(seed: int) -> None:
    draw = Random(seed)
    statement = drawn_statement(draw)
    plan = plan_of(
        statement, draw.choice(list(all_days(statement))), drawn_certificate(draw, statement)
    )
    first = verify(statement, plan)
    files, papers = write_problem(statement), write_plan(statement, plan)
    shuffled = {name: _shuffled(draw, data) for name, data in files.items()}
    other = read_problem(shuffled)
    again = verify(other, read_plan({n: _shuffled(draw, d) for n, d in papers.items()}, other))
    assert (again.value, again.bound, again.ok) == (first.value, first.bound, first.ok)


def _shuffled(draw: Random, data: bytes) -> bytes:
    """Reorder a table's lines, and rename what is named in it: departments, parties and the rest."""
    if data.startswith(b"{"):
        return data
    head, *lines = data.decode().splitlines()
    draw.shuffle(lines)
    turned = [re.sub(r"\b([ed])(\d)\b", lambda m: f"{m[1]}{9 - int(m[2])}", line) for line in lines]
    return "\n".join([head, *turned, ""]).encode()


@given(SEEDS)
@settings(deadline=None, max_examples=50)
def test_large_groups_get_a_bound_that_is_no_greater(seed: int) -> None:
    """The same group solved exactly, and bounded as if it were too large."""
    draw = Random(seed)
    statement = drawn_statement(draw, Sizes(requests=8, enterprises=1, parties=1, days=5))
    certificate = drawn_certificate(draw, statement)
    is_open = open_choices(statement)
    world = price(statement, certificate, pack(statement, certificate), is_open)
    exact, bounded = np.zeros(1, np.int64), np.zeros(1, np.int64)
    unsure, weak = np.ones(1, np.bool_), np.ones(1, np.bool_)
    least_of_groups(world, 12, exact, unsure)
    least_of_groups(world, 0, bounded, weak)
    assert not unsure[0]
    assert bounded[0] == exact[0] if not weak[0] else bounded[0] <= exact[0]
