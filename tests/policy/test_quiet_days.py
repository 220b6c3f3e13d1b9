"""Rule quiet-days: nobody comes in the first days of the month; the mirror of a service week."""

from datetime import date

import pytest

from scheduler.judge import judge
from scheduler.ruleset import RuleSet
from schemas.lanes import Ground, Lane, Remedy
from schemas.visits import Urgency
from tests.builders import a_cause, a_window
from tests.policy.others import HUNAN, LIUYANG, QUIET, at_intake
from tests.policy.world import CALENDAR, a_case, codes

URGENCY = Urgency(why_cannot_wait="设备即将拆除", tried=(Remedy.OFF_SITE,), lift=("quiet-days",))


@pytest.mark.parametrize(("rules", "first", "count"), [(HUNAN, 21, 9), (LIUYANG, 16, 12)])
def test_admits_the_working_days_after_them(rules: RuleSet, first: int, count: int) -> None:
    """Tests that December 2026 opens on the 21st in Hunan and on the 16th in Liuyang."""
    days = rules.visiting_days("2026-12", CALENDAR)
    assert (days[0].day, len(days)) == (first, count)
    assert all(judge(a_case(), day, rules).stands for day in days)


@pytest.mark.parametrize(("rules", "last"), [(HUNAN, 18), (LIUYANG, 15)])
def test_refuses_the_last_of_them(rules: RuleSet, last: int) -> None:
    """Tests that the refusal shows the day and the days of the month that are quiet."""
    day = date(2026, 12, last)
    (objection,) = at_intake(a_case(window=a_window(day, day)), rules).binding
    assert objection.rule == "quiet-days"
    assert objection.numbers["day"] == str(day)
    assert objection.numbers["first"] == 1


@pytest.mark.parametrize("rules", QUIET)
def test_does_not_bind_a_check_for_cause(rules: RuleSet) -> None:
    """Tests that a complaint is followed up on any working day."""
    case = a_case(lane=Lane.STATUTORY, cause=a_cause(Ground.COMPLAINT))
    assert judge(case, date(2026, 12, 2), rules).stands


def test_is_lifted_in_liuyang_by_an_exception_and_in_hunan_by_nobody() -> None:
    """Tests that the excerpt of 2010 names nobody, and the report of 2025 an approval."""
    day = date(2026, 12, 2)
    case = a_case(lane=Lane.ESCALATED, urgency=URGENCY, window=a_window(day, day))
    assert at_intake(case, LIUYANG).stands
    assert judge(case, day, LIUYANG, lifted={"quiet-days"}).stands
    assert codes(at_intake(case, HUNAN).binding) == {"quiet-days", "not-liftable"}
