"""Floor all-rated: every entry is rated, or shows as not rated."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that every entry was rated."""
    assert gap(hoped_for("all-rated"), part=120, whole=120) == 0


def test_falls_short_of_it() -> None:
    """Tests that unrated entries are missing, never good."""
    assert gap(hoped_for("all-rated"), part=90, whole=120) == 30
