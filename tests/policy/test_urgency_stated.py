"""Rule urgency-stated: escalation is the last way out and says why."""

from schemas.lanes import Lane, Remedy
from schemas.visits import Urgency
from tests.policy.world import a_case, at_intake, codes


def urgency(*lift: str) -> Urgency:
    """Return a reason to escalate that asks to lift some rules."""
    return Urgency(
        why_cannot_wait="汛期前必须完成", tried=(Remedy.OFF_SITE, Remedy.JOIN_VISIT), lift=lift
    )


def test_admits_a_reason_with_the_ways_tried() -> None:
    """Tests that a request that says why, what was tried and what to lift goes to the leader."""
    assert at_intake(a_case(lane=Lane.ESCALATED, urgency=urgency("service-week"))).stands


def test_refuses_an_escalation_without_a_reason() -> None:
    """Tests that the lane alone lifts nothing."""
    assert codes(at_intake(a_case(lane=Lane.ESCALATED)).binding) == {"urgency-stated"}


def test_refuses_to_lift_what_nobody_may_lift() -> None:
    """Tests that neither the leader nor a slip of the pen opens such a rule."""
    case = a_case(lane=Lane.ESCALATED, urgency=urgency("item-published", "no-such-rule"))
    objections = at_intake(case).binding
    assert codes(objections) == {"not-liftable"}
    assert [o.numbers["rule"] for o in objections] == ["item-published", "no-such-rule"]


def test_asks_nothing_in_another_lane() -> None:
    """Tests that a routine request cannot carry a wish to the leader past the matrix."""
    assert a_case(urgency=urgency("twice-a-year")).asked == frozenset()
