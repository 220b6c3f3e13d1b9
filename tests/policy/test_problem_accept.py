"""Rule problem-accept: a problem is graded and given to its owners within one working day."""

from datetime import date

from tests.policy.world import deadline, last_day

OPENED = date(2026, 12, 4)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day."""
    assert last_day("problem-accept", OPENED) == date(2026, 12, 7)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 8) > last_day("problem-accept", OPENED)


def test_a_merged_or_declined_problem_is_answered_too() -> None:
    """Tests that each way in which the office settles a report ends the clock, whatever the grade."""
    rule = deadline("problem-accept")
    assert [each.split(".")[3] for each in rule.ends] == ["accepted", "merged", "declined"]
    assert (rule.owner, rule.grade) == ("coordinator", None)
