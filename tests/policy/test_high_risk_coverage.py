"""Floor high-risk-coverage: fewer visits must not mean that danger is left alone."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that forty of forty high-risk enterprises are all."""
    assert gap(hoped_for("high-risk-coverage"), part=40, whole=40) == 0


def test_falls_short_of_it() -> None:
    """Tests that three that nobody inspected are named as missing."""
    assert gap(hoped_for("high-risk-coverage"), part=37, whole=40) == 3
