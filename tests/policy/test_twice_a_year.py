"""Rule twice-a-year: a department enters an enterprise at most twice a year."""

import pytest

from scheduler import caps
from schemas.lanes import Ground, Lane, Purpose, Remedy
from schemas.registry import Jurisdiction
from schemas.visits import Urgency
from tests.builders import A_DAY, a_cause, a_department, a_uscc
from tests.policy.world import RULES, a_case, at_intake, codes


def test_admits_the_second_visit() -> None:
    """Tests that one visit made leaves one to make."""
    assert at_intake(a_case(), used=1).stands


@pytest.mark.parametrize(("used", "reserved"), [(2, 0), (1, 1), (0, 2)])
def test_refuses_the_third_visit(used: int, reserved: int) -> None:
    """Tests that used and reserved units weigh alike, and that the refusal shows both."""
    (objection,) = at_intake(a_case(), used=used, reserved=reserved).binding
    assert objection.rule == "twice-a-year"
    assert objection.numbers == {"limit": 2, "used": used, "reserved": reserved}
    assert objection.key == f"tally/cap/twice-a-year/fire/{a_uscc()}/2026"


def test_counts_service_visits() -> None:
    """Tests that a visit is a visit, whatever it is called."""
    verdict = at_intake(a_case(purpose=Purpose.SERVICE), used=2)
    assert codes(verdict.binding) == {"twice-a-year"}


def test_counts_an_escalated_visit_that_the_leader_may_lift() -> None:
    """Tests that escalation is counted, and passes the cap only by asking for it."""
    week = Urgency(why_cannot_wait="汛期", tried=(Remedy.OFF_SITE,), lift=("service-week",))
    both = week.model_copy(update={"lift": ("service-week", "twice-a-year")})
    assert not at_intake(a_case(lane=Lane.ESCALATED, urgency=week), used=2).stands
    assert at_intake(a_case(lane=Lane.ESCALATED, urgency=both), used=2).stands


@pytest.mark.parametrize(
    ("lane", "ground"),
    [
        (Lane.STATUTORY, Ground.RECTIFICATION),
        (Lane.EMERGENCY, Ground.IMMINENT_DANGER),
        (Lane.ON_CALL, None),
    ],
)
def test_takes_no_unit_of_an_exempt_visit(lane: Lane, ground: Ground | None) -> None:
    """Tests that exempt visits neither meet the cap nor use it up."""
    case = a_case(lane=lane, cause=a_cause(ground) if ground else None)
    assert caps.uses(case, A_DAY, RULES) == ()


def test_only_advises_a_body_that_the_city_cannot_refuse() -> None:
    """Tests that a vertical body is counted and told, never refused."""
    tax = a_department(jurisdiction=Jurisdiction.VERTICAL)
    verdict = at_intake(a_case(department=tax), used=2)
    assert verdict.stands
    assert codes(verdict.advice) == {"twice-a-year"}
