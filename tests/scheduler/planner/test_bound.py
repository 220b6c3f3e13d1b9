"""Bounds: never above the optimum, whatever the prices."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.bound import Prices, Task, least_left_out, priced_bound
from scheduler.planner.index import index_problem
from scheduler.planner.limits import Limits
from scheduler.planner.plan import TOLL_SCALE
from scheduler.planner.problem import Problem
from scheduler.planner.solve import solve
from scheduler.planner.tolls import find_prices
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    WEEK,
    all_plans,
    an_ask,
    capacities,
    small_problems,
    worth_of,
)

FEW = settings(max_examples=60, deadline=None, derandomize=True)


@FEW
@given(small_problems(most_asks=4), st.randoms(use_true_random=False))
def test_any_prices_give_a_valid_bound(problem: Problem, random: Random) -> None:
    """Tests arbitrary tolls and rebates, sensible or not, against every plan."""
    index = index_problem(problem)
    least = least_left_out(index, range(len(index.asks)))
    prices = Prices(
        tuple(random.randrange(120 * TOLL_SCALE) for _ in index.units),
        {name: random.randrange(100 * TOLL_SCALE) for name in least},
        least,
    )
    cheapest = min(worth_of(problem, placed).objective for placed in all_plans(problem))
    assert priced_bound(index, Task(tuple(range(len(index.asks)))), prices) <= cheapest


@FEW
@given(small_problems(most_asks=4))
def test_the_bound_on_entries_holds_for_the_same_asks(problem: Problem) -> None:
    """Tests that no plan that places the same asks has fewer entries than the bound."""
    for whole_options in (0, 400):
        solution = solve(problem, limits=_limits(whole_options))
        same = set(solution.days())
        entries = min(
            len({(ask.enterprise, day, ask.party) for ask, day in placed})
            for placed in all_plans(problem)
            if {ask.id for ask, _ in placed} == same
        )
        assert solution.entries_bound <= entries
        if whole_options:
            assert solution.entries_bound == entries


def test_tolls_see_what_counting_does_not() -> None:
    """Tests that the sum of a week's units hides a Friday that three asks want."""
    asks = tuple(an_ask(f"a{n}", enterprise=f"e{n}", days=(FRIDAY,)) for n in range(3))
    asks += (an_ask("b", days=(MONDAY,)),)
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire")))
    index = index_problem(problem)
    task = Task(tuple(range(4)))
    prices = find_prices(index, task, least_left_out(index, range(4)))
    assert prices is not None
    # Two of Friday's stay out; one of Friday's and Monday's enter: 2 x 100 + 2 x 10.
    assert priced_bound(index, task, prices) == 220


def test_counting_finds_those_beyond_all_capacity() -> None:
    """Tests that of 1 + 2 + 3 units, 5 units of room leave one out, and one is hopeless."""
    asks = [an_ask(f"a{n}", duration=n, enterprise=f"e{n}") for n in (1, 2, 3)]
    asks.append(an_ask("never", days=()))
    rows = tuple(capacities(3, "fire", days=(FRIDAY,)) + capacities(2, "fire", days=(MONDAY,)))
    index = index_problem(Problem(asks=tuple(asks), capacities=rows))
    assert least_left_out(index, range(4)) == {"fire": 2}


def test_a_visit_of_two_departments_makes_four_departments_two_entries() -> None:
    """Tests the entries of four departments that must all come, two at most at a time."""
    departments = ("fire", "tax", "water", "work")
    asks = tuple(an_ask(name, department=name) for name in departments)
    problem = Problem(asks=asks, capacities=tuple(capacities(1, *departments)), max_departments=2)
    index = index_problem(problem)
    free = Prices((0,) * len(index.units), {}, {})
    assert priced_bound(index, Task((0, 1, 2, 3), months=False, unplaced=None), free) == 20
    assert solve(problem, limits=_limits(0)).entries_bound == 2


def test_many_days_are_bounded_by_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests the weaker bound where an enterprise has too many different days to try all."""
    asks = tuple(
        an_ask(f"a{n}", days=WEEK, months_off=tuple(4 * (n != k) for k in range(5)))
        for n in range(5)
    )
    problem = Problem(asks=asks, capacities=tuple(capacities(9, "fire")))
    index = index_problem(problem)
    task = Task(tuple(range(5)))
    free = Prices((0,) * len(index.units), {}, {})
    exact = priced_bound(index, task, free)
    monkeypatch.setattr("scheduler.planner.bound.MOST_SUBSETS", 1)
    shared = priced_bound(index, task, free)
    # One day: 10 + 4 x 4 = 26. By shares each pays 10 / 5 on its own best day: 10.
    assert (exact, shared) == (26, 10)


def _limits(whole_options: int) -> Limits:
    return Limits(steps=2, whole_options=whole_options)
