"""Rule mark-expires: a white list, promise or sandbox ends on its last day, and that is told."""

from datetime import date

from scheduler.clocks import days_to
from tests.policy.world import CALENDAR, deadline


def ends(marked: date, until: date) -> date:
    """Return the day after which a mark that was set on a day is said to have expired."""
    days = days_to(CALENDAR, marked, until) + deadline("mark-expires").working_days
    return CALENDAR.due(marked, days).day


def test_admits_the_last_day_of_the_mark() -> None:
    """Tests a last day that is worked, and one on a weekend: then the working day before it."""
    assert ends(date(2026, 12, 1), date(2026, 12, 10)) == date(2026, 12, 10)
    assert ends(date(2026, 11, 2), date(2026, 11, 29)) == date(2026, 11, 27)
    assert ends(date(2026, 12, 1), date(2026, 12, 1)) == date(2026, 12, 1)


def test_late_after_the_last_day() -> None:
    """Tests that the working day after the last day finds the mark gone."""
    assert date(2026, 12, 11) > ends(date(2026, 12, 1), date(2026, 12, 10))


def test_is_provisional_beyond_the_calendars() -> None:
    """Tests that a mark of three years is taken although nobody knows those years' holidays."""
    days = days_to(CALENDAR, date(2026, 12, 1), date(2029, 11, 30))
    assert CALENDAR.due(date(2026, 12, 1), days).provisional
    assert deadline("mark-expires").owner == "coordinator"
