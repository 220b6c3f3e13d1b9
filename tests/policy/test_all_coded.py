"""Floor all-coded: every entry has a code."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that every entry had its code."""
    assert gap(hoped_for("all-coded"), part=120, whole=120) == 0


def test_falls_short_of_it() -> None:
    """Tests that one entry without a code shows."""
    assert gap(hoped_for("all-coded"), part=119, whole=120) == 1
