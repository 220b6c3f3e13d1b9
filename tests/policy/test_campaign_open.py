"""Rule campaign-open: a request cites a campaign that is approved, not over, and covers it."""

from dataclasses import replace

import pytest

from scheduler import gates
from scheduler.campaigns import CampaignState
from schemas.campaigns import CampaignKind
from tests.policy.campaigning import a_state
from tests.policy.world import RULES, a_case, codes


def test_admits_a_request_inside_the_plan_and_one_without_a_campaign() -> None:
    """Tests that whoever cites nothing is not asked."""
    assert codes(gates.at_intake(a_case(), RULES)) == set()
    cited = replace(a_case(campaign="winter"), campaign=a_state())
    assert codes(gates.at_intake(cited, RULES)) == set()


@pytest.mark.parametrize(
    "state",
    [
        None,
        a_state(approved=False),
        a_state().model_copy(update={"result": "已结束"}),
        a_state(lead="market"),
        a_state(kind=CampaignKind.SURVEY),
        a_state(items=("item-2",)),
        a_state(trades=("H62",)),
    ],
)
def test_refuses_what_is_not_approved_or_not_covered(state: CampaignState | None) -> None:
    """Tests that a plan that is unknown, waits, is over or says something else covers nothing."""
    cited = replace(a_case(campaign="winter"), campaign=state)
    assert codes(gates.at_intake(cited, RULES)) == {"campaign-open"}
