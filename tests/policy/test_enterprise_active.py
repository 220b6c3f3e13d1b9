"""Rule enterprise-active: dormant and white-listed enterprises are left alone."""

from datetime import date

import pytest

from schemas.lanes import Lane
from schemas.registry import MarkKind, Standing
from tests.builders import a_cause, an_enterprise, an_item
from tests.policy.marks import a_firm_with
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


@pytest.mark.parametrize("kind", [MarkKind.DORMANT, MarkKind.WHITELIST, MarkKind.EXEMPT])
def test_refuses_on_the_days_of_a_mark(kind: MarkKind) -> None:
    """Tests that a mark keeps routine visits away on its days, and no longer."""
    marked = a_case(enterprise=a_firm_with(kind))
    assert codes(at_intake(marked).binding) == {"enterprise-active"}
    over = a_case(enterprise=a_firm_with(kind, until=date(2026, 11, 30)))
    assert at_intake(over).stands
    removed = a_case(enterprise=a_firm_with(kind, ended=date(2026, 12, 1)))
    assert at_intake(removed).stands


def test_a_white_list_never_touches_safety_and_the_like() -> None:
    """Tests that a protected category is inspected at a white-listed enterprise, not at a dormant one."""
    food = (an_item(category="food"),)
    listed = an_enterprise(standing=Standing.WHITELISTED)
    assert at_intake(a_case(enterprise=listed, items=food)).stands
    assert at_intake(a_case(enterprise=a_firm_with(MarkKind.EXEMPT), items=food)).stands
    for unclear in (listed, a_firm_with(MarkKind.EXEMPT)):
        (against,) = at_intake(a_case(enterprise=unclear)).binding
        assert against.numbers["uncategorised"] == "item-1", (
            "who is refused is told what is missing"
        )
        (plain,) = at_intake(
            a_case(enterprise=unclear, items=(an_item(category="archives"),))
        ).binding
        assert "uncategorised" not in plain.numbers
    asleep = a_case(enterprise=a_firm_with(MarkKind.DORMANT), items=food)
    assert codes(at_intake(asleep).binding) == {"enterprise-active"}
