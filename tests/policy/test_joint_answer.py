"""Rule joint-answer: a joint visit is answered within three working days."""

from datetime import date

from tests.policy.world import deadline, last_day

OPENED = date(2026, 11, 2)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day."""
    assert last_day("joint-answer", OPENED) == date(2026, 11, 5)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late, and whose clock it is."""
    assert date(2026, 11, 6) > last_day("joint-answer", OPENED)
    assert deadline("joint-answer").owner == "department"
