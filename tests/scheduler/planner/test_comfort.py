"""Little travel and even days: what is gained, and that nothing that ranks higher is given up."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.audit import audit, hard_breaches
from scheduler.planner.comfort import Comfort, comfort_of, comfortable, least_comfort
from scheduler.planner.limits import Limits
from scheduler.planner.problem import Problem
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    Placed,
    all_plans,
    an_ask,
    capacities,
    small_problems,
    worth_of,
)

FEW = settings(max_examples=60, deadline=None, derandomize=True)


def placed_in(problem: Problem, days: dict[str, date]) -> Placed:
    return [(ask, days[ask.id]) for ask in problem.asks if ask.id in days]


def somewhere(problem: Problem, places: list[str]) -> Problem:
    """The same problem with its enterprises in these places, in turn."""
    enterprises = sorted({ask.enterprise for ask in problem.asks})
    at = {name: places[n % len(places)] for n, name in enumerate(enterprises)}
    return replace(
        problem, asks=tuple(replace(ask, place=at[ask.enterprise]) for ask in problem.asks)
    )


@FEW
@given(small_problems(), st.lists(st.sampled_from(["", "north", "south"]), min_size=1), st.data())
def test_comfort_costs_nothing_that_ranks_higher(
    problem: Problem, places: list[str], data: st.DataObject
) -> None:
    """Tests any plan: worth, rules and visits stay, comfort never falls, and keeps its bound."""
    problem = somewhere(problem, places)
    plan = data.draw(st.sampled_from(list(all_plans(problem))))
    days = {ask.id: day for ask, day in plan}
    after = comfortable(problem, days)
    assert after.keys() == days.keys()
    assert worth_of(problem, placed_in(problem, after)) == worth_of(problem, plan)
    assert hard_breaches(problem, placed_in(problem, after)) == ()
    before, now = comfort_of(problem, days), comfort_of(problem, after)
    least = least_comfort(problem, days)
    assert now <= before
    assert least.trips <= now.trips
    assert least.fullest <= now.fullest


@FEW
@given(small_problems(), st.lists(st.sampled_from(["", "north", "south"]), min_size=1))
def test_no_plan_of_the_same_requests_is_below_the_bounds(
    problem: Problem, places: list[str]
) -> None:
    """Tests the bounds against every plan there is."""
    problem = somewhere(problem, places)
    for plan in all_plans(problem):
        days = {ask.id: day for ask, day in plan}
        found, least = comfort_of(problem, days), least_comfort(problem, days)
        assert least.trips <= found.trips
        assert least.fullest <= found.fullest


def test_two_mills_of_one_township_are_visited_on_one_day() -> None:
    """Tests that a visit moves to where its department is anyway."""
    asks = (an_ask("a", place="north"), an_ask("b", enterprise="kiln", place="north"))
    problem = Problem(asks=asks, capacities=tuple(capacities(2, "fire")))
    after = comfortable(problem, {"a": FRIDAY, "b": MONDAY})
    assert after["a"] == after["b"]
    assert comfort_of(problem, after) == Comfort(trips=1, fullest=2)


def test_visits_change_days_where_both_are_full() -> None:
    """Tests that two full days are sorted by township."""
    places = {"a": "north", "b": "south", "c": "south", "d": "north"}
    asks = tuple(
        an_ask(name, enterprise=f"mill-{name}", place=place, days=(FRIDAY, MONDAY))
        for name, place in places.items()
    )
    problem = Problem(asks=asks, capacities=tuple(capacities(2, "fire")))
    mixed = {"a": FRIDAY, "b": FRIDAY, "c": MONDAY, "d": MONDAY}
    after = comfortable(problem, mixed)
    assert after["a"] == after["d"] != after["b"] == after["c"]
    assert comfort_of(problem, after).trips == 2


def test_days_are_filled_evenly_where_nobody_travels() -> None:
    """Tests that the fullest day is relieved."""
    asks = tuple(an_ask(str(n), enterprise=f"mill-{n}") for n in range(6))
    problem = Problem(
        asks=asks, capacities=tuple(capacities(6, "fire", days=(FRIDAY, MONDAY, TUESDAY)))
    )
    after = comfortable(problem, dict.fromkeys("012345", FRIDAY))
    assert comfort_of(problem, after).fullest == 2 == least_comfort(problem, after).fullest


def test_a_pinned_visit_stays_and_a_plan_says_its_comfort() -> None:
    """Tests the whole door: what is pinned is not moved for comfort, and the levels are told."""
    asks = (
        an_ask("a", place="north", pinned=MONDAY),
        an_ask("b", enterprise="kiln", place="north"),
    )
    problem = Problem(asks=asks, capacities=tuple(capacities(2, "fire")))
    solution = solve(problem)
    assert solution.days() == {"a": MONDAY, "b": MONDAY}
    levels = {level.name: (level.value, level.bound) for level in solution.levels}
    assert levels["trips"] == (1, 1)
    assert levels["fullest"] == (2, 1)


@FEW
@given(small_problems(), st.lists(st.sampled_from(["", "north", "south"]), min_size=1))
def test_whoever_has_room_once_visits_have_moved_gets_a_day(
    problem: Problem, places: list[str]
) -> None:
    """Tests the whole door with a search cut short: its plan passes the audit, which asks for this."""
    problem = somewhere(problem, places)
    solution = solve(problem, limits=Limits(steps=1, whole_options=0))
    assert audit(problem, solution) == ()
