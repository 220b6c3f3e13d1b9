"""The auditor finds whatever is wrong with a plan."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduler.planner.audit import Breach, PlanError, audit, hard_breaches
from scheduler.planner.plan import Placement, Solution
from scheduler.planner.problem import Blocked, CapRoom, Problem
from scheduler.planner.reasons import (
    CapacityFull,
    CapExhausted,
    DayClosed,
    Obstacle,
    PinnedElsewhere,
    Unplaced,
    VisitFull,
    WindowEmpty,
)
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import FRIDAY, MONDAY, TUESDAY, an_ask, capacities

ASKS = (
    an_ask("a", items=("hydrant", "exit")),
    an_ask("b", department="tax", items=("exit", "books"), duration=2),
    an_ask("c", days=(FRIDAY,), blocked=(Blocked(day=MONDAY, rule="closed"),), duration=5),
)
WORLD = Problem(asks=ASKS, capacities=tuple(capacities(3, "fire", "tax")))
PLAN = solve(WORLD)


def kinds(solution: Solution, problem: Problem = WORLD) -> set[str]:
    """The kinds of breach found."""
    return {breach.kind for breach in audit(problem, solution)}


def with_reason(*obstacles: Obstacle) -> Solution:
    """The plan, with other obstacles for c."""
    return replace(PLAN, unplaced=(Unplaced(ask="c", obstacles=obstacles, ways=()),))


def test_a_sound_plan_has_no_breach() -> None:
    """Tests the visit's facts: items once each, stay of the longest, lead by most units."""
    assert audit(WORLD, PLAN) == ()
    (visit,) = PLAN.visits
    assert (visit.lead, visit.items, visit.duration) == ("tax", ("books", "exit", "hydrant"), 2)


def test_a_statutory_ask_makes_its_department_lead() -> None:
    asks = (replace(ASKS[0], must=True), *ASKS[1:])
    (visit,) = solve(replace(WORLD, asks=asks)).visits
    assert visit.lead == "fire"


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda p: replace(p, placements=p.placements[1:]), "answers"),
        (lambda p: replace(p, placements=p.placements * 2), "answers"),
        (lambda p: replace(p, placements=(Placement(ask="x", day=FRIDAY),)), "unknown ask"),
        (lambda p: replace(p, visits=()), "visits"),
        (lambda p: replace(p, visits=(replace(p.visits[0], lead="fire"),)), "visit"),
        (lambda p: replace(p, visits=(replace(p.visits[0], items=()),)), "visit"),
        (lambda p: replace(p, objective=p.objective - 1), "objective"),
        (lambda p: replace(p, bound=p.objective + 1), "bound"),
        (lambda p: replace(p, entries_bound=2), "bound"),
        (lambda p: replace(p, levels=p.levels[1:]), "levels"),
        (
            lambda p: replace(p, levels=(replace(p.levels[0], bound=1), *p.levels[1:])),
            "bound",
        ),
    ],
)
def test_a_plan_that_misstates_itself_is_caught(
    spoil: Callable[[Solution], Solution], kind: str
) -> None:
    assert kind in kinds(spoil(PLAN))


@pytest.mark.parametrize(
    "lie",
    [
        WindowEmpty(),
        DayClosed(day=FRIDAY, rule="closed"),
        DayClosed(day=MONDAY, rule="other"),
        PinnedElsewhere(day=FRIDAY, pinned=MONDAY),
        CapExhausted(day=FRIDAY, code="cap", key="k", room=0),
        VisitFull(day=FRIDAY, departments=("fire", "tax")),
        CapacityFull(day=FRIDAY, department="fire", load=3, units=3),
        CapacityFull(day=FRIDAY, department="tax", load=0, units=3),
    ],
)
def test_a_reason_that_is_not_so_is_caught(lie: Obstacle) -> None:
    assert "reason" in kinds(with_reason(lie, *PLAN.unplaced[0].obstacles))


def test_a_day_without_a_reason_is_caught() -> None:
    closed, full = PLAN.unplaced[0].obstacles
    assert {type(closed), type(full)} == {DayClosed, CapacityFull}
    for obstacles in ((), (closed,), (full,)):
        assert "reason" in kinds(with_reason(*obstacles))


def test_a_department_over_its_units_is_caught() -> None:
    placed = [(an_ask("a", duration=2), FRIDAY), (an_ask("b", duration=2), FRIDAY)]
    problem = Problem(asks=tuple(ask for ask, _ in placed), capacities=WORLD.capacities)
    assert [breach.kind for breach in hard_breaches(problem, placed)] == ["capacity"]


def test_a_day_or_pin_not_kept_is_caught() -> None:
    ask = an_ask("a", days=(FRIDAY, MONDAY), pinned=FRIDAY)
    problem = Problem(asks=(ask,), capacities=WORLD.capacities)
    assert [b.kind for b in hard_breaches(problem, [(ask, MONDAY)])] == ["pin"]
    assert [b.kind for b in hard_breaches(problem, [(ask, TUESDAY)])] == ["day", "pin"]


@pytest.mark.parametrize(("counts", "breaches"), [("presence", ["cap"]), ("entry", [])])
def test_an_overdrawn_cap_is_caught(counts: str, breaches: list[str]) -> None:
    """Tests that two departments on one day are two presences, but one entry."""
    placed = [(an_ask("a"), FRIDAY), (an_ask("b", department="tax"), FRIDAY)]
    members = frozenset((ask.id, day) for ask, day in placed)
    cap = CapRoom(code="c", key="k", room=1, counts=counts, members=members)  # type: ignore[arg-type]
    problem = Problem(
        asks=tuple(ask for ask, _ in placed), capacities=WORLD.capacities, caps=(cap,)
    )
    assert [breach.kind for breach in hard_breaches(problem, placed)] == breaches


def test_too_many_departments_in_a_visit_are_caught() -> None:
    placed = [(an_ask("a"), FRIDAY), (an_ask("b", department="tax"), FRIDAY)]
    problem = Problem(
        asks=tuple(ask for ask, _ in placed), capacities=WORLD.capacities, max_departments=1
    )
    assert [breach.kind for breach in hard_breaches(problem, placed)] == ["departments"]


def test_the_error_carries_the_breaches() -> None:
    breach = Breach(kind="cap", subject="twice fire/mill")
    assert PlanError([breach]).breaches == (breach,)
    assert str(PlanError([breach])) == "cap: twice fire/mill"
