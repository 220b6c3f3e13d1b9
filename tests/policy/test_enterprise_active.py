"""Rule enterprise-active: dormant and white-listed enterprises are left alone."""

import pytest

from schemas.lanes import Lane
from schemas.registry import Standing
from tests.builders import a_cause, an_enterprise
from tests.policy.world import a_case, at_intake, codes


def test_admits_an_enterprise_in_operation() -> None:
    """Tests that an active enterprise may be visited."""
    assert at_intake(a_case()).stands


@pytest.mark.parametrize("standing", [Standing.DORMANT, Standing.WHITELISTED])
def test_refuses_a_routine_visit_to_others(standing: Standing) -> None:
    """Tests that both standings keep routine visits away, and no check for cause."""
    enterprise = an_enterprise(standing=standing)
    assert codes(at_intake(a_case(enterprise=enterprise)).binding) == {"enterprise-active"}
    for_cause = a_case(enterprise=enterprise, lane=Lane.STATUTORY, cause=a_cause())
    assert at_intake(for_cause).stands
