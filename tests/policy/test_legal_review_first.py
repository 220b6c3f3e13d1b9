"""Rule legal-review-first: a major decision is on record only after the reviewer's yes."""

from datetime import date

import pytest

from scheduler.decide.common import World
from scheduler.decide.leads import unreviewed
from scheduler.states import VisitState, VisitStatus
from schemas.lanes import Lane, Purpose
from schemas.visits import Decision, LegalReview, Outcome
from tests.builders import a_plan_line
from tests.policy.world import CALENDAR, RULES, codes

AT = World(RULES, CALENDAR)
MAJOR = Outcome(department="fire", findings=(), major=True)


def visit(*said: Decision, purpose: Purpose = Purpose.INSPECTION) -> VisitState:
    """Return a visit with what its reviewer said, one after the other."""
    reviews = tuple(
        LegalReview(department="fire", decision=each, by="legal", on=date(2026, 12, 28), reason="-")
        for each in said
    )
    return VisitState(
        id="visit-1",
        line=a_plan_line(purpose=purpose),
        lane=Lane.ROUTINE,
        status=VisitStatus.LEFT,
        reviews=reviews,
    )


def test_admits_a_major_decision_after_a_yes() -> None:
    """Tests that the newest word counts, and that other results need none."""
    assert not unreviewed(visit(Decision.REFUSED, Decision.APPROVED), MAJOR, AT)
    assert not unreviewed(visit(), MAJOR.model_copy(update={"major": False}), AT)


@pytest.mark.parametrize("said", [(), (Decision.APPROVED, Decision.REFUSED)])
def test_refuses_it_without_one(said: tuple[Decision, ...]) -> None:
    """Tests that silence and a later no both stand in the way."""
    assert codes(unreviewed(visit(*said), MAJOR, AT)) == {"legal-review-first"}
