"""Rule filing-emergency: who acted first files within five working days."""

from datetime import date

from schemas.lanes import Lane
from tests.policy.world import deadline, last_day

OPENED = date(2026, 12, 12)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day. Saturday 12, then Monday 14 to Friday 18."""
    assert last_day("filing-emergency", OPENED) == date(2026, 12, 18)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 21) > last_day("filing-emergency", OPENED)


def test_runs_from_the_arrangement() -> None:
    """Tests that the clock starts when the emergency is on record."""
    rule = deadline("filing-emergency")
    assert rule.starts == "cn.wurao.visit.arranged.v1"
    assert rule.lanes == (Lane.EMERGENCY,)
