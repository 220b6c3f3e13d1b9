"""Rule plan-answers: the departments answer the draft within two working days."""

from datetime import date

from tests.policy.world import RULES, deadline, last_day

OPENED = date(2026, 12, 11)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day. Friday 11, Monday 14, Tuesday 15."""
    assert last_day("plan-answers", OPENED) == date(2026, 12, 15)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 16) > last_day("plan-answers", OPENED)


def test_agrees_with_the_timetable() -> None:
    """Tests that the days between draft and close of answers are these days."""
    steps = RULES.timetable
    assert deadline("plan-answers").working_days == steps.draft - steps.answers_close
