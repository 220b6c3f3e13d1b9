"""Rule once-a-year: a department enters an enterprise at most once a year."""

import pytest

from scheduler import caps
from scheduler.ruleset import RuleSet
from schemas.lanes import Ground, Lane
from tests.builders import A_DAY, a_cause, a_uscc
from tests.policy.others import QUIET, at_intake
from tests.policy.world import a_case


@pytest.mark.parametrize("rules", QUIET)
def test_admits_the_first_visit(rules: RuleSet) -> None:
    """Tests that a year without a visit leaves one to make."""
    assert at_intake(a_case(), rules).stands


@pytest.mark.parametrize("rules", QUIET)
def test_refuses_the_second_visit(rules: RuleSet) -> None:
    """Tests that the number is one here, and two in Changning, by the policy alone."""
    (objection,) = at_intake(a_case(), rules, used=1).binding
    assert objection.rule == "once-a-year"
    assert objection.numbers == {"limit": 1, "used": 1, "reserved": 0}
    assert objection.key == f"tally/cap/once-a-year/fire/{a_uscc()}/2026"


@pytest.mark.parametrize("rules", QUIET)
def test_takes_no_unit_of_a_check_for_cause(rules: RuleSet) -> None:
    """Tests that a re-inspection after a rectification is not counted under it."""
    case = a_case(lane=Lane.STATUTORY, cause=a_cause(Ground.RECTIFICATION))
    assert caps.uses(case, A_DAY, rules) == ()
