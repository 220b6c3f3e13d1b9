"""A month runs under each shipped stack, by its files alone: December 2026, from request to code."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scheduler import timetable
from scheduler.memo import rules_of
from scheduler.ruleset import RuleSet
from scheduler.states import RequestState, RequestStatus
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from schemas.lanes import Ground, Lane
from schemas.visits import Window
from tests.builders import a_cause, a_department, a_request, a_uscc, an_enterprise
from tests.policy.table import STACKS
from tests.policy.world import CALENDAR
from tests.worlds import CLERK, OFFICE, World, at

SUBMITTED = at(date(2026, 11, 30))
DEPARTMENTS = ("fire", "market", "health", "labour")
ENTERPRISES = range(1, 7)
CLOSING = {
    "changning-2024": (date(2026, 12, 25), "service-week"),
    "hunan-2010": (date(2026, 12, 21), "quiet-days"),
    "liuyang-2025": (date(2026, 12, 16), "quiet-days"),
}
"""To each stack its first visiting day, and the rule that keeps the days before it free."""


def _month(name: str) -> tuple[World, timetable.MonthDates]:
    world = World.adopted(policies=STACKS[name])
    for id_ in DEPARTMENTS[1:]:
        world.with_department(a_department(id=id_, name=id_))
    for number in ENTERPRISES[1:]:
        world.ok(c.RegisterEnterprise(enterprise=an_enterprise(number)), OFFICE)
    rules = RuleSet(world.cells["policy/current"].layers)
    dates = timetable.of_month(
        "2026-12", rules, WorkCalendar(world.cells["calendar/all"].calendars)
    )
    window = Window(first=dates.visiting_days[0], last=dates.visiting_days[-1])
    for number in ENTERPRISES:
        for id_ in DEPARTMENTS:
            item = "item-1" if id_ == "fire" else f"item-1-{id_}"
            request = a_request(
                department=id_, enterprise=a_uscc(number), items=(item,), window=window
            )
            world.head_approves(world.submit(request, SUBMITTED), SUBMITTED)
    return world, dates


@pytest.mark.parametrize("name", STACKS)
def test_a_month_from_request_to_rating(name: str) -> None:
    """Tests that four departments come together, inside the days that the policy leaves open."""
    world, dates = _month(name)
    assert dates.visiting_days[0] == CLOSING[name][0]
    body = world.publish("2026-12", at(dates.draft), at(dates.publish))
    assert body.unplaced == ()
    assert body.worth.entries == len(ENTERPRISES)
    days = {visit.line.day for visit in world.visits()}
    assert days <= set(dates.visiting_days)
    visit = world.visits()[0]
    world.staff(visit.id, at(dates.officers_named))
    world.ok(c.IssueCode(visit=visit.id), OFFICE, at(dates.officers_named))
    world.enter(visit.id, at(visit.line.day))
    world.ok(c.ScanOut(visit=visit.id), CLERK, at(visit.line.day, 11))
    assert world.visit(visit.id).left_at is not None


@pytest.mark.parametrize("name", STACKS)
def test_the_days_before_are_free_of_routine_and_open_to_a_complaint(name: str) -> None:
    """Tests that the mirror works both ways, and that no lawful duty is refused."""
    world, dates = _month(name)
    before = CALENDAR.nth_working_day_before(dates.visiting_days[0], 1)
    window = Window(first=before, last=before)
    refused = world.do(c.SubmitRequest(request=a_request(window=window)), when=SUBMITTED)
    assert CLOSING[name][1] in {objection.rule for objection in refused.objections}
    check = a_request(window=window, lane=Lane.STATUTORY, cause=a_cause(Ground.COMPLAINT))
    assert world.submit(check, SUBMITTED)


@pytest.mark.parametrize("name", STACKS)
def test_the_cap_is_the_files_number(name: str) -> None:
    """Tests that one more routine visit is refused where the policy says one, and not where two."""
    world, dates = _month(name)
    window = Window(first=dates.visiting_days[0], last=dates.visiting_days[-1])
    again = world.do(c.SubmitRequest(request=a_request(window=window)), when=SUBMITTED)
    if name == "changning-2024":
        assert again.status == "accepted"
    else:
        assert {objection.rule for objection in again.objections} == {"once-a-year"}
    asked = [s for s in world.of_kind(RequestState) if s.status is RequestStatus.ACCEPTED]
    assert len(asked) == len(DEPARTMENTS) * len(ENTERPRISES) + (name == "changning-2024")


def test_all_stacks_leave_time_to_ask() -> None:
    """Tests that requests close after the month before has ended, or on its last days at most."""
    for name in STACKS:
        world = World.adopted(policies=STACKS[name])
        rules = rules_of(world.cells["policy/current"])
        dates = timetable.of_month("2026-12", rules, CALENDAR)
        assert dates.requests_close >= date(2026, 12, 1) - timedelta(days=3)
