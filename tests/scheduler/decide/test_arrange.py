"""Visits on a day of their own: for cause, escalated, in an emergency, on call."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler import keys
from scheduler.states import DeadlineState, RequestStatus, VisitStatus
from schemas import commands as c
from schemas.lanes import Ground, HalfDay, Lane
from schemas.registry import Jurisdiction
from schemas.visits import Role
from tests.builders import a_cause, a_department, a_request, a_uscc, a_window, an_enterprise
from tests.stories import (
    CAP,
    approved,
    arranged,
    clerk,
    decision,
    emergency,
    escalated,
    gate,
    held,
    statutory,
)
from tests.worlds import CLERK, LEADER, OFFICE, World, at

TODAY, THE_29TH = date(2026, 12, 2), date(2026, 12, 29)


def refused(world: World, request: str, day: date = THE_29TH) -> list[str]:
    return world.no(c.ArrangeVisit(request=request, day=day), when=at(TODAY))


def test_an_approved_escalation_is_arranged_once_and_keeps_its_one_unit() -> None:
    world = World.adopted()
    id_ = approved(world, escalated())
    visit = world.visit(arranged(world, id_, THE_29TH))
    assert world.tally(CAP) == (1, 0)
    assert (visit.filing, visit.exempt, visit.code) == (None, None, None)
    assert refused(world, id_) == ["wrong-state"]


def test_who_may_not_arrange() -> None:
    world = World.adopted()
    id_ = approved(world, statutory())
    command = c.ArrangeVisit(request=id_, day=THE_29TH)
    assert world.no(command, clerk("health")) == ["not-your-department"]
    world.ok(command, OFFICE)
    assert refused(world, "nothing") == ["unknown-request"]


def test_a_routine_request_waits_for_the_plan() -> None:
    world = World.adopted()
    assert refused(world, approved(world, a_request())) == ["wrong-lane"]


def test_nothing_is_arranged_before_every_yes() -> None:
    world = World.adopted()
    id_ = world.submit(escalated())
    world.head_approves(id_)
    assert refused(world, id_) == ["not-approved"]
    call = world.submit(a_request(lane=Lane.ON_CALL))
    world.head_approves(call)
    assert refused(world, call) == ["not-confirmed"]
    world.ok(c.ConfirmOnCall(request=call), gate())
    arranged(world, call, THE_29TH)


def test_a_day_that_is_over_or_was_not_asked_for_is_refused() -> None:
    world = World.adopted()
    id_ = approved(world, statutory(window=a_window(date(2026, 12, 1), date(2026, 12, 4))))
    assert refused(world, id_, date(2026, 12, 1)) == ["window-past"]
    assert refused(world, id_, date(2026, 12, 31)) == ["outside-window"]


def test_what_was_not_lifted_still_binds() -> None:
    """Tests an escalation for another week whose leader lifts the cap alone."""
    world = World.adopted()
    window = a_window(date(2026, 12, 8), date(2026, 12, 9))
    id_ = world.submit(escalated("service-week", "twice-a-year", window=window))
    world.head_approves(id_)
    world.ok(decision(id_, Role.LEADER, lifts=("twice-a-year",)), LEADER)
    assert refused(world, id_, date(2026, 12, 8)) == ["service-week"]


def test_a_lifted_rule_is_lifted_for_this_visit_which_still_counts() -> None:
    world = World.adopted()
    for _ in range(2):
        arranged(world, approved(world, escalated()), date(2026, 12, 28 + len(world.visits())))
    third = escalated("twice-a-year")
    arranged(world, approved(world, third), date(2026, 12, 30))
    assert world.tally(CAP) == (3, 0)


def test_a_lawful_duty_is_arranged_on_a_blocked_day_outside_the_week_with_caps_full() -> None:
    world = World.adopted()
    world.submit(a_request())
    world.submit(a_request())
    day = date(2026, 12, 8)
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(closed_days=(day,))), OFFICE)
    window = a_window(day, day)
    id_ = approved(world, statutory(window=window, cause=a_cause(Ground.TRANSFER)))
    visit = world.visit(arranged(world, id_, day))
    assert (visit.exempt, visit.lane) == ("transfer", Lane.STATUTORY)
    assert visit.filing is not None
    assert world.tally(CAP) == (2, 0)


def test_what_is_exempt_takes_no_capacity_that_plans_share_and_an_escalation_does() -> None:
    world = World.adopted()
    key = keys.department_day("fire", THE_29TH)
    arranged(world, approved(world, statutory(duration=3)), THE_29TH)
    assert world.tally(key) == (0, 0)
    arranged(world, approved(world, escalated(duration=3)), THE_29TH)
    assert world.tally(key) == (3, 0)


def test_two_visits_of_a_department_at_an_enterprise_on_one_day_hold_one_unit() -> None:
    world = World.adopted()
    first, second = (arranged(world, approved(world, escalated()), THE_29TH) for _ in range(2))
    assert world.tally(CAP) == (1, 0)
    world.ok(c.CancelVisit(visit=first, reason="x"))
    assert world.tally(CAP) == (1, 0)
    world.ok(c.CancelVisit(visit=second, reason="x"))
    assert held(world) == {}


def test_a_visit_that_shares_a_unit_of_the_day_needs_no_room() -> None:
    """Tests a full cap of which one unit is this very day's."""
    world = World.adopted()
    arranged(world, approved(world, escalated()), THE_29TH)
    later = approved(world, escalated())
    arranged(world, approved(world, escalated("twice-a-year")), date(2026, 12, 30))
    arranged(world, later, THE_29TH)
    assert world.tally(CAP) == (2, 0)


