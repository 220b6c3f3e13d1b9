"""Rule off-site-settled: an off-site task is settled within twenty working days."""

from datetime import date

from tests.policy.world import deadline, last_day

OPENED = date(2026, 11, 2)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day."""
    assert last_day("off-site-settled", OPENED) == date(2026, 11, 30)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late, and whose clock it is."""
    assert date(2026, 12, 1) > last_day("off-site-settled", OPENED)
    assert deadline("off-site-settled").owner == "department"
