"""Rule item-published: no inspection outside the published list of items."""

import pytest

from schemas.lanes import Purpose
from schemas.registry import Item
from tests.builders import an_item
from tests.policy.world import a_case, at_intake


def test_admits_a_published_item() -> None:
    """Tests that a published item of the department's own passes."""
    assert at_intake(a_case()).stands


@pytest.mark.parametrize(
    "item",
    [an_item(published=False), an_item(department="health"), an_item(2)],
    ids=["withdrawn", "another department's", "unknown"],
)
def test_refuses_an_item_outside_the_list(item: Item) -> None:
    """Tests that the item must be known, published and the department's own."""
    (objection,) = at_intake(a_case(items=[item])).binding
    assert objection.rule == "item-published"
    assert objection.numbers == {"item": "item-1"}


def test_does_not_bind_a_service_visit() -> None:
    """Tests that a service visit has no items and needs none."""
    assert at_intake(a_case(purpose=Purpose.SERVICE, items=[an_item(published=False)])).stands
