"""Share fewer-entries: the halving is reported and refuses nobody."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that 600 entries last year and 300 now are the half."""
    assert gap(hoped_for("fewer-entries"), part=300, whole=600) == 0


def test_falls_short_of_it() -> None:
    """Tests that with 630 entries now, 330 more must fall away: 300 allowed."""
    assert gap(hoped_for("fewer-entries"), part=-30, whole=600) == 330
