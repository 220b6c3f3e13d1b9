"""Rule statutory-undecided: a named person decides, and silence is on record."""

from datetime import date

from schemas.lanes import Lane
from tests.policy.world import deadline, last_day

OPENED = date(2026, 12, 18)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day. Friday 18, Monday 21, Tuesday 22."""
    assert last_day("statutory-undecided", OPENED) == date(2026, 12, 22)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 23) > last_day("statutory-undecided", OPENED)


def test_ends_with_a_day_or_a_withdrawal() -> None:
    """Tests that only a visit or the department's own word ends it."""
    rule = deadline("statutory-undecided")
    assert "cn.wurao.visit.arranged.v1" in rule.ends
    assert rule.lanes == (Lane.STATUTORY,)
