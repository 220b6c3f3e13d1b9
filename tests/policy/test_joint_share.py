"""Share joint-share: how much is checked together."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that four of seven are more than a half."""
    assert gap(hoped_for("joint-share"), part=4, whole=7) == 0


def test_falls_short_of_it() -> None:
    """Tests that three of seven are not: 3.5 rounds up to four."""
    assert gap(hoped_for("joint-share"), part=3, whole=7) == 1
