"""Rule problem-simple: a simple problem is answered within three working days."""

from datetime import date

from schemas.enterprise_problems import ProblemGrade
from tests.policy.world import deadline, last_day

OPENED = date(2026, 12, 4)


def test_admits_the_last_day() -> None:
    """Tests that it is in time on its last working day."""
    assert last_day("problem-simple", OPENED) == date(2026, 12, 9)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 10) > last_day("problem-simple", OPENED)


def test_runs_for_simple_problems_alone() -> None:
    """Tests that the department's clock is that of the grade, and binds no visit."""
    rule = deadline("problem-simple")
    assert (rule.grade, rule.owner, rule.purposes) == (ProblemGrade.SIMPLE, "department", ())
