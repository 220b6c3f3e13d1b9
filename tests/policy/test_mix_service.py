"""Share mix-service: 70 per cent service and guidance, reported and not pushed."""

from scheduler.gaps import gap
from tests.policy.world import hoped_for


def test_admits_what_reaches_it() -> None:
    """Tests that seventy of a hundred acts do."""
    assert gap(hoped_for("mix-service"), part=70, whole=100) == 0


def test_falls_short_of_it() -> None:
    """Tests that ten are missing; no page asks for ten more visits."""
    assert gap(hoped_for("mix-service"), part=60, whole=100) == 10
