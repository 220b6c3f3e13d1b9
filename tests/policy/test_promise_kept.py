"""Rule promise-kept: what an enterprise promised to keep is not inspected as a matter of routine."""

from dataclasses import replace
from datetime import date

from schemas.lanes import Lane
from schemas.registry import MarkKind
from tests.builders import a_cause, a_request, an_item
from tests.policy.marks import a_firm_with
from tests.policy.world import a_case, at_intake, codes


def test_refuses_the_promised_item() -> None:
    """Tests that an inspection of a promised item falls."""
    firm = a_firm_with(MarkKind.PROMISE, items=("item-1",))
    assert codes(at_intake(a_case(enterprise=firm)).binding) == {"promise-kept"}


def test_admits_another_item() -> None:
    """Tests that an item that was not promised is inspected."""
    firm = a_firm_with(MarkKind.PROMISE, items=("item-1",))
    other = an_item(id="item-2")
    assert at_intake(
        replace(a_case(enterprise=firm, items=(other,)), request=a_request(items=("item-2",)))
    ).stands


def test_never_touches_safety_food_drugs_or_special_equipment() -> None:
    """Tests that an item of a protected category is inspected in spite of the promise."""
    firm = a_firm_with(MarkKind.PROMISE, items=("item-1",))
    for category in ("safety", "food", "drugs", "special_equipment"):
        item = an_item(category=category)
        assert at_intake(a_case(enterprise=firm, items=(item,))).stands


def test_binds_no_check_for_cause_and_ends_with_the_promise() -> None:
    """Tests that a check for cause stands, and a routine one after the promise's last day."""
    firm = a_firm_with(MarkKind.PROMISE, items=("item-1",))
    assert at_intake(a_case(enterprise=firm, lane=Lane.STATUTORY, cause=a_cause())).stands
    over = a_firm_with(MarkKind.PROMISE, items=("item-1",), until=date(2026, 11, 30))
    assert at_intake(a_case(enterprise=over)).stands
