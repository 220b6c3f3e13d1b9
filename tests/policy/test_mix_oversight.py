"""Share mix-oversight: at most 20 per cent management and urging, reported only."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that fifteen of a hundred acts are within it."""
    assert gap(hoped_for("mix-oversight"), part=15, whole=100) == 0


def test_falls_short_of_it() -> None:
    """Tests that five acts more than twenty are too many."""
    assert gap(hoped_for("mix-oversight"), part=25, whole=100) == 5
