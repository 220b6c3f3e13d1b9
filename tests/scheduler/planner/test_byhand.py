"""Plans changed by hand: exact changes, what they break, and a bound that holds without a search."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.planner.audit import PlanError, hard_breaches, objective_of
from scheduler.planner.byhand import moved, proven, together
from scheduler.planner.completion import completed
from scheduler.planner.explain import caps_by_ask
from scheduler.planner.plan import Certificate
from scheduler.planner.problem import Problem
from scheduler.planner.reasons import CapacityFull, DayClosed
from scheduler.planner.solve import solve
from scheduler.planner.tally import Tally
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    Placed,
    all_plans,
    an_ask,
    best_worth,
    capacities,
    small_problems,
)

NOTHING = Certificate(kind="prices", tolls=(), budgets=(), shortfalls=())


def placed(tally: Tally) -> Placed:
    return [(tally.asks[name], day) for name, day in tally.days.items()]


def test_a_joint_visit_moves_as_one_and_keeps_its_single_entry() -> None:
    """Tests that both on Monday still make one entry, and that the fire brigade is full on Tuesday."""
    asks = (
        an_ask("f"),
        an_ask("t", department="tax"),
        an_ask("y", enterprise="yard", days=(TUESDAY,)),
    )
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire", "tax")))
    tally = Tally(problem, {"f": FRIDAY, "t": FRIDAY, "y": TUESDAY})
    monday, tuesday = together(tally, ("f", "t"), caps_by_ask(problem), {("tax", MONDAY): 7})
    assert (monday.day, monday.change, monday.breaks, monday.toll) == (MONDAY, 0, (), 7)
    full = CapacityFull(day=TUESDAY, department="fire", load=1, units=1)
    assert (tuesday.day, tuesday.breaks) == (TUESDAY, (full,))


def test_a_move_outside_the_window_is_told_as_such() -> None:
    problem = Problem(asks=(an_ask("a", days=(FRIDAY,)),), capacities=tuple(capacities(1, "fire")))
    tally, (fault,) = moved(Tally(problem, {"a": FRIDAY}), {"a": MONDAY, "gone": MONDAY}, {})
    assert fault.breaks == (DayClosed(day=MONDAY, rule="window"),)
    assert tally.days == {"a": FRIDAY}


def test_who_has_room_now_is_placed_on_his_cheapest_day() -> None:
    """Tests that a statutory ask comes first and joins the visit that is there."""
    asks = (
        an_ask("a", days=(FRIDAY, MONDAY), department="tax"),
        an_ask("b", enterprise="yard", days=(MONDAY,)),
        an_ask("c", days=(FRIDAY, MONDAY), must=True),
    )
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire", "tax")))
    full, added = completed(Tally(problem, {"a": MONDAY}), caps_by_ask(problem))
    assert (added, full.days) == (("c",), {"a": MONDAY, "c": MONDAY})


@given(small_problems(), st.data())
def test_each_change_is_exact_and_what_can_be_had_breaks_nothing(
    problem: Problem, data: st.DataObject
) -> None:
    plain = replace(problem, asks=tuple(replace(ask, pinned=None) for ask in problem.asks))
    plans = list(all_plans(plain))
    plan = data.draw(st.sampled_from(plans))
    tally = Tally(plain, {ask.id: day for ask, day in plan})
    groups: dict[object, list[str]] = {}
    for ask, day in plan:
        groups.setdefault((ask.enterprise, ask.party, day), []).append(ask.id)
    for names in groups.values():
        for other in together(tally, names, caps_by_ask(plain), {}):
            assert other.day is not None
            after, faults = moved(tally, dict.fromkeys(names, other.day), caps_by_ask(plain))
            assert bool(faults) == bool(other.breaks)
            if other.change is not None:
                known = objective_of(plain, placed(after)) - objective_of(plain, placed(tally))
                assert other.change == known
                assert bool(hard_breaches(plain, placed(after))) == bool(faults)


@given(small_problems(), st.data())
def test_a_plan_by_hand_is_audited_and_its_bound_is_true(
    problem: Problem, data: st.DataObject
) -> None:
    plan = data.draw(st.sampled_from(list(all_plans(problem))))
    start = Tally(problem, {ask.id: day for ask, day in plan})
    full, added = completed(start, caps_by_ask(problem))
    assert not hard_breaches(problem, placed(full))
    assert set(full.days) == {*start.days, *added}
    solution = proven(problem, full.days, solve(problem).certificate, step=3)
    assert (solution.days(), solution.step) == (full.days, 3)
    assert solution.bound <= min(objective_of(problem, p) for p in all_plans(problem))
    levels = {level.name: level.bound for level in solution.levels}
    assert levels["must_unplaced"] <= best_worth(problem).must_unplaced


@given(small_problems())
def test_nothing_that_could_be_placed_is_left_out_by_hand(problem: Problem) -> None:
    _, added = completed(Tally(problem, {}), caps_by_ask(problem))
    if added:
        with pytest.raises(PlanError, match="reason"):
            proven(problem, {}, NOTHING, step=0)
