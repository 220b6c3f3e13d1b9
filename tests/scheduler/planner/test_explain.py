"""Each kind of reason, and the ways out."""

from datetime import date

from scheduler.planner.plan import Solution
from scheduler.planner.problem import Blocked, CapRoom, Problem
from scheduler.planner.reasons import (
    AnotherWeek,
    CapacityFull,
    CapExhausted,
    DayClosed,
    Drop,
    Escalate,
    JoinVisit,
    NamedDecision,
    OffSite,
    PinnedElsewhere,
    Unplaced,
    VisitFull,
    WindowEmpty,
)
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import FRIDAY, MONDAY, an_ask, capacities

UNITS = tuple(capacities(4, "fire", "tax", "water"))


def left_out(solution: Solution) -> Unplaced:
    """The one ask without a day."""
    (only,) = solution.unplaced
    return only


def presence_cap(room: int, *members: tuple[str, date]) -> CapRoom:
    """At most so many presences of a department at an enterprise."""
    return CapRoom(
        code="twice", key="fire/mill", room=room, counts="presence", members=frozenset(members)
    )


def test_no_window_at_all() -> None:
    reason = left_out(solve(Problem(asks=(an_ask("a", days=()),), capacities=UNITS)))
    assert reason.obstacles == (WindowEmpty(),)
    assert reason.ways == (OffSite(), AnotherWeek(), Drop())


def test_days_closed_by_a_rule_may_be_escalated() -> None:
    blocked = (Blocked(day=FRIDAY, rule="closed-day"), Blocked(day=MONDAY, rule="dormant"))
    reason = left_out(
        solve(Problem(asks=(an_ask("a", days=(), blocked=blocked),), capacities=UNITS))
    )
    assert reason.obstacles == (
        DayClosed(day=FRIDAY, rule="closed-day"),
        DayClosed(day=MONDAY, rule="dormant"),
    )
    assert reason.ways[-1] == Escalate(rules=("closed-day", "dormant"))


def test_a_cap_that_was_used_up_before() -> None:
    asks = (an_ask("a", days=(FRIDAY,)),)
    caps = (presence_cap(0, ("a", FRIDAY)),)
    reason = left_out(solve(Problem(asks=asks, capacities=UNITS, caps=caps)))
    assert reason.obstacles == (CapExhausted(day=FRIDAY, code="twice", key="fire/mill", room=0),)
    assert reason.ways[-1] == Escalate(rules=("twice",))


def test_a_cap_that_this_plan_uses_up() -> None:
    """Tests that one presence is left, and the heavier of two days' asks has it."""
    asks = (an_ask("a", days=(FRIDAY,)), an_ask("b", days=(MONDAY,), weight=5))
    caps = (presence_cap(1, ("a", FRIDAY), ("b", MONDAY)),)
    solution = solve(Problem(asks=asks, capacities=UNITS, caps=caps))
    assert solution.days() == {"b": MONDAY}
    reason = left_out(solution)
    assert reason.obstacles == (CapExhausted(day=FRIDAY, code="twice", key="fire/mill", room=1),)
    assert JoinVisit(day=MONDAY, departments=("fire",)) in reason.ways


def test_two_asks_on_one_day_are_one_presence() -> None:
    """Tests that a cap with one presence left admits two asks of one department and day."""
    asks = (an_ask("a"), an_ask("b"))
    pairs = [(ask.id, day) for ask in asks for day in ask.days]
    solution = solve(Problem(asks=asks, capacities=UNITS, caps=(presence_cap(1, *pairs),)))
    assert len(set(solution.days().values())) == 1
    assert solution.unplaced == ()


def test_a_full_department_says_its_load() -> None:
    """Tests that 3 of 4 units are taken, and 2 more do not fit."""
    first = an_ask("a", days=(FRIDAY,), duration=3, must=True)
    second = an_ask("b", days=(FRIDAY, MONDAY), duration=2, enterprise="yard")
    reason = left_out(solve(Problem(asks=(first, second), capacities=UNITS[:1])))
    assert reason.obstacles == (
        CapacityFull(day=FRIDAY, department="fire", load=3, units=4),
        CapacityFull(day=MONDAY, department="fire", load=0, units=0),
    )
    assert reason.ways == (OffSite(), AnotherWeek(), Drop())


def test_a_visit_with_enough_departments_takes_no_other() -> None:
    asks = tuple(an_ask(d, department=d, days=(FRIDAY,)) for d in ("fire", "tax", "water"))
    solution = solve(Problem(asks=asks, capacities=UNITS, max_departments=2))
    reason = left_out(solution)
    (visit,) = solution.visits
    assert reason.obstacles == (VisitFull(day=FRIDAY, departments=visit.departments),)
    assert not any(isinstance(way, JoinVisit) for way in reason.ways)


def test_a_pin_closes_the_other_days() -> None:
    asks = (an_ask("a", days=(FRIDAY, MONDAY), pinned=MONDAY),)
    reason = left_out(solve(Problem(asks=asks)))
    assert reason.obstacles == (
        PinnedElsewhere(day=FRIDAY, pinned=MONDAY),
        CapacityFull(day=MONDAY, department="fire", load=0, units=0),
    )


def test_a_statutory_ask_is_never_dropped_but_decided_by_a_person() -> None:
    """Tests that tax's visit of that day can be joined; the rest is for a person."""
    asks = (an_ask("a", must=True), an_ask("b", department="tax", days=(MONDAY,)))
    solution = solve(Problem(asks=asks, capacities=tuple(capacities(1, "tax"))))
    assert left_out(solution).ways == (
        JoinVisit(day=MONDAY, departments=("tax",)),
        NamedDecision(),
    )
