"""Rule campaign-number: a campaign keeps to the number of its own plan."""

from dataclasses import replace

from scheduler import caps
from scheduler.states import TallyState
from tests.builders import A_DAY
from tests.policy.campaigning import a_state
from tests.policy.world import RULES, a_case, codes


def _use(number: int) -> caps.CapUse:
    case = replace(a_case(campaign="winter"), campaign=a_state(number=number))
    (found,) = (u for u in caps.uses(case, A_DAY, RULES) if u.rule.code == "campaign-number")
    return found


def test_admits_up_to_the_number_that_was_approved() -> None:
    """Tests that the limit is the plan's, and never more than the policy's."""
    use = _use(3)
    assert use.limit == 3
    assert not caps.objections([use], {use.key: TallyState(reserved=1, used=1)})
    assert _use(99_999).limit == use.rule.limit


def test_refuses_one_more_and_says_the_way_out() -> None:
    """Tests that the request above the number is refused, with what else could be done."""
    use = _use(3)
    (against,) = caps.objections([use], {use.key: TallyState(reserved=1, used=2)})
    assert codes([against]) == {"campaign-number"}
    assert {"off_site", "approve"} <= set(against.remedies)


def test_takes_nothing_of_a_request_outside_campaigns() -> None:
    """Tests that whoever cites none takes no unit."""
    assert "campaign-number" not in {u.rule.code for u in caps.uses(a_case(), A_DAY, RULES)}
