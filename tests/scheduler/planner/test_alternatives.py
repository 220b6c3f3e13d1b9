"""Other days for one ask: exact changes, and what they break, against the auditor."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.planner.alternatives import Alternative, alternatives, cost_of
from scheduler.planner.audit import hard_breaches, objective_of
from scheduler.planner.explain import caps_by_ask
from scheduler.planner.problem import Ask, Blocked, Problem
from scheduler.planner.reasons import CapacityFull, DayClosed, VisitFull
from scheduler.planner.solve import solve
from scheduler.planner.tally import Tally
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    all_plans,
    an_ask,
    capacities,
    small_problems,
)


def of(problem: Problem, name: str, **days: object) -> list[Alternative]:
    """The alternatives of an ask in a plan given by its days."""
    tally = Tally(problem, days)  # type: ignore[arg-type]  # a test's own keywords
    ask = tally.asks[name]
    return list(alternatives(tally, ask, caps_by_ask(problem).get(name, ()), {}))


def test_days_are_ranked_what_can_be_had_first() -> None:
    """Tests that Tuesday costs an entry, being without a day 100 - 10, and Monday is full."""
    asks = (an_ask("a"), an_ask("b", enterprise="yard", department="fire", days=(MONDAY,)))
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire")))
    tuesday, nowhere, monday = of(problem, "a", a=FRIDAY, b=MONDAY)
    assert (tuesday.day, tuesday.change, tuesday.breaks) == (TUESDAY, 0, ())
    assert (nowhere.day, nowhere.change) == (None, 90)
    full = CapacityFull(day=MONDAY, department="fire", load=1, units=1)
    assert (monday.day, monday.change, monday.breaks) == (MONDAY, 0, (full,))


def test_joining_others_saves_an_entry_and_a_full_visit_says_so() -> None:
    """Tests that tax is there on Monday: 10 - 20 = -10; but one visit holds one department."""
    asks = (an_ask("a", days=(FRIDAY, MONDAY)), an_ask("t", department="tax", days=(MONDAY,)))
    rows = tuple(capacities(2, "fire", "tax"))
    joined = of(Problem(asks=asks, capacities=rows), "a", a=FRIDAY, t=MONDAY)[0]
    assert (joined.change, joined.with_others, joined.breaks) == (-10, ("tax",), ())
    narrow = Problem(asks=asks, capacities=rows, max_departments=1)
    _, full = of(narrow, "a", a=FRIDAY, t=MONDAY)
    assert full.breaks == (VisitFull(day=MONDAY, departments=("tax",)),)


def test_a_closed_day_stands_last_with_its_rule_and_no_price() -> None:
    ask = an_ask("a", days=(FRIDAY,), blocked=(Blocked(day=MONDAY, rule="day-open"),))
    problem = Problem(asks=(ask,), capacities=tuple(capacities(1, "fire")))
    last = of(problem, "a", a=FRIDAY)[-1]
    assert (last.day, last.change) == (MONDAY, None)
    assert last.breaks == (DayClosed(day=MONDAY, rule="day-open"),)


@given(st.data())
def test_every_change_is_exact_and_every_break_is_one(data: st.DataObject) -> None:
    """Tests each alternative of each ask against the auditor's own counting of the whole plan."""
    problem = data.draw(small_problems(4))
    placed = data.draw(st.sampled_from(list(all_plans(problem))))
    days = {ask.id: day for ask, day in placed}
    tally, caps = Tally(problem, days), caps_by_ask(problem)
    for ask in problem.asks:
        for other in alternatives(tally, ask, caps.get(ask.id, ()), {}):
            without = [(a, day) for a, day in placed if a.id != ask.id]
            moved = [*without, *([(ask, other.day)] if other.day else [])]
            assert other.change == objective_of(problem, moved) - objective_of(problem, placed)
            assert bool(other.breaks) == bool(hard_breaches(problem, moved))
    assert tally.days == days, "nothing moved"


@given(small_problems(4))
def test_no_single_move_betters_a_proven_plan(problem: Problem) -> None:
    """Tests that what can be had never lowers the objective where the plan places all it can."""
    solution = solve(problem)
    if not solution.statistics.proven:
        return
    tally, caps = Tally(problem, solution.days()), caps_by_ask(problem)

    def free(ask: Ask) -> list[Alternative]:
        found = alternatives(tally, ask, caps.get(ask.id, ()), {})
        return [other for other in found if not other.breaks]

    assert all((other.change or 0) >= 0 for ask in problem.asks for other in free(ask))


@given(small_problems(4))
def test_what_an_ask_costs_adds_up_to_the_objective(problem: Problem) -> None:
    """Tests that asks put in one after the other cost the whole objective together."""
    days = solve(problem).days()
    tally, total = Tally(problem, {}), 0
    for ask in problem.asks:
        total += cost_of(tally, ask, days.get(ask.id))
        if ask.id in days:
            tally.put(ask.id, days[ask.id])
    placed = [(ask, days[ask.id]) for ask in problem.asks if ask.id in days]
    assert total == objective_of(problem, placed)
