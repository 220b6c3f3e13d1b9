"""Small random blocks, and brute force over all their plans."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from scheduler.planner.facility.block import Block, make_block


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Blocks of up to five items and three bins, some options missing, with or without openings."""
    items, bins = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    numbers = st.integers(0, 9)
    has = [[draw(st.integers(0, 4)) > 0 for _ in range(bins)] for _ in range(items)]
    real = [(i, b) for i in range(items) for b in range(bins) if has[i][b]]
    priced = draw(st.booleans())
    return make_block(
        np.searchsorted([i for i, _ in real], np.arange(items + 1)).astype(np.int32),
        np.array([b for _, b in real], np.int32),
        np.array([draw(numbers) for _ in real], np.int64),
        np.array([draw(numbers) for _ in real], np.int64),
        leave=np.array([draw(st.sampled_from([0, 8, 15, 100])) for _ in range(items)], np.int64),
        units=np.array([draw(st.integers(0, 14)) for _ in range(bins)], np.int64),
        opening=np.array([draw(numbers) if priced else 0 for _ in range(bins)], np.int64),
    )


def plans(block: Block) -> list[np.ndarray]:
    """All plans of a block that fit."""
    choices = [range(block.first[i], block.first[i + 1]) for i in range(block.items)]
    every = (np.array(plan, np.int32) for plan in product(*choices))
    return [plan for plan in every if block.fits(plan)]


def least_value(block: Block) -> int:
    """The points of the best plan."""
    return min(block.value(plan) for plan in plans(block))
