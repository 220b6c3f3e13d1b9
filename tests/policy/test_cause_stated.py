"""Rule cause-stated: the statutory lane wants a ground and its number."""

import pytest

from schemas.lanes import STATUTORY_GROUNDS, Ground, Lane
from schemas.visits import Cause
from tests.builders import A_DAY, a_cause
from tests.policy.world import a_case, at_intake, codes


@pytest.mark.parametrize("ground", sorted(STATUTORY_GROUNDS))
def test_admits_every_lawful_ground(ground: Ground) -> None:
    """Tests that a complaint, a transfer, a case, a re-check and a legal due date each do."""
    cause = a_cause(ground, last_legal_date=A_DAY)
    assert at_intake(a_case(lane=Lane.STATUTORY, cause=cause)).stands


@pytest.mark.parametrize(
    "cause",
    [None, a_cause(Ground.IMMINENT_DANGER), a_cause(Ground.LEGAL_DUE_DATE)],
    ids=["none", "a danger", "a due date without its date"],
)
def test_refuses_a_label_without_proof(cause: Cause | None) -> None:
    """Tests that "statutory" alone opens nothing."""
    verdict = at_intake(a_case(lane=Lane.STATUTORY, cause=cause))
    assert codes(verdict.binding) == {"cause-stated"}
