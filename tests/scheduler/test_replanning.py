"""A published month as a problem: what stands may stay, and a move has its price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scheduler.planner.anchors import NOTICE_RULE
from scheduler.planner.problem import Problem
from scheduler.planning import compile_problem
from scheduler.replanning import CHANGE, compile_revision, freed, replannable
from scheduler.states import RequestState, VisitState
from tests.builders import a_request, a_uscc
from tests.revisions import MONTH, revised, standing
from tests.stories import CAP, DRAFTED, PUBLISHED, approved, arranged, escalated, published
from tests.worlds import World, at

WEEK = tuple(date(2026, 12, day) for day in (25, 28, 29, 30, 31))


def snapshot_of(world: World) -> tuple[Problem, Problem]:
    """The problem as it is compiled with the visits on the books, and with them freed."""
    base = standing(world)
    requests = tuple(s for s in world.of_kind(RequestState) if replannable(s, MONTH, base.days()))
    snapshot = replace(world.snapshot(MONTH), requests=requests)
    return compile_problem(snapshot), compile_problem(freed(snapshot, base.visits))


def test_what_is_planned_again_does_not_stand_in_its_own_way() -> None:
    """Tests that the published unit is free: 8 a day, and room for both presences of the year."""
    world, (visit,) = published(a_request())
    day = world.visit(visit).line.day
    taken, free = snapshot_of(world)
    assert {c.units for c in free.capacities} == {8}
    assert {c.day for c in taken.capacities if c.units == 7} == {day}
    assert [cap.room for cap in free.caps] == [2]


def test_a_leaders_yes_to_another_visit_takes_no_room_of_what_was_published() -> None:
    """Tests that two within the limit can still be planned beside a third that was let in."""
    world = World.adopted()
    ids = [approved(world, a_request()) for _ in range(2)]
    arranged(world, approved(world, escalated("twice-a-year")), WEEK[4])
    world.publish(MONTH, at(DRAFTED), at(PUBLISHED))
    assert {world.request(id_).status.value for id_ in ids} == {"placed"}
    _, free = snapshot_of(world)
    assert [cap.room for cap in free.caps] == [2]
    assert world.tally(CAP)[0] == 2


def test_leaving_the_published_day_costs_and_near_days_take_nobody_new() -> None:
    world, (visit,) = published(a_request())
    day = world.visit(visit).line.day
    base = standing(world, notice=WEEK[2])
    requests = tuple(s for s in world.of_kind(RequestState))
    _, problem = compile_revision(replace(world.snapshot(MONTH), requests=requests), base)
    (ask,) = problem.asks
    open_days = {day, *(d for d in WEEK if d >= WEEK[2])}
    assert set(ask.days) == open_days
    assert {d: ask.delay(d) for d in ask.days} == {d: CHANGE * (d != day) for d in open_days}
    assert {b.day for b in ask.blocked if b.rule == NOTICE_RULE} == set(WEEK) - open_days


def test_a_plan_that_stands_is_planned_as_it_stands() -> None:
    """Tests with two requests on one visit that a second planning moves nobody and repeats every id."""
    world, visits = published(*(a_request(enterprise=a_uscc(1)) for _ in range(2)))
    again = revised(world)
    assert {line.visit for line in again.lines} == set(visits)
    change = {level.name: level for level in again.worth.levels}["change"]
    assert (change.value, change.bound) == (0, 0)
    assert again.worth.bound <= again.worth.objective


def test_an_id_stays_with_the_visit_and_none_is_used_twice() -> None:
    world, (visit,) = published(a_request())
    state = world.visit(visit)
    assert isinstance(state, VisitState)
    day = state.line.day
    request = state.line.parts[0].requests[0]
    other = next(d for d in WEEK if d != day)
    away = revised(world, pins={request: other})
    assert away.lines[0].visit != visit
    assert revised(world).lines[0].visit == visit
