"""The closed loop, told once from the request to the closed visit."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.states import DeadlineState, RequestStatus, VisitStatus
from scheduler.view import Claims
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Lane
from schemas.visits import Closing, Grade, Rating
from tests.builders import A_DAY, a_cause, a_request, a_uscc
from tests.worlds import CLERK, OFFICE, TIMER, World, at

DRAFTED, PUBLISHED, STAFFED = date(2026, 12, 11), date(2026, 12, 16), date(2026, 12, 23)
CAP = keys.cap("twice-a-year", "fire", a_uscc(), "2026")


def _published() -> tuple[World, str, str]:
    world = World.adopted()
    request = world.submit(a_request())
    world.head_approves(request)
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    return world, request, world.visits()[0].id


def test_a_request_reserves_and_a_published_visit_holds_one_unit() -> None:
    """Tests that the unit moves from the request to the planned day, and is never doubled."""
    world = World.adopted()
    request = world.submit(a_request())
    assert world.tally(CAP) == (1, 0)
    world.head_approves(request)
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    assert world.tally(CAP) == (1, 0)
    assert world.request(request).status is RequestStatus.PLACED
    assert world.visits()[0].filing is not None


def test_from_entry_to_rating_and_closing() -> None:
    """Tests that scanning uses the unit and that the enterprise's rating closes the visit."""
    world, _, visit = _published()
    world.staff(visit, at(STAFFED))
    world.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    day = world.visit(visit).line.day
    world.enter(visit, at(day, 10))
    assert world.tally(CAP) == (0, 1)
    world.ok(c.ScanOut(visit=visit), CLERK, at(day, 11))
    rating = c.RateVisit(visit=visit, token="t", rating=Rating(grade=Grade.GOOD))
    enterprise = Actor(id="gate", role=ActorRole.ENTERPRISE, of=a_uscc())
    world.ok(rating, enterprise, at(day, 12), claims=Claims(token=visit))
    state = world.visit(visit)
    assert state.status is VisitStatus.CLOSED
    assert state.rated is Closing.RATED
    assert {d.status for d in world.of_kind(DeadlineState) if d.rule == "rating-window"} == {"met"}


def test_silence_of_the_enterprise_closes_a_visit_as_unrated_but_not_without_a_calendar() -> None:
    """Tests that a rating window that runs into a year without calendar never fires early."""
    world, _, visit = _published()
    world.staff(visit, at(STAFFED))
    world.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    day = world.visit(visit).line.day
    world.enter(visit, at(day, 10))
    world.ok(c.ScanOut(visit=visit), CLERK, at(day, 11))
    lapse = c.LapseDeadline(deadline=keys.deadline("rating-window", keys.visit(visit)))
    assert world.no(lapse, TIMER, at(date(2027, 1, 30))) == ["calendar-missing"]
    assert world.visit(visit).status is VisitStatus.LEFT


def test_a_third_routine_visit_is_refused_and_a_recheck_passes() -> None:
    """Tests the cap of two beside a statutory duty, which no cap may refuse."""
    world = World.adopted()
    world.submit(a_request())
    world.submit(a_request())
    assert world.no(c.SubmitRequest(request=a_request())) == ["twice-a-year"]
    recheck = a_request(lane=Lane.STATUTORY, cause=a_cause(last_legal_date=date(2026, 12, 30)))
    world.submit(recheck)
    assert world.tally(CAP) == (2, 0)


def test_withdrawing_frees_the_unit() -> None:
    """Tests that a withdrawn request gives its unit back, so that another may ask."""
    world = World.adopted()
    first = world.submit(a_request())
    world.submit(a_request())
    world.ok(c.WithdrawRequest(request=first, reason="不再需要"))
    assert world.tally(CAP) == (1, 0)
    world.submit(a_request())


def test_a_cancelled_visit_frees_the_unit_and_the_day() -> None:
    """Tests that cancelling releases the cap, the department's day and the presence."""
    world, _, visit = _published()
    world.staff(visit, at(STAFFED))
    world.ok(c.CancelVisit(visit=visit, reason="企业停产"), CLERK, at(STAFFED))
    day = world.visit(visit).line.day
    assert world.tally(CAP) == (0, 0)
    assert world.tally(keys.department_day("fire", day)) == (0, 0)
    assert world.tally(keys.officer_half("officer-1", day, "am")) == (0, 0)


def test_a_request_without_its_heads_yes_is_left_out_at_publication() -> None:
    """Tests that publication places only what the head of the body approved."""
    world = World.adopted()
    request = world.submit(a_request())
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    assert world.request(request).status is RequestStatus.UNPLACED
    assert world.visits() == []
    assert world.tally(CAP) == (0, 0)


def test_the_plan_uses_the_service_week_only() -> None:
    """Tests that a routine visit lies on one of December's last five working days."""
    world, _, visit = _published()
    assert world.visit(visit).line.day in {A_DAY, *(date(2026, 12, d) for d in (28, 29, 30, 31))}


def test_nobody_publishes_twice() -> None:
    """Tests that a published month refuses another publication."""
    world, _, _ = _published()
    again = c.PublishPlan(month="2026-12", version=1)
    assert world.no(again, OFFICE, at(PUBLISHED)) == ["already-published"]
