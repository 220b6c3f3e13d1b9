"""Rule danger-stated: an emergency is imminent danger or loss of evidence."""

import pytest

from schemas.lanes import EMERGENCY_GROUNDS, Ground, Lane
from schemas.visits import Cause
from tests.builders import a_cause
from tests.policy.world import a_case, at_intake, codes


@pytest.mark.parametrize("ground", sorted(EMERGENCY_GROUNDS))
def test_admits_danger_and_loss_of_evidence(ground: Ground) -> None:
    """Tests that both grounds of an emergency do."""
    assert at_intake(a_case(lane=Lane.EMERGENCY, cause=a_cause(ground))).stands


@pytest.mark.parametrize("cause", [None, a_cause(Ground.COMPLAINT)], ids=["none", "a complaint"])
def test_refuses_a_complaint_as_an_emergency(cause: Cause | None) -> None:
    """Tests that a complaint is for cause and takes the other lane."""
    verdict = at_intake(a_case(lane=Lane.EMERGENCY, cause=cause))
    assert codes(verdict.binding) == {"danger-stated"}
