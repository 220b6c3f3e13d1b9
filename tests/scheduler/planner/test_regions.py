"""Regions planned apart are together a plan of the whole."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.planner.audit import hard_breaches
from scheduler.planner.problem import CapRoom, Problem
from scheduler.planner.regions import split
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import FRIDAY, an_ask, best_worth, capacities, small_problems

REGIONS = {"mill": "north", "yard": "south", "port": "south"}


def test_units_and_a_citys_budget_are_shared_by_what_is_asked_for() -> None:
    """Tests that south asks for 3 of 4: it has 3 of 4 units; of 2 visits each half goes by name."""
    asks = (
        an_ask("a", days=(FRIDAY,)),
        *(an_ask(n, days=(FRIDAY,), enterprise="yard") for n in "bcd"),
    )
    members = frozenset((ask.id, FRIDAY) for ask in asks)
    budget = CapRoom(code="city", key="k", room=2, counts="presence", members=members)
    rows = tuple(capacities(4, "fire", days=(FRIDAY,)))
    parts = split(Problem(asks=asks, capacities=rows, caps=(budget,)), REGIONS)
    assert [parts[r].capacities[0].units for r in ("north", "south")] == [1, 3]
    assert [parts[r].caps[0].room for r in ("north", "south")] == [1, 1]


@given(small_problems())
def test_plans_of_the_regions_are_a_plan_of_the_whole(problem: Problem) -> None:
    """Tests that nothing shared is ever overdrawn, and that no request is lost."""
    parts = split(problem, REGIONS)
    assert sorted(a.id for part in parts.values() for a in part.asks) == sorted(
        ask.id for ask in problem.asks
    )
    days = {name: day for part in parts.values() for name, day in solve(part).days().items()}
    placed = [(ask, days[ask.id]) for ask in problem.asks if ask.id in days]
    assert not hard_breaches(problem, placed)


@given(small_problems(4), st.sampled_from(["all", "one"]))
def test_one_region_is_the_whole(problem: Problem, name: str) -> None:
    """Tests that a problem of one region loses nothing by being cut."""
    (part,) = split(problem, dict.fromkeys(REGIONS, name)).values()
    assert best_worth(part) == best_worth(problem)
