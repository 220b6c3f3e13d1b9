"""Rule campaign-published: an approved campaign is published within a month."""

from datetime import date

from tests.policy.world import deadline, last_day

OPENED = date(2026, 11, 2)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day."""
    assert last_day("campaign-published", OPENED) == date(2026, 11, 30)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late, and whose clock it is."""
    assert date(2026, 12, 1) > last_day("campaign-published", OPENED)
    assert deadline("campaign-published").owner == "department"
