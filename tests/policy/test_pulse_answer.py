"""Rule pulse-answer: a monitoring point may answer up to the end of the month that asks."""

from datetime import date

from scheduler.clocks import days_until
from tests.policy.world import CALENDAR, RULES, deadline


def last_day(asked: date, month: str) -> date:
    """Return the last day on which an answer of a month is in time, asked for on a day."""
    days = days_until(CALENDAR, asked, month) + deadline("pulse-answer").working_days
    return CALENDAR.due(asked, days).day


def test_admits_the_last_working_day_of_the_month_that_asks() -> None:
    """Tests an answer of the same month, and of the month three months on."""
    asked = date(2026, 9, 1)
    assert last_day(asked, "2026-09") == date(2026, 9, 30)
    assert last_day(asked, "2026-12") == date(2026, 12, 31)


def test_late_in_the_next_month() -> None:
    """Tests that the month after the one that asks is too late."""
    assert date(2026, 10, 9) > last_day(date(2026, 9, 1), "2026-09")


def test_asks_every_three_months_and_duns_nobody_else() -> None:
    """Tests the rhythm, and that the clock is the enterprise's own."""
    assert RULES.rhythms is not None
    assert RULES.rhythms.pulse_months == 3
    assert deadline("pulse-answer").owner == "enterprise"
