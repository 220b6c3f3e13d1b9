"""Splits of pairs of bins: what comes out fits, and is the best where two bins are all there is."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.chance import seeds_of
from scheduler.planner.facility.block import Block, make_block
from scheduler.planner.facility.resplit import even, resplit
from tests.scheduler.planner.facility.small import least_value


def _block(price: list[list[int]], use: list[int], units: list[int]) -> Block:
    items, bins = len(use), len(units)
    return make_block(
        (np.arange(items + 1) * bins).astype(np.int32),
        np.tile(np.arange(bins, dtype=np.int32), items),
        np.repeat(np.array(use, np.int64), bins),
        np.array(price, np.int64).ravel(),
        leave=np.full(items, 1000, np.int64),
        units=np.array(units, np.int64),
        opening=np.zeros(bins, np.int64),
    )


def _split(block: Block, seed: int) -> np.ndarray:
    at = np.arange(len(block.bin), dtype=np.int32).reshape(block.items, block.bins)
    return resplit(block, at, block.left, heat=1.0, cells=100_000, state=seeds_of(seed))


def test_bins_are_filled_to_the_last_unit() -> None:
    use = [7, 5, 4, 3, 3, 2]
    block = _block([[1, 9], [8, 2], [3, 3], [9, 1], [4, 6], [2, 5]], use, [12, 12])
    assert block.value(_split(block, 0)) == least_value(block) < 1000


def test_where_nothing_fits_all_is_left_out() -> None:
    block = _block([[1, 2], [3, 4]], [5, 5], [4, 4])
    assert np.array_equal(_split(block, 0), block.left)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_plan_fits_whatever_the_chance(seed: int) -> None:
    draw = np.random.default_rng(seed)
    use = draw.integers(1, 9, 12)
    units = [int(use.sum()) // 3 + int(draw.integers(0, 3))] * 3
    block = _block(draw.integers(0, 30, (12, 3)).tolist(), use.tolist(), units)
    assert block.fits(_split(block, seed))


def test_units_that_depend_on_the_bin_are_told() -> None:
    block = _block([[1, 2], [3, 4]], [5, 5], [4, 4])
    assert even(block)
    block.use[0] = 4
    assert not even(block)
