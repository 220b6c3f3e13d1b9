"""A few bins and their items as a block of their own."""

import numpy as np

from scheduler.planner.facility.block import Block, Flags, Ints, Points, make_block


def part_of(block: Block, places: Ints, bins: Flags) -> tuple[Block, Points, Points]:
    """Return the block of some bins and of all items now in them or left out.

    Also returned: the items of the part, and for each of its options the whole block's option.
    """
    last = block.bins - 1
    inside = bins[block.bin[places]] | (block.bin[places] == last)
    items = np.flatnonzero(inside)
    counts = np.diff(block.first)[items]
    ends = np.cumsum(counts)
    options = np.arange(ends[-1] if len(ends) else 0) + np.repeat(
        block.first[items] - (ends - counts), counts
    )
    own = bins[block.bin[options]]
    real = options[own]
    sizes = np.bincount(np.repeat(np.arange(len(items)), counts)[own], minlength=len(items))
    first = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    number = np.cumsum(bins) - 1
    part = make_block(
        first,
        number[block.bin[real]].astype(np.int32),
        block.use[real],
        block.price[real],
        leave=block.price[block.left[items]],
        units=block.units[bins],
        opening=block.opening[bins],
    )
    return part, items, np.insert(real, first[1:], block.left[items])
