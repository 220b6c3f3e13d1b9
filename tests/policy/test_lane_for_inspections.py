"""Rule lane-for-inspections: exempt lanes hide no service visits and no tours."""

import pytest

from schemas.lanes import Ground, Lane, Purpose
from tests.builders import a_cause
from tests.policy.world import a_case, at_intake, codes


def test_admits_an_inspection_for_cause() -> None:
    """Tests that the statutory lane is open to an inspection with its cause."""
    assert at_intake(a_case(lane=Lane.STATUTORY, cause=a_cause())).stands


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.INSPECTION])
def test_refuses_a_visit_without_legal_duty(purpose: Purpose) -> None:
    """Tests that a study tour with a complaint's number does not slip past the cap of two."""
    statutory = a_case(lane=Lane.STATUTORY, purpose=purpose, cause=a_cause())
    urgent = a_case(lane=Lane.EMERGENCY, purpose=purpose, cause=a_cause(Ground.IMMINENT_DANGER))
    assert codes(at_intake(statutory).binding) == {"lane-for-inspections"}
    assert codes(at_intake(urgent).binding) == {"lane-for-inspections"}
