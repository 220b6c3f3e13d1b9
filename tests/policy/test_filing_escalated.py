"""Rule filing-escalated: the filing follows the leader's yes within two working days."""

from datetime import date

from schemas.lanes import Lane
from schemas.visits import Role
from tests.policy.world import deadline, last_day

OPENED = date(2026, 12, 24)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day. Thursday, Friday 25, Monday 28."""
    assert last_day("filing-escalated", OPENED) == date(2026, 12, 28)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 29) > last_day("filing-escalated", OPENED)


def test_runs_from_the_leaders_yes() -> None:
    """Tests that the clock starts with the approval of the leader, not of the head, nor the visit."""
    rule = deadline("filing-escalated")
    assert (rule.starts, rule.by) == ("cn.wurao.request.decided.v1", Role.LEADER)
    assert rule.lanes == (Lane.ESCALATED,)
