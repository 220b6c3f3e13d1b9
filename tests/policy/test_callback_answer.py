"""Rule callback-answer: what was passed on with consent is answered within five working days."""

from datetime import date

from tests.policy.world import deadline, last_day

PASSED_ON = date(2026, 12, 4)


def test_admits_the_last_day() -> None:
    """Tests that an answer is in time on the fifth working day."""
    assert last_day("callback-answer", PASSED_ON) == date(2026, 12, 11)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late, and whose clock it is."""
    assert date(2026, 12, 14) > last_day("callback-answer", PASSED_ON)
    assert deadline("callback-answer").owner == "department"
