"""Outcomes, ratings, filings and clocks: the stations after the visit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler.decide.ratings import padding
from scheduler.decide.stations import missing
from scheduler.states import DeadlineState, VisitStatus
from scheduler.view import Claims
from schemas import commands as c
from schemas import events as e
from schemas.lanes import Purpose
from schemas.visits import Closing, Filing, Grade, Outcome, Rating
from schemas.wire import canonical, event_data
from tests.builders import a_request
from tests.stories import (
    approved,
    arranged,
    clerk,
    coded,
    emergency,
    escalated,
    gate,
    left,
    rated,
)
from tests.worlds import CLERK, OFFICE, TIMER, World, at

TODAY = date(2026, 12, 2)


def outcome(visit: str, item: str = "item-1", **changes: Any) -> c.RecordOutcome:  # noqa: ANN401
    fields = {"department": "fire", "findings": ({"item": item, "compliant": True},)}
    result = Outcome.model_validate({**fields, **changes})
    return c.RecordOutcome(visit=visit, outcome=result)


def a_filing(visit: str, on: date, number: str = "F-1") -> c.RecordFiling:
    return c.RecordFiling(visit=visit, filing=Filing(number=number, at=at(on), by="clerk-fire"))


def test_each_department_records_its_own_items_once() -> None:
    world, visit = coded()
    day = world.visit(visit).line.day
    assert world.no(outcome(visit), CLERK, at(day)) == ["wrong-state"]
    world.enter(visit, at(day))
    assert world.no(outcome(visit), clerk("health"), at(day)) == ["not-your-department"]
    theirs = outcome(visit, department="health")
    assert world.no(theirs, clerk("health"), at(day)) == ["department-not-due"]
    assert world.no(outcome(visit, "item-9"), CLERK, at(day)) == ["item-beyond-notice"]
    world.ok(outcome(visit), CLERK, at(day))
    assert world.no(outcome(visit), CLERK, at(day)) == ["already-recorded"]


@pytest.mark.parametrize(
    "result",
    [{"findings": ({"item": "item-1", "compliant": False},)}, {"measure": "penalty_case"}],
)
def test_a_service_visit_that_turns_into_an_inspection_needs_a_new_approval(
    result: dict[str, Any],
) -> None:
    world, visit = left(a_request(purpose=Purpose.SERVICE))
    day = at(world.visit(visit).line.day, 12)
    told = outcome(visit, **{"findings": (), **result})
    assert world.no(told, CLERK, day) == ["not-an-inspection"]
    world.ok(outcome(visit, findings=(), measure="guidance"), CLERK, day)


def test_a_rating_needs_the_visits_own_token_and_works_once() -> None:
    world, visit = left()
    day = world.visit(visit).line.day
    rate = c.RateVisit(visit=visit, token="t", rating=Rating.model_validate({"grade": "poor"}))
    for token in (None, "another"):
        assert world.no(rate, gate(), at(day, 12), claims=Claims(token=token)) == ["token-forged"]
    rated(world, visit, at(day, 12))
    assert world.visit(visit).status is VisitStatus.CLOSED
    assert world.no(rate, gate(), at(day, 13), claims=Claims(token=visit)) == ["already-rated"]


def test_nobody_rates_before_the_officers_left() -> None:
    world, visit = coded()
    world.enter(visit, at(world.visit(visit).line.day))
    rate = c.RateVisit(visit=visit, token="t", rating=Rating.model_validate({"grade": "poor"}))
    assert world.no(rate, gate(), claims=Claims(token=visit)) == ["wrong-state"]


def an_entered_emergency() -> tuple[World, str, str]:
    world = World.adopted()
    id_ = world.submit(emergency(TODAY), at(TODAY))
    visit = arranged(world, id_, TODAY, at(TODAY))
    world.staff(visit, at(TODAY))
    world.enter(visit, at(TODAY, 20))
    world.ok(c.ScanOut(visit=visit), CLERK, at(TODAY, 21))
    return world, id_, visit


def test_an_emergency_closes_with_its_last_station_whichever_it_is() -> None:
    world, id_, visit = an_entered_emergency()
    rated(world, visit, at(TODAY, 22))
    assert missing(world.visit(visit)) == ("filing", "approval")
    world.ok(a_filing(visit, TODAY), CLERK, at(TODAY, 23))
    assert world.visit(visit).status is VisitStatus.LEFT
    world.head_approves(id_, at(date(2026, 12, 3)))
    assert world.visit(visit).status is VisitStatus.CLOSED


def test_an_unapproved_emergency_stays_open_with_its_silence_on_record() -> None:
    world, _, visit = an_entered_emergency()
    rated(world, visit, at(TODAY, 22))
    world.ok(a_filing(visit, TODAY), CLERK, at(TODAY, 23))
    (clock,) = [d for d in world.of_kind(DeadlineState) if d.rule == "approval-emergency"]
    world.ok(c.LapseDeadline(deadline=clock.id), TIMER, at(date(2026, 12, 4)))
    assert missing(world.visit(visit)) == ("approval",)
    assert world.visit(visit).status is VisitStatus.LEFT


@pytest.mark.parametrize(
    ("written", "recorded", "late", "back_dated"),
    [
        (date(2026, 12, 3), date(2026, 12, 3), False, False),
        (date(2026, 12, 3), date(2026, 12, 4), False, True),
        (date(2026, 12, 7), date(2026, 12, 7), True, False),
        (date(2026, 12, 3), date(2026, 12, 7), True, True),
    ],
)
def test_a_filing_is_judged_by_when_it_was_recorded(
    written: date, recorded: date, *, late: bool, back_dated: bool
) -> None:
    """Tests the leader's yes of Wednesday 2nd: two working days end on Friday 4th."""
    world = World.adopted()
    visit = arranged(world, approved(world, escalated(), at(TODAY)), date(2026, 12, 29), at(TODAY))
    world.ok(a_filing(visit, written), CLERK, at(written), recorded=at(recorded, 17))
    state = world.visit(visit)
    assert (state.filing_late, state.filing_back_dated) == (late, back_dated)
    (clock,) = [d for d in world.of_kind(DeadlineState) if d.rule == "filing-escalated"]
    assert clock.status == "met"
    assert world.no(a_filing(visit, recorded), CLERK, at(recorded)) == ["already-filed"]


