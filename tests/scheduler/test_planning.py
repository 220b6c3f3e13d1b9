"""From the ledger to the planner's problem: which days, which room, who may come together."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.planner.problem import Ask
from scheduler.planning import (
    Declined,
    capacity_keys,
    compile_problem,
    fingerprint,
    last_month,
    plannable,
    tally_keys,
)
from schemas import commands as c
from schemas.lanes import Lane, Purpose
from schemas.plans import Answer, AnswerKind
from schemas.registry import RiskClass
from tests.builders import (
    a_cause,
    a_department,
    a_policy_stack,
    a_request,
    a_uscc,
    a_window,
    an_enterprise,
)
from tests.stories import DRAFTED, approved, arranged, escalated, statutory
from tests.worlds import CLERK, OFFICE, World, at

WEEK = tuple(date(2026, 12, day) for day in (25, 28, 29, 30, 31))


def the_ask(world: World, *declined: Declined) -> Ask:
    (ask,) = compile_problem(world.snapshot("2026-12", *declined)).asks
    return ask


def test_a_routine_request_is_offered_its_service_days_and_told_why_not_the_others() -> None:
    world = World.adopted()
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(closed_days=(WEEK[1],))), OFFICE)
    world.submit(a_request())
    ask = the_ask(world)
    assert ask.days == (WEEK[0], *WEEK[2:])
    assert [(b.day, b.rule) for b in ask.blocked] == [(WEEK[1], "day-open")]
    assert (ask.must, set(ask.months_off)) == (False, {0})


def test_a_lawful_check_may_have_any_working_day_and_prefers_the_service_week() -> None:
    world = World.adopted()
    window = a_window(date(2026, 12, 21), date(2026, 12, 31))
    world.submit(statutory(window=window, cause=a_cause(last_legal_date=date(2026, 12, 28))))
    ask = the_ask(world)
    off = dict(zip(ask.days, ask.months_off, strict=True))
    assert off == {
        **{date(2026, 12, day): 1 for day in (21, 22, 23, 24)},
        date(2026, 12, 25): 0,
        date(2026, 12, 28): 0,
    }
    assert ask.must


def test_outside_the_week_the_departments_ordinary_capacity_counts() -> None:
    world = World.adopted()
    world.submit(statutory(window=a_window(date(2026, 12, 24), date(2026, 12, 25))))
    capacities = compile_problem(world.snapshot("2026-12")).capacities
    units = {capacity.day: capacity.units for capacity in capacities}
    assert (units[date(2026, 12, 24)], units[date(2026, 12, 25)]) == (2, 8)


def test_what_stands_already_takes_its_capacity_and_a_stated_one_counts() -> None:
    world = World.adopted()
    arranged(world, approved(world, escalated(duration=3)), WEEK[0])
    world.ok(c.SetCapacity(department="fire", day=WEEK[1], units=5), CLERK)
    world.submit(a_request(enterprise=a_uscc()))
    capacities = compile_problem(world.snapshot("2026-12")).capacities
    units = {capacity.day: capacity.units for capacity in capacities}
    assert (units[WEEK[0]], units[WEEK[1]]) == (5, 5)


def test_what_is_planned_does_not_stand_in_its_own_way() -> None:
    world = World.adopted()
    for _ in range(2):
        world.submit(a_request())
    (cap,) = compile_problem(world.snapshot("2026-12")).caps
    assert cap.room == 2


def test_what_a_leader_let_in_takes_no_room_of_those_within_the_limit() -> None:
    world = World.adopted()
    for _ in range(2):
        world.submit(a_request())
    arranged(world, approved(world, escalated("twice-a-year")), WEEK[0])
    (cap,) = compile_problem(world.snapshot("2026-12")).caps
    assert cap.room == 2


def test_the_keys_that_a_snapshot_needs_are_all_that_its_problem_reads() -> None:
    world = World.adopted()
    world.submit(a_request())
    snapshot = world.snapshot("2026-12")
    cap = keys.cap("twice-a-year", "fire", a_uscc(), "2026")
    days = {keys.department_day("fire", day) for day in WEEK}
    assert tally_keys(snapshot) == {cap, keys.lifted(cap), *days}
    assert capacity_keys(snapshot) == {keys.capacity("fire", day) for day in WEEK}


def test_which_months_may_plan_a_request() -> None:
    world = World.adopted()
    long = a_window(date(2026, 11, 24), date(2026, 12, 31))
    id_ = world.submit(a_request(window=long), at(date(2026, 11, 2)))
    state = world.request(id_)
    assert [plannable(state, f"2026-{m}") for m in (10, 11, 12)] == [False, True, True]
    assert not plannable(world.request(world.submit(escalated())), "2026-12")
    due = statutory(cause=a_cause(last_legal_date=date(2027, 2, 1)))
    assert last_month(due) == "2027-02"


def test_parties_keep_apart_what_is_never_joint() -> None:
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    for request in (
        a_request(),
        a_request(announced=False, enterprise=a_uscc(2)),
        a_request(purpose=Purpose.SERVICE),
        a_request(department="health", items=("item-1-health",), lane=Lane.ROUTINE),
    ):
        world.submit(request)
    parties = [ask.party for ask in compile_problem(world.snapshot("2026-12")).asks]
    assert len(set(parties)) == 3


def test_a_declined_day_is_blocked_and_a_declined_merge_goes_alone() -> None:
    world = World.adopted()
    approved(world, a_request())
    body = world.draft("2026-12", at(DRAFTED))
    (line,) = body.lines
    for kind in (AnswerKind.DECLINE_DAY, AnswerKind.DECLINE_MERGE):
        answer = Answer(department="fire", visit=line.visit, kind=kind, reason="x")
        ask = the_ask(world, Declined(answer=answer, line=line))
        day = kind is AnswerKind.DECLINE_DAY
        assert (line.day in ask.days) != day
        assert ask.party.endswith("/fire") != day


def test_risk_weighs_and_the_preferred_month_is_kept_near() -> None:
    world = World.adopted()
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(risk=RiskClass.HIGH)), OFFICE)
    world.submit(a_request(preferred_month="2026-10"))
    ask = the_ask(world)
    assert (ask.weight, set(ask.months_off)) == (3, {2})


def test_the_fingerprint_changes_with_the_problem_alone() -> None:
    world = World.adopted()
    world.submit(a_request())
    before = fingerprint(compile_problem(world.snapshot("2026-12")))
    assert before == fingerprint(compile_problem(world.snapshot("2026-12")))
    world.ok(c.SetCapacity(department="fire", day=WEEK[0], units=7), CLERK)
    assert before != fingerprint(compile_problem(world.snapshot("2026-12")))


def with_city(world: World, **changes: object) -> World:
    """Adopt the shipped policies with these changes to the city's layer."""
    national, city = a_policy_stack()
    layers = (national, city.model_copy(update={**changes, "version": 2}))
    world.ok(c.AdoptPolicy(layers=layers), OFFICE)
    return world


def test_a_reserve_for_triggered_visits_is_left_free_on_service_days_only() -> None:
    """Tests that of 8 units on a service day 35 per cent, 2 whole units, stay free."""
    world = with_city(World.adopted(), reserve=35)
    world.submit(statutory(window=a_window(date(2026, 12, 24), date(2026, 12, 25))))
    capacities = compile_problem(world.snapshot("2026-12")).capacities
    units = {capacity.day: capacity.units for capacity in capacities}
    assert (units[date(2026, 12, 24)], units[date(2026, 12, 25)]) == (2, 6)


def test_as_many_departments_as_people_may_come() -> None:
    """Tests that with two officers a department, seven people are three departments."""
    world = World.adopted()
    assert compile_problem(world.snapshot("2026-12")).max_departments == 6
    assert compile_problem(with_city(world, max_people=7).snapshot("2026-12")).max_departments == 3
    wide = with_city(world, max_people=40)
    assert compile_problem(wide.snapshot("2026-12")).max_departments == 6
