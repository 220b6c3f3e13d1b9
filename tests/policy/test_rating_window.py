"""Rule rating-window: the enterprise has five working days to rate."""

from datetime import date

from schemas.lanes import Lane
from tests.policy.world import CALENDAR, deadline, last_day

OPENED = date(2026, 11, 30)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day. Monday 30, then Tuesday 1 to Friday 4 and Monday 7."""
    assert last_day("rating-window", OPENED) == date(2026, 12, 7)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 8) > last_day("rating-window", OPENED)


def test_runs_in_every_lane() -> None:
    """Tests that whoever was visited may rate, also after an emergency."""
    assert set(deadline("rating-window").lanes) == set(Lane)


def test_waits_for_the_calendar_of_the_next_year() -> None:
    """Tests that a window that runs into a year without a calendar has a provisional end."""
    due = CALENDAR.due(date(2026, 12, 28), deadline("rating-window").working_days)
    assert due.awaits == 2027
