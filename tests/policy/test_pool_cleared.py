"""Rule pool-cleared: the pool is cleared by the last working day of every month."""

from datetime import date

from scheduler.clocks import days_left
from scheduler.workdays import WorkCalendar
from tests.policy.world import CALENDAR, deadline


def ends(opened: date) -> date:
    """Return the day on which a pool that was opened on a day must be cleared."""
    days = days_left(CALENDAR, opened) + deadline("pool-cleared").working_days
    return CALENDAR.due(opened, days).day


def test_admits_the_last_working_day_of_the_month() -> None:
    """Tests the month's end, also where the month ends on a Saturday."""
    assert ends(date(2026, 12, 3)) == date(2026, 12, 31)
    assert ends(date(2026, 12, 31)) == date(2026, 12, 31)
    assert ends(date(2026, 10, 9)) == date(2026, 10, 30)


def test_late_in_the_next_month() -> None:
    """Tests that the first working day of the next month is too late."""
    assert date(2026, 12, 1) > ends(date(2026, 11, 2))


def test_has_a_provisional_end_without_a_calendar() -> None:
    """Tests that a problem is taken in although nobody has adopted the year's calendar."""
    assert days_left(WorkCalendar(()), date(2027, 3, 30)) == 1
