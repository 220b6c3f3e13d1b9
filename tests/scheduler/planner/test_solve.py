"""The planner against brute force, and what must hold of every plan."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.audit import audit
from scheduler.planner.limits import Limits
from scheduler.planner.problem import Ask, Capacity, CapRoom, Problem
from scheduler.planner.progress import Progress
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    WEEK,
    an_ask,
    best_worth,
    capacities,
    county_month,
    small_problems,
    worth_of_plan,
)

MANY = settings(max_examples=150, deadline=None, derandomize=True)
FEW = settings(max_examples=40, deadline=None, derandomize=True)
QUICK = Limits(steps=3)
WORK = Limits(steps=60)


@MANY
@given(small_problems())
def test_a_small_world_is_solved_as_well_as_by_trying_everything(problem: Problem) -> None:
    """Tests that must, pins, objective and weight are all optimal, and known to be."""
    solution = solve(problem, limits=QUICK)
    best = best_worth(problem)
    assert worth_of_plan(problem, solution) == best
    assert solution.bound == best.objective
    assert solution.statistics.proven
    assert audit(problem, solution) == ()


@FEW
@given(small_problems(), st.integers(0, 2))
def test_without_the_exact_model_the_plan_is_still_sound(problem: Problem, steps: int) -> None:
    """Tests that annealing alone never beats the optimum, and its bound never passes it."""
    solution = solve(problem, limits=Limits(steps=steps, whole_options=0))
    best = best_worth(problem)
    found = worth_of_plan(problem, solution)
    assert found >= best
    assert solution.bound <= best.objective
    must, pinned, *_ = solution.levels
    assert must.bound <= best.must_unplaced
    assert pinned.bound <= best.pinned_unplaced


@FEW
@given(small_problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(problem: Problem, random: Random) -> None:
    """Tests that a shuffled problem has the very same plan, and the same seed repeats it."""
    shuffled = replace(
        problem,
        asks=tuple(random.sample(problem.asks, len(problem.asks))),
        capacities=tuple(random.sample(problem.capacities, len(problem.capacities))),
        caps=tuple(random.sample(problem.caps, len(problem.caps))),
    )
    assert solve(shuffled, seed=3, limits=QUICK) == solve(problem, seed=3, limits=QUICK)


@FEW
@given(small_problems())
def test_more_capacity_never_makes_the_plan_worse(problem: Problem) -> None:
    richer = replace(
        problem, capacities=tuple(replace(c, units=c.units + 1) for c in problem.capacities)
    )
    before, after = solve(problem, limits=QUICK), solve(richer, limits=QUICK)
    assert worth_of_plan(richer, after) <= worth_of_plan(problem, before)


@FEW
@given(small_problems())
def test_a_removed_cap_never_makes_the_plan_worse(problem: Problem) -> None:
    freer = replace(problem, caps=problem.caps[1:], max_departments=None)
    before, after = solve(problem, limits=QUICK), solve(freer, limits=QUICK)
    assert worth_of_plan(freer, after) <= worth_of_plan(problem, before)


@FEW
@given(small_problems())
def test_renaming_changes_no_value(problem: Problem) -> None:
    """Tests that names carry no meaning: reversing their order keeps every level."""
    names = {ask.id: f"z{9 - int(ask.id[1:])}" for ask in problem.asks}
    houses = {"mill": "zinc works", "yard": "atelier"}

    def renamed(cap: CapRoom) -> CapRoom:
        return replace(cap, members=frozenset((names[a], day) for a, day in cap.members))

    other = replace(
        problem,
        asks=tuple(
            replace(ask, id=names[ask.id], enterprise=houses[ask.enterprise])
            for ask in problem.asks
        ),
        caps=tuple(renamed(cap) for cap in problem.caps),
    )
    one, two = solve(problem, limits=QUICK), solve(other, limits=QUICK)
    assert worth_of_plan(problem, one) == worth_of_plan(other, two)


def test_two_departments_come_on_one_day() -> None:
    """Tests that one entry serves two departments: 10, not 20; two entries cost 20."""
    asks = (an_ask("a"), an_ask("b", department="tax"))
    together = solve(Problem(asks=asks, capacities=tuple(capacities(1, "fire", "tax"))))
    assert (together.objective, together.bound, together.entries_bound) == (10, 10, 1)
    assert [visit.departments for visit in together.visits] == [("fire", "tax")]


def test_service_and_enforcement_never_share_a_visit() -> None:
    """Tests that asks of two parties on one day are two entries: 20."""
    asks = (an_ask("a", days=(FRIDAY,)), an_ask("b", days=(FRIDAY,), party="service"))
    solution = solve(Problem(asks=asks, capacities=tuple(capacities(2, "fire"))))
    assert solution.objective == 20
    assert [visit.party for visit in solution.visits] == ["", "service"]


def test_what_must_be_placed_is_placed_first() -> None:
    """Tests that one statutory ask of 3 units takes the day from three of 1 unit each."""
    asks = [an_ask(f"a{n}", enterprise=f"e{n}", days=(FRIDAY,), weight=9) for n in range(3)]
    must = an_ask("must", enterprise="x", days=(FRIDAY,), duration=3, must=True)
    problem = Problem(asks=(*asks, must), capacities=tuple(capacities(3, "fire")))
    # 3 unplaced x 100 + 1 entry x 10, where the cheapest plan would have 3 x 10 + 100.
    assert solve(problem).objective == 310
    assert solve(problem).days() == {"must": FRIDAY}


def test_a_pin_goes_before_what_would_be_cheaper() -> None:
    """Tests that the pinned ask of 2 units has the day, and a statutory one would have it first."""
    pin = an_ask("pin", days=(FRIDAY, MONDAY), pinned=FRIDAY, duration=2)
    cheap = [an_ask(f"a{n}", enterprise=f"e{n}", days=(FRIDAY,)) for n in range(2)]
    problem = Problem(asks=(pin, *cheap), capacities=tuple(capacities(2, "fire")))
    for limits in (QUICK, Limits(steps=5, whole_options=0)):
        assert solve(problem, limits=limits).days() == {"pin": FRIDAY}
    lawful = replace(problem, asks=(pin, replace(cheap[0], must=True), cheap[1]))
    assert solve(lawful).days() == {"a0": FRIDAY, "a1": FRIDAY}


def test_of_two_equals_the_heavier_one_is_placed() -> None:
    asks = (an_ask("a", days=(FRIDAY,)), an_ask("b", days=(FRIDAY,), weight=1, enterprise="yard"))
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire")))
    for limits in (QUICK, Limits(steps=200, whole_options=0)):
        assert solve(problem, limits=limits).days() == {"b": FRIDAY}


def test_a_preferred_month_is_worth_its_months() -> None:
    """Tests that waiting two months costs 2, less than a second entry."""
    asks = (
        an_ask("a", days=(FRIDAY, MONDAY), months_off=(0, 2)),
        an_ask("b", days=(MONDAY,), department="tax"),
    )
    solution = solve(Problem(asks=asks, capacities=tuple(capacities(1, "fire", "tax"))))
    assert solution.objective == 12
    assert {level.name: level.value for level in solution.levels}["months"] == 2


def test_an_empty_problem_has_an_empty_plan() -> None:
    solution = solve(Problem(asks=()))
    assert (solution.objective, solution.bound, solution.visits) == (0, 0, ())


def test_an_enterprise_with_five_hundred_asks_is_no_trouble() -> None:
    """Tests that 500 asks on 5 days of 60 units make 5 entries and leave out 200."""
    asks = tuple(an_ask(f"a{n:03}", days=WEEK) for n in range(500))
    solution = solve(Problem(asks=asks, capacities=tuple(capacities(60, "fire"))), limits=WORK)
    assert solution.objective == 20_050
    assert 19_950 <= solution.bound <= 20_050


def test_a_month_like_a_citys_is_proven_optimal() -> None:
    """Tests 1,400 asks of 14 departments, most enterprises with one ask: no gap at all."""
    problem = county_month(asks=1400, departments=14, per_enterprise=1.3, longest=1, seed=7)
    solution = solve(problem)
    assert solution.objective == solution.bound
    assert solution.levels[0].value == 0


def test_a_tight_county_month_has_a_small_proven_gap() -> None:
    """Tests 1,000 asks of 1 to 4 units, 70 departments, capacity 1.04 x demand: within 6 %."""
    problem = county_month(asks=1000, departments=70, per_enterprise=3, longest=4, seed=7)
    solution = solve(problem)
    assert solution.objective - solution.bound <= 0.06 * solution.objective
    assert solution.levels[0].value == 0


def test_a_stopped_plan_can_be_repeated() -> None:
    """Tests that running to the step at which a watcher stopped gives the same plan."""
    problem = county_month(asks=120, departments=8, per_enterprise=3, longest=4, seed=1)
    seen: list[Progress] = []

    def stop_after_two(progress: Progress) -> bool:
        seen.append(progress)
        return progress.step < 2

    limits = Limits(steps=6)
    stopped = solve(problem, seed=5, limits=limits, watch=stop_after_two)
    assert (stopped.step, [progress.step for progress in seen]) == (2, [1, 2])
    assert solve(problem, seed=5, limits=replace(limits, stop=2)) == stopped


def test_limits_are_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Limits(steps=-1)


def test_days_of_unequal_capacity_have_their_price() -> None:
    """Tests the bound by tolls: one unit on each day, two mills that want both departments.

    Fire works on Friday only and tax on Monday only, so that each mill would be entered
    twice; of fire's two asks one has no room. 2 x 100 + 2 entries x 10.
    """
    fire = Capacity(department="fire", day=FRIDAY, units=1)
    tax = Capacity(department="tax", day=MONDAY, units=1)
    asks = tuple(
        Ask(id=f"{d}-{e}", enterprise=e, department=d, days=WEEK)
        for d in ("fire", "tax")
        for e in ("mill", "yard")
    )
    solution = solve(
        Problem(asks=asks, capacities=(fire, tax)), limits=replace(WORK, whole_options=0)
    )
    assert (solution.objective, solution.bound) == (220, 220)


def test_a_search_cut_short_claims_no_more_than_it_proved() -> None:
    """Tests the exact model with hardly any effort: its bound is below a long search's plan."""
    problem = county_month(asks=60, departments=4, per_enterprise=3, longest=4, seed=2)
    long = solve(problem, limits=Limits(steps=20))
    for effort in (0.001, 0.01, 0.1):
        short = solve(problem, limits=Limits(steps=1, whole_effort=effort))
        assert short.bound <= long.objective
        assert long.bound <= short.objective
