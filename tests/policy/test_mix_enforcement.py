"""Share mix-enforcement: at most 10 per cent enforcement, reported only."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that eight of a hundred acts are within it; nobody is sent out for two more."""
    assert gap(hoped_for("mix-enforcement"), part=8, whole=100) == 0


def test_falls_short_of_it() -> None:
    """Tests that two acts more than ten are too many."""
    assert gap(hoped_for("mix-enforcement"), part=12, whole=100) == 2
