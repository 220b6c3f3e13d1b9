"""Rule legal-date: a check with a legal date takes place by then, or somebody decides."""

from datetime import date

from scheduler.candidates import candidate_days
from scheduler.cases import Case
from schemas.lanes import Ground, Lane
from schemas.visits import Role
from tests.builders import a_cause, a_window
from tests.policy.world import CALENDAR, RULES, a_case, at_intake, codes, on_day


def due_by(day: date, window: tuple[date, date]) -> Case:
    """Return a re-check that the law wants by a day."""
    cause = a_cause(Ground.RECTIFICATION, last_legal_date=day)
    return a_case(lane=Lane.STATUTORY, cause=cause, window=a_window(*window))


def test_admits_any_working_day_up_to_the_date() -> None:
    """Tests that the window stretches to the legal date, service week or not."""
    # Asked for the 7th and 8th, due by the 14th: two weekend days fall out.
    case = due_by(date(2026, 12, 14), (date(2026, 12, 7), date(2026, 12, 8)))
    expected = CALENDAR.working_days(date(2026, 12, 7), date(2026, 12, 14))
    assert candidate_days(case, RULES).open == expected
    assert len(expected) == 6


def test_refuses_the_day_after_unless_somebody_lifts_it() -> None:
    """Tests that a late check needs a named person's yes, and then stands."""
    case = due_by(date(2026, 12, 14), (date(2026, 12, 7), date(2026, 12, 31)))
    late = date(2026, 12, 15)
    assert codes(on_day(case, late).binding) == {"legal-date"}
    assert RULES.may_lift("legal-date", Role.HEAD, late)
    assert on_day(case, late, lifted={"legal-date"}).stands


def test_is_no_reason_to_refuse_a_request_that_comes_late() -> None:
    """Tests that a lawful duty without a day left is taken in and advised, not turned away."""
    case = due_by(date(2026, 12, 5), (date(2026, 12, 5), date(2026, 12, 6)))
    verdict = at_intake(case)
    assert verdict.stands
    assert codes(verdict.advice) == {"working-day"}


def test_does_not_ask_for_a_date_where_the_law_sets_none() -> None:
    """Tests that a complaint without a legal date keeps to its window."""
    case = a_case(lane=Lane.STATUTORY, cause=a_cause(Ground.COMPLAINT))
    assert on_day(case).stands
