"""Rule round-table: the next one is held within two months."""

from datetime import date

from scheduler import keys
from scheduler.clocks import days_until
from tests.policy.world import CALENDAR, RULES, deadline


def last_day(held: date) -> date:
    """Return the last day of the next round table after one that was held on a day."""
    assert RULES.rhythms is not None
    month = keys.months_after(keys.month_of(held), RULES.rhythms.round_table_months)
    days = days_until(CALENDAR, held, month) + deadline("round-table").working_days
    return CALENDAR.due(held, days).day


def test_admits_the_end_of_the_second_month() -> None:
    """Tests that a round table of October is followed by one up to December's last working day."""
    assert last_day(date(2026, 10, 9)) == date(2026, 12, 31)
    assert last_day(date(2026, 9, 30)) == date(2026, 11, 30)


def test_late_in_the_third_month() -> None:
    """Tests that the first working day after the second month is too late; December has February."""
    assert date(2026, 12, 1) > last_day(date(2026, 9, 30))
    assert keys.months_after("2026-12", 2) == "2027-02"
    assert deadline("round-table").owner == "coordinator"