def test_a_filing_from_the_future_or_by_strangers_is_refused() -> None:
    world = World.adopted()
    visit = arranged(world, approved(world, escalated()), date(2026, 12, 29))
    assert world.no(a_filing(visit, date(2026, 12, 9))) == ["too-early"]
    assert world.no(a_filing(visit, TODAY), clerk("health"), at(TODAY)) == ["not-your-department"]
    assert world.no(a_filing("nothing", TODAY), OFFICE) == ["unknown-visit"]


def test_a_filing_is_not_called_late_by_a_provisional_day() -> None:
    """Tests that a clock that runs into a year without calendar accuses nobody."""
    world = World.adopted()
    new_year = date(2026, 12, 31)
    id_ = world.submit(emergency(new_year), at(new_year))
    visit = arranged(world, id_, new_year, at(new_year))
    world.ok(a_filing(visit, date(2027, 1, 29)), CLERK, at(date(2027, 1, 29)))
    assert not world.visit(visit).filing_late


def test_silence_closes_a_visit_as_unrated_and_a_rating_then_comes_too_late() -> None:
    world, _, visit = an_entered_emergency()
    (clock,) = [d for d in world.of_kind(DeadlineState) if d.rule == "rating-window"]
    lapse = c.LapseDeadline(deadline=clock.id)
    assert world.no(lapse, TIMER, at(date(2026, 12, 9), 23)) == ["too-early"]
    world.ok(lapse, TIMER, at(date(2026, 12, 10)))
    assert world.visit(visit).rated is Closing.UNRATED
    assert world.no(lapse, TIMER, at(date(2026, 12, 10))) == ["wrong-state"]
    rate = c.RateVisit(visit=visit, token="t", rating=Rating.model_validate({"grade": "good"}))
    assert world.no(rate, gate(), claims=Claims(token=visit)) == ["too-late"]


@pytest.mark.parametrize("deadline", ["deadline/rating-window/visit/x", "visit/x", "nonsense"])
def test_no_clock_no_lapse(deadline: str) -> None:
    lapse = c.LapseDeadline(deadline=deadline)
    assert World.adopted().no(lapse, TIMER) == ["unknown-deadline"]


def test_entries_of_all_ratings_are_equally_long() -> None:
    flags = (True, False)
    ratings = [
        Rating(grade=grade, beyond_items=beyond, forward=forward)
        for grade in Grade
        for beyond in flags
        for forward in flags
    ]
    events = [e.RatingGiven(rating=rating, pad=padding(rating)) for rating in ratings]
    assert len({len(canonical(event_data(event))) for event in events}) == 1
    assert all(event.pad for event in events)