def test_an_emergency_acts_at_once_and_is_coded_filed_and_approved_after() -> None:
    world = World.adopted()
    night = date(2026, 12, 5)
    id_ = world.submit(emergency(night), at(night, 2))
    visit = world.visit(arranged(world, id_, night, at(night, 2)))
    assert visit.approval_to_follow
    assert visit.code is not None
    assert visit.code.approval_to_follow
    assert visit.code.valid_from <= at(night, 1)
    assert visit.code.valid_until >= at(night, 14)
    clocks = {d.rule: d.working_days for d in world.of_kind(DeadlineState)}
    assert clocks == {"approval-emergency": 1, "filing-emergency": 5}


def test_no_emergency_for_a_later_day_without_approval() -> None:
    world = World.adopted()
    id_ = world.submit(emergency(date(2026, 12, 9)), at(TODAY))
    assert refused(world, id_, date(2026, 12, 9)) == ["not-approved"]
    world.head_approves(id_)
    visit = world.visit(arranged(world, id_, date(2026, 12, 9)))
    assert (visit.approval_to_follow, visit.code) == (False, None)


def test_an_emergency_is_back_filled_for_a_day_that_is_over() -> None:
    world = World.adopted()
    night = date(2026, 12, 1)
    id_ = world.submit(emergency(night), at(TODAY))
    visit = arranged(world, id_, night, at(TODAY))
    world.staff(visit, at(TODAY))
    world.enter(visit, at(night, 3))
    assert world.visit(visit).status is VisitStatus.ENTERED


def test_no_day_is_arranged_in_a_year_without_calendar_but_danger_does_not_wait() -> None:
    world = World.adopted()
    january = date(2027, 1, 5)
    call = world.submit(a_request(lane=Lane.ON_CALL, window=a_window(january, january)))
    world.head_approves(call)
    world.ok(c.ConfirmOnCall(request=call), gate())
    assert refused(world, call, january) == ["calendar-missing"]
    urgent = world.submit(emergency(january), at(january))
    arranged(world, urgent, january, at(january))


@pytest.mark.parametrize("lane", [Lane.ROUTINE, Lane.ON_CALL])
def test_a_body_beyond_the_city_arranges_its_own_days(lane: Lane) -> None:
    vertical = a_department(id="tax", jurisdiction=Jurisdiction.VERTICAL)
    world = World.adopted().with_department(vertical)
    day = date(2026, 12, 6)
    asked = a_request(department="tax", items=("item-1-tax",), lane=lane, window=a_window(day, day))
    id_ = world.submit(asked)
    world.head_approves(id_)
    if lane is Lane.ON_CALL:
        world.ok(c.ConfirmOnCall(request=id_), gate())
    arranged(world, id_, day)
    assert world.request(id_).status is RequestStatus.PLACED


def test_an_arranged_visit_keeps_its_half_day_until_it_is_staffed_otherwise() -> None:
    world = World.adopted()
    id_ = approved(world, statutory())
    world.ok(c.ArrangeVisit(request=id_, day=THE_29TH, half=HalfDay.AFTERNOON), CLERK)
    (visit,) = world.visits()
    assert visit.line.half is HalfDay.AFTERNOON
    world.staff(visit.id, at(TODAY), HalfDay.MORNING)
    assert world.visit(visit.id).line.half is HalfDay.MORNING
    assert world.tally(keys.officer_half("officer-1", THE_29TH, "pm")) == (0, 0)
    assert visit.line.enterprise == a_uscc()
