"""Rule contact-monthly: a paired enterprise is contacted at least once in every month."""

from datetime import date

from scheduler.clocks import days_until
from tests.policy.world import CALENDAR, deadline


def last_day(asked: date, month: str) -> date:
    """Return the last day on which a month's contact is in time, asked for on a day."""
    days = days_until(CALENDAR, asked, month) + deadline("contact-monthly").working_days
    return CALENDAR.due(asked, days).day


def test_admits_the_last_working_day_of_the_month() -> None:
    """Tests this month's end and the next one's, also over a month that ends on a weekend."""
    assert last_day(date(2026, 12, 3), "2026-12") == date(2026, 12, 31)
    assert last_day(date(2026, 9, 18), "2026-10") == date(2026, 10, 30)


def test_late_in_the_next_month() -> None:
    """Tests that the first working day of the next month is too late."""
    assert date(2026, 12, 1) > last_day(date(2026, 11, 2), "2026-11")
    assert deadline("contact-monthly").owner == "department"
