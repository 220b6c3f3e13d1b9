"""Rule lead-receipt: a lead is signed for within two working days."""

from datetime import date

from tests.policy.world import deadline, last_day

OPENED = date(2026, 11, 2)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day."""
    assert last_day("lead-receipt", OPENED) == date(2026, 11, 4)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late, and whose clock it is."""
    assert date(2026, 11, 5) > last_day("lead-receipt", OPENED)
    assert deadline("lead-receipt").owner == "department"
