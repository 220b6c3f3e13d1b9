"""Sets of open bins: their bounds, and that the walk comes by the best one."""

from itertools import product

import numpy as np
from hypothesis import given, settings

from scheduler.planner.chance import seeds_of
from scheduler.planner.facility.block import Block
from scheduler.planner.facility.sites import judged, sites_of, walk
from tests.scheduler.planner.facility.small import blocks, least_value, plans


def _least_with(block: Block, is_open: tuple[bool, ...]) -> int:
    """Points of the best plan in these bins, all of which are paid for."""
    allowed = np.append(is_open, True)
    paid = int(block.opening[:-1][list(is_open)].sum())
    return paid + min(
        int(block.price[plan].sum()) for plan in plans(block) if allowed[block.bin[plan]].all()
    )


@given(blocks())
@settings(max_examples=60, deadline=None)
def test_no_plan_is_below_the_bound_of_its_open_bins(block: Block) -> None:
    s = sites_of(block)
    for is_open in product((False, True), repeat=block.bins - 1):
        chosen, toll = np.flatnonzero(is_open), np.zeros(block.bins - 1)
        bound = judged(s.cost, s.use, s.leave, s.units, s.opening, chosen, toll, 30, np.inf)
        assert bound <= _least_with(block, is_open) + 1e-6


@given(blocks())
@settings(max_examples=30, deadline=None)
def test_the_walk_keeps_sets_once_and_none_above_its_plans(block: Block) -> None:
    sites = sites_of(block)
    walk(sites, least_value(block), seeds_of(1))
    found = sites.bounds < np.inf
    kept = [tuple(each.tolist()) for each in sites.kept[found]]
    assert kept
    assert len(set(kept)) == len(kept)
    for bound, is_open in zip(sites.bounds[found], kept, strict=True):
        assert bound <= _least_with(block, is_open) + 1e-6
