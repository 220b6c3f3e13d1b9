"""Holding on to published days, on small worlds where everything can be tried."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.planner.anchors import Anchors, attached, levels, moved
from scheduler.planner.audit import objective_of
from scheduler.planner.problem import Problem
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    an_ask,
    capacities,
    small_problems,
)

CHANGE = 20


def stood(days: dict[str, date], change: int = CHANGE, notice: date | None = None) -> Anchors:
    """Anchors at these days."""
    return Anchors(days=days, change=change, notice=notice)


def test_who_must_come_and_whom_a_person_fixed_needs_no_notice() -> None:
    """Tests that from Tuesday on anybody may come, on Monday only three of four."""
    asks = (
        an_ask("had", months_off=(0, 0, 0)),
        an_ask("must", must=True),
        an_ask("pin", pinned=MONDAY),
        an_ask("new"),
    )
    found = attached(Problem(asks=asks), stood({"had": MONDAY}, notice=TUESDAY))
    assert {ask.id: ask.days for ask in found.asks} == {
        "had": (MONDAY, TUESDAY),
        "must": (FRIDAY, MONDAY, TUESDAY),
        "pin": (MONDAY, TUESDAY),
        "new": (TUESDAY,),
    }
    assert [(b.day, b.rule) for b in found.asks[3].blocked] == [
        (FRIDAY, "notice"),
        (MONDAY, "notice"),
    ]


def test_so_dear_a_move_that_leaving_out_would_pay_is_refused() -> None:
    problem = Problem(asks=(an_ask("a"),), capacities=tuple(capacities(1, "fire")))
    with pytest.raises(ValueError, match="90"):
        attached(problem, stood({"a": FRIDAY}, 90))


@given(small_problems(4), st.integers(1, 40), st.data())
def test_the_points_for_moves_are_part_of_objective_and_bound(
    problem: Problem, change: int, data: st.DataObject
) -> None:
    """Tests that objective = plain objective + points for moves and newcomers, and the levels."""
    had = [ask for ask in problem.asks if bool(ask.days) and data.draw(st.booleans())]
    days = {a.id: data.draw(st.sampled_from(a.days)) for a in had}
    held = stood(days, change)
    solution = solve(attached(problem, held))
    placed = [(a, solution.days()[a.id]) for a in problem.asks if a.id in solution.days()]
    newcomers = [ask for ask, _ in placed if ask.id not in days]
    paid = change * (len(moved(solution.days(), held)) + 2 * len(newcomers))
    assert solution.objective == objective_of(problem, placed) + paid
    assert solution.bound <= solution.objective
    told = {level.name: level for level in levels(attached(problem, held), solution, held)}
    assert told["change"].value == paid
    assert told["months"].value == sum(ask.delay(day) for ask, day in placed)
    assert told["months"].bound <= told["months"].value


@given(small_problems(4))
def test_a_plan_made_again_with_a_price_on_moves_moves_nobody(problem: Problem) -> None:
    """Tests that where the first plan was proven best, nothing is gained by any move."""
    first = solve(problem)
    if not first.statistics.proven:
        return
    again = solve(attached(problem, stood(first.days(), CHANGE)))
    assert again.days() == first.days()
    assert again.objective == first.objective


def test_nobody_takes_the_place_of_one_who_was_promised_a_day() -> None:
    """Tests that a moves to Monday for 20, rather than b coming in and a staying out."""
    asks = (an_ask("a", enterprise="mill"), an_ask("b", enterprise="yard", days=(MONDAY,)))
    rows = tuple(capacities(1, "fire", days=(MONDAY,)))
    problem = Problem(asks=asks, capacities=rows)
    assert solve(attached(problem, stood({"a": FRIDAY}))).days() == {"a": MONDAY}
