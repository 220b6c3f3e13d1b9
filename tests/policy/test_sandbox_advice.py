"""Rule sandbox-advice: an enterprise in the sandbox gets advice, and no routine inspection."""

from schemas.lanes import Lane, Purpose
from schemas.registry import MarkKind
from tests.builders import a_cause, an_item
from tests.policy.marks import a_firm_with
from tests.policy.world import a_case, at_intake, codes

FIRM = a_firm_with(MarkKind.SANDBOX)


def test_admits_advice() -> None:
    """Tests that a service visit stands."""
    assert at_intake(a_case(enterprise=FIRM, purpose=Purpose.SERVICE)).stands


def test_refuses_inspection() -> None:
    """Tests that a routine inspection and oversight fall."""
    for purpose in (Purpose.INSPECTION, Purpose.OVERSIGHT):
        found = at_intake(a_case(enterprise=FIRM, purpose=purpose))
        assert codes(found.binding) == {"sandbox-advice"}


def test_never_touches_safety_or_a_check_for_cause() -> None:
    """Tests that a protected category and a check for cause stand in spite of the sandbox."""
    assert at_intake(a_case(enterprise=FIRM, items=(an_item(category="safety"),))).stands
    assert at_intake(a_case(enterprise=FIRM, lane=Lane.STATUTORY, cause=a_cause())).stands
