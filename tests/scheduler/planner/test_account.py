"""A plan's account, and what-if, on small worlds where everything can be tried."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.planner import account as accounts
from scheduler.planner.account import Account, most_gain
from scheduler.planner.audit import objective_of
from scheduler.planner.plan import Solution
from scheduler.planner.problem import CapRoom, Problem
from scheduler.planner.solve import solve
from scheduler.planner.tally import Tally
from scheduler.planner.variations import (
    MoreRoom,
    MoreUnits,
    UnknownVariationError,
    Variation,
    WiderVisits,
    Without,
    varied,
    worth,
)
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    all_plans,
    an_ask,
    best_worth,
    capacities,
    small_problems,
)

FIRE_AND_TAX = (
    an_ask("a", days=(FRIDAY,)),
    an_ask("b", days=(FRIDAY,), enterprise="yard"),
    an_ask("t", days=(FRIDAY,), department="tax"),
)
"""Two asks of fire's one unit on Friday, and a tax office that shares a's entry."""


def account(problem: Problem, solution: Solution) -> Account:
    """The account of a solution."""
    return accounts.account(
        Tally(problem, solution.days()),
        solution.certificate,
        objective=solution.objective,
        bound=solution.bound,
    )


def crowded() -> tuple[Problem, Solution]:
    """One unit for fire and for tax on Friday; b stays out, or the shared entry would be lost."""
    rows = tuple(capacities(1, "fire", "tax", days=(FRIDAY,)))
    problem = Problem(asks=FIRE_AND_TAX, capacities=rows)
    return problem, solve(problem)


def test_points_come_from_one_entry_and_one_ask_without_a_day() -> None:
    problem, solution = crowded()
    found = account(problem, solution)
    assert [(t.name, t.count, t.points) for t in found.terms] == [
        ("entries", 1, 10),
        ("unplaced", 1, 100),
        ("months", 0, 1),
    ]
    assert sum(term.count * term.points for term in found.terms) == found.objective == 110


def test_departments_are_served_unequally_and_the_full_day_says_who_waits() -> None:
    """Tests that fire has one of two placed, tax all: 1000 - 500."""
    found = account(*crowded())
    fire, tax = found.shares
    assert (fire.asks, fire.placed, fire.joint, fire.permille) == (2, 1, 1, 500)
    assert (tax.permille, found.spread) == (1000, 500)
    (friday, _) = found.loads
    assert (friday.load, friday.units, friday.waiting, friday.full) == (1, 1, 1, True)


def test_one_unit_more_is_worth_the_place_less_its_entry() -> None:
    """Tests that b costs an entry of its own: 100 - 10."""
    problem, before = crowded()
    wider = varied(problem, [MoreUnits(department="fire", units=1, day=FRIDAY)])
    gained = worth(before, solve(wider))
    assert (gained.found, gained.least, gained.most) == (90, 90, 90)


def test_what_is_not_there_cannot_be_varied() -> None:
    problem, _ = crowded()
    strange: list[Variation] = [
        MoreUnits(department="water", units=1),
        MoreUnits(department="fire", units=1, day=MONDAY),
        MoreRoom(code="twice", more=1),
        Without(ask="z"),
    ]
    for change in strange:
        with pytest.raises(UnknownVariationError):
            varied(problem, [change])


def test_a_cap_is_widened_under_one_key_or_under_all() -> None:
    caps = tuple(
        CapRoom(
            code="twice", key=key, room=0, counts="presence", members=frozenset({(who, FRIDAY)})
        )
        for key, who in (("k1", "a"), ("k2", "b"))
    )
    problem = replace(crowded()[0], caps=caps)
    one = varied(problem, [MoreRoom(code="twice", more=1, key="k2")])
    every = varied(problem, [MoreRoom(code="twice", more=1)])
    assert [cap.room for cap in one.caps] == [0, 1]
    assert [cap.room for cap in every.caps] == [1, 1]


def test_an_ask_that_goes_leaves_its_caps() -> None:
    cap = CapRoom(
        code="twice",
        key="k",
        room=1,
        counts="presence",
        members=frozenset({("a", FRIDAY), ("b", FRIDAY)}),
    )
    problem = replace(crowded()[0], caps=(cap,))
    left = varied(problem, [Without(ask="b")])
    assert left.caps[0].members == {("a", FRIDAY)}
    assert {ask.id for ask in left.asks} == {"a", "t"}


@given(small_problems(4), st.sampled_from(["fire", "tax", "water"]), st.integers(1, 3))
def test_nobody_gains_more_by_units_than_their_tolls_and_the_gap(
    problem: Problem, department: str, units: int
) -> None:
    """Tests the promise of the price on every day against the true optimum with more units."""
    found = account(problem, solve(problem))
    for load in found.loads:
        most = most_gain(found, load, units)
        if load.department == department and most is not None:
            change = MoreUnits(department=department, units=units, day=load.day)
            wider = varied(problem, [change])
            best = min(objective_of(wider, placed) for placed in all_plans(wider))
            assert found.objective - best <= most


@given(small_problems(4))
def test_more_of_anything_never_costs_and_the_proven_worth_holds(problem: Problem) -> None:
    """Tests that lifting every limit is worth between the two promises, by brute force."""
    changes: list[Variation] = [WiderVisits(most=None)]
    changes += [MoreUnits(department=d, units=1) for d in ("fire", "tax", "water")]
    changes += [MoreRoom(code=cap.code, more=1, key=cap.key) for cap in problem.caps]
    wider = varied(problem, changes)
    told = worth(solve(problem), solve(wider))
    before, after = best_worth(problem), best_worth(wider)
    same = (before.must_unplaced, before.pinned_unplaced)
    if same == (after.must_unplaced, after.pinned_unplaced):
        assert told.least <= before.objective - after.objective <= told.most
        assert told.most >= 0
