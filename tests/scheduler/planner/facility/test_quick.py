"""One dive: it fits, is never worse than the plan at hand, and never below its bound."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.facility.block import Block
from scheduler.planner.facility.quick import settle
from tests.scheduler.planner.facility.small import blocks, least_value, plans


@given(blocks(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_quick_plan_fits_and_is_between_bound_and_start(
    block: Block, data: st.DataObject
) -> None:
    start = data.draw(st.sampled_from(plans(block)))
    outcome = settle(block, start=start)
    assert block.fits(outcome.places)
    assert block.value(outcome.places) == outcome.value <= block.value(start)
    assert outcome.least <= least_value(block) <= outcome.value


@given(blocks())
@settings(max_examples=50, deadline=None)
def test_without_a_start_the_same_holds_and_repeats(block: Block) -> None:
    outcome = settle(block)
    assert block.fits(outcome.places)
    assert outcome.least <= least_value(block) <= outcome.value
    assert np.array_equal(settle(block).places, outcome.places)
