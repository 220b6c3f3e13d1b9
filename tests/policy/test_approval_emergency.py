"""Rule approval-emergency: the head's approval follows an emergency at once."""

from datetime import date

from tests.policy.world import deadline, last_day

OPENED = date(2026, 12, 12)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day. Saturday 12, then Monday 14."""
    assert last_day("approval-emergency", OPENED) == date(2026, 12, 14)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 15) > last_day("approval-emergency", OPENED)


def test_waits_for_the_head() -> None:
    """Tests that it ends with the approval that followed, and that the head is reminded."""
    rule = deadline("approval-emergency")
    assert rule.ends == ("cn.wurao.visit.approved.v1",)
    assert rule.owner == "head"
