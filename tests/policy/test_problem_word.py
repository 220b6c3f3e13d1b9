"""Rule problem-word: the enterprise has five working days to say whether its problem is solved."""

from datetime import date

from tests.policy.world import CALENDAR, deadline, last_day

OPENED = date(2026, 12, 4)


def test_admits_the_last_day() -> None:
    """Tests that the enterprise may speak on its last working day."""
    assert last_day("problem-word", OPENED) == date(2026, 12, 11)


def test_late_the_day_after() -> None:
    """Tests that the office may close, with a reason, from the next working day on."""
    assert date(2026, 12, 14) > last_day("problem-word", OPENED)
    assert deadline("problem-word").owner == "enterprise"


def test_waits_for_the_calendar_of_the_next_year() -> None:
    """Tests that nobody's silence is certain in a year without a calendar."""
    due = CALENDAR.due(date(2026, 12, 28), deadline("problem-word").working_days)
    assert due.awaits == 2027
