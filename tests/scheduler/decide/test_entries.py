"""扫码入企: both codes, who came, who did not, and the doors that stayed shut."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler import keys
from scheduler.states import DeadlineState, VisitStatus
from scheduler.view import Claims
from schemas import commands as c
from schemas.lanes import HalfDay
from schemas.visits import NoEntry
from tests.builders import a_request, a_uscc
from tests.stories import (
    CAP,
    STAFFED,
    approved,
    arranged,
    clerk,
    coded,
    emergency,
    escalated,
    genuine,
    held,
    left,
    published,
    scan,
)
from tests.worlds import CLERK, OFFICE, World, at

HEALTH = a_request(department="health", items=("item-1-health",))


def test_a_forged_foreign_or_missing_code_enters_nothing() -> None:
    world, visit = coded()
    day = world.visit(visit).line.day
    for claims, code in (
        (Claims(), "code-forged"),
        (genuine(world, visit, gate=None), "code-forged"),
        (genuine(world, visit, gate=a_uscc(2)), "code-not-yours"),
        (genuine(world, visit, code=("serial", "another")), "code-not-yours"),
    ):
        assert world.no(scan(world, visit), CLERK, at(day), claims=claims) == [code]
    world, (visit,) = published()
    world.staff(visit, at(STAFFED))
    assert world.no(scan(world, visit), CLERK, at(day)) == ["no-code"]


def test_nobody_enters_twice() -> None:
    world, visit = coded()
    day = world.visit(visit).line.day
    world.enter(visit, at(day))
    claims = genuine(world, visit)
    assert world.no(scan(world, visit), CLERK, at(day), claims=claims) == ["wrong-state"]


def test_who_enters_was_named_and_is_a_team() -> None:
    world, visit = coded(a_request(), HEALTH)
    day, claims = world.visit(visit).line.day, genuine(world, visit)
    for changes, codes in (
        ({"departments": ("fire", "tax")}, ["department-not-due"]),
        ({"officers": ("officer-1", "officer-9")}, ["officer-not-named"]),
        ({"departments": ("fire",)}, ["officer-not-named"]),
        ({"officers": ("officer-1", "officer-2")}, ["team-missing"]),
        (
            {"departments": ("fire",), "officers": ("officer-1",)},
            ["two-licensed-officers"],
        ),
    ):
        command = scan(world, visit, **changes)
        assert world.no(command, CLERK, at(day), claims=claims) == codes


def test_an_absent_department_frees_its_units_and_its_officers() -> None:
    world, visit = coded(a_request(), HEALTH)
    day = world.visit(visit).line.day
    came = scan(world, visit, departments=("fire",), officers=("officer-1", "officer-2"))
    world.ok(came, CLERK, at(day), claims=genuine(world, visit))
    assert world.visit(visit).absent == ("health",)
    assert {key for key in held(world) if "health" in key} == set()
    assert world.tally(CAP) == (0, 1)
    assert world.tally(keys.department_day("fire", day)) == (0, 1)
    outcome = {"visit": visit, "outcome": {"department": "health", "findings": ()}}
    theirs = c.RecordOutcome.model_validate(outcome)
    assert world.no(theirs, clerk("health"), at(day)) == ["department-not-due"]


def test_an_officer_who_was_named_and_did_not_come_is_free() -> None:
    world, (visit,) = published()
    day = world.visit(visit).line.day
    team = ("officer-1", "officer-2", "officer-3")
    name = c.StaffVisit(visit=visit, department="fire", officers=team, half=HalfDay.MORNING)
    world.ok(name, CLERK, at(STAFFED))
    world.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    came = scan(world, visit, officers=team[:2])
    world.ok(came, CLERK, at(day), claims=genuine(world, visit))
    booked = [world.tally(keys.officer_half(officer, day, "am")) for officer in team]
    assert booked == [(0, 1), (0, 1), (0, 0)]


def test_leaving_comes_after_entering_and_starts_the_time_to_rate() -> None:
    world, visit = coded()
    day = world.visit(visit).line.day
    assert world.no(c.ScanOut(visit=visit), CLERK, at(day)) == ["wrong-state"]
    world.enter(visit, at(day, 10))
    assert world.no(c.ScanOut(visit=visit), CLERK, at(day, 9)) == ["too-early"]
    world.ok(c.ScanOut(visit=visit), CLERK, at(day, 11))
    (clock,) = [d for d in world.of_kind(DeadlineState) if d.rule == "rating-window"]
    assert (clock.to, clock.since, clock.working_days) == (a_uscc(), day, 5)


@pytest.mark.parametrize(
    ("cause", "counted"),
    [
        (NoEntry.CLOSED_GATE, (0, 0)),
        (NoEntry.TURNED_AWAY, (0, 0)),
        (NoEntry.CANCELLED_ON_SITE, (0, 1)),
    ],
)
def test_a_visit_that_did_not_enter_counts_only_where_it_disturbed(
    cause: NoEntry, counted: tuple[int, int]
) -> None:
    world, visit = coded()
    day = world.visit(visit).line.day
    report = c.ReportNoEntry(visit=visit, cause=cause, reason="x")
    assert world.no(report, CLERK, at(STAFFED)) == ["too-early"]
    assert world.no(report, clerk("health"), at(day)) == ["not-your-department"]
    world.ok(report, CLERK, at(day))
    assert world.tally(CAP) == counted
    assert all(tally.reserved == 0 for tally in held(world).values())
    assert world.no(report, CLERK, at(day)) == ["wrong-state"]
    assert world.no(scan(world, visit), CLERK, at(day), claims=genuine(world, visit)) == [
        "wrong-state"
    ]


def test_a_joint_visit_is_called_off_by_its_lead_or_the_office() -> None:
    world, (visit,) = published(a_request(), HEALTH)
    lead = world.visit(visit).line.lead
    (other,) = {"fire", "health"} - {lead}
    cancel = c.CancelVisit(visit=visit, reason="x")
    assert world.no(cancel, clerk(other)) == ["not-your-department"]
    world.ok(cancel, OFFICE)
    assert world.no(cancel, OFFICE) == ["wrong-state"]
    assert held(world) == {}


def test_a_visit_that_was_left_is_not_called_off() -> None:
    world, visit = left()
    assert world.no(c.CancelVisit(visit=visit, reason="x")) == ["wrong-state"]


def test_calling_an_emergency_off_stops_its_clocks() -> None:
    world = World.adopted()
    day = date(2026, 12, 2)
    visit = arranged(world, world.submit(emergency(day), at(day)), day, at(day))
    world.ok(c.CancelVisit(visit=visit, reason="误报"), CLERK, at(day))
    assert {d.status for d in world.of_kind(DeadlineState)} == {"met"}
    assert held(world) == {}


def test_entering_uses_the_unit_that_an_other_visit_of_the_day_still_holds() -> None:
    """Tests that one unit is shared: used as soon as one enters, and never twice."""
    world = World.adopted()
    day = date(2026, 12, 29)
    first, second = (arranged(world, approved(world, escalated()), day) for _ in range(2))
    world.staff(first, at(STAFFED))
    world.ok(c.IssueCode(visit=first), CLERK, at(STAFFED))
    world.enter(first, at(day))
    assert world.tally(CAP) == (0, 1)
    world.ok(c.CancelVisit(visit=second, reason="x"), CLERK, at(day))
    assert world.tally(CAP) == (0, 1)
    assert world.visit(first).status is VisitStatus.ENTERED
