"""Share exempt-share: exemptions stay exceptions."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that thirty-five of a hundred are still within it."""
    assert gap(hoped_for("exempt-share"), part=35, whole=100) == 0


def test_falls_short_of_it() -> None:
    """Tests that six more than that are too many."""
    assert gap(hoped_for("exempt-share"), part=41, whole=100) == 6
