"""Rule working-day: visits take place on working days, make-up days included."""

from datetime import date

from schemas.lanes import Ground, Lane
from tests.builders import a_cause, a_window
from tests.policy.world import a_case, codes, on_day

SATURDAY_WORKED = date(2026, 2, 28)
SATURDAY_OFF = date(2026, 12, 26)


def test_admits_a_make_up_saturday() -> None:
    """Tests that the Saturday after Spring Festival that makes up for it is worked."""
    case = a_case(window=a_window(SATURDAY_WORKED, SATURDAY_WORKED))
    assert on_day(case, SATURDAY_WORKED).stands


def test_refuses_a_day_off() -> None:
    """Tests that a Saturday between two days of the service week is none."""
    assert "working-day" in codes(on_day(a_case(), SATURDAY_OFF).binding)
    case = a_case(lane=Lane.STATUTORY, cause=a_cause())
    assert codes(on_day(case, SATURDAY_OFF).binding) == {"working-day"}


def test_does_not_bind_who_must_act_at_once_or_was_called() -> None:
    """Tests that danger and an enterprise's own call wait for no Monday, nor for a calendar."""
    urgent = a_case(lane=Lane.EMERGENCY, cause=a_cause(Ground.IMMINENT_DANGER))
    called = a_case(lane=Lane.ON_CALL)
    for day in (SATURDAY_OFF, date(2027, 1, 2)):
        assert on_day(urgent, day).stands
        assert on_day(called, day).stands


def test_plans_nothing_in_a_year_without_a_calendar() -> None:
    """Tests that no day of 2027 is guessed."""
    assert codes(on_day(a_case(), date(2027, 1, 29)).binding) == {"calendar-missing"}
