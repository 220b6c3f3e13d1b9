"""结果公示: nothing before its day, no names where the policy gives none, never an individual's."""

from __future__ import annotations

from datetime import date, timedelta

from portal.matters.results import published
from scheduler.states import VisitState, VisitStatus
from schemas.lanes import Lane
from schemas.sharing_rules import PublicationRules
from schemas.visits import Finding, Outcome
from tests.builders import a_plan_line, a_uscc
from tests.policy.world import CALENDAR

DAY = date(2026, 11, 2)
NAMED = PublicationRules(working_days=20, named=True)
UNNAMED = PublicationRules(working_days=20)
OVER = date(2026, 12, 1)


def a_visit(enterprise: str, department: str = "fire") -> VisitState:
    """Return a visit that found something on one item."""
    findings = (Finding(item="item-1", compliant=False, note="见某某"),)
    return VisitState(
        id="visit-1",
        line=a_plan_line(enterprise=enterprise, day=DAY),
        lane=Lane.ROUTINE,
        status=VisitStatus.CLOSED,
        outcomes=(Outcome(department=department, findings=findings, measure="rectification"),),
    )


def test_a_result_is_public_the_day_after_its_working_days() -> None:
    visits = [a_visit(a_uscc(1))]
    assert published(visits, UNNAMED, CALENDAR, OVER - timedelta(days=1)) == ()
    (row,) = published(visits, UNNAMED, CALENDAR, OVER)
    assert (row.department, row.items, row.measure) == (
        "fire",
        (("item-1", False),),
        "rectification",
    )


def test_only_enterprises_are_named_and_only_where_the_policy_says_so() -> None:
    firm, person = a_uscc(1), "92" + a_uscc(1)[2:]
    visits = [a_visit(firm, "market"), a_visit(firm)]
    assert [r.enterprise for r in published(visits, UNNAMED, CALENDAR, OVER)] == [None, None]
    named = published(visits, NAMED, CALENDAR, OVER)
    assert [(r.department, r.enterprise) for r in named] == [("fire", firm), ("market", firm)]
    single = a_visit(firm)
    line = single.line.model_copy(update={"enterprise": person})
    (row,) = published([single.model_copy(update={"line": line})], NAMED, CALENDAR, OVER)
    assert row.enterprise is None


def test_a_year_without_a_calendar_publishes_nothing() -> None:
    late = a_visit(a_uscc(1))
    line = late.line.model_copy(update={"day": date(2026, 12, 30)})
    january = late.model_copy(update={"line": line})
    assert published([january], UNNAMED, CALENDAR, date(2027, 12, 31)) == ()
