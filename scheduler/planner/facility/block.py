"""Items, bins with room, and what opening a bin costs: what the methods of this package work on.

This is single-source capacitated facility location with uses that may depend on the bin; without
opening prices it is the generalised assignment problem. Leaving an item out is a last bin with
room for everything.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.planner.instance import NOWHERE, Instance

Ints = NDArray[np.int32]
Points = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Block:
    """One assignment problem, by item and by bin.

    Parameters
    ----------
    first
        Item i has the options ``first[i]`` up to ``first[i + 1]``; the last one leaves it out.
    bin, use, price
        The bin of an option, the units it takes there, its points.
    units, opening
        Units of each bin and points of using it at all; the last bin is where left-out items are.
    item
        The item of each option.
    bin_first, bin_options
        Bin b has the options ``bin_options[bin_first[b]:bin_first[b + 1]]``.
    """

    first: Ints
    bin: Ints
    use: Points
    price: Points
    units: Points
    opening: Points
    item: Ints
    bin_first: Ints
    bin_options: Ints

    @property
    def items(self) -> int:
        """Number of items."""
        return len(self.first) - 1

    @property
    def bins(self) -> int:
        """Number of bins, the one for left-out items included."""
        return len(self.units)

    @property
    def left(self) -> Ints:
        """The option that leaves each item out."""
        return (self.first[1:] - 1).astype(np.int32)

    def value(self, places: Ints) -> int:
        """Points of a plan: an option for each item."""
        used = np.unique(self.bin[places])
        return int(self.price[places].sum() + self.opening[used].sum())

    def fits(self, places: Ints) -> bool:
        """Whether a plan gives each item an option of its own and stays within all units."""
        load = np.bincount(self.bin[places], self.use[places], self.bins)
        own = np.array_equal(self.item[places], np.arange(self.items))
        return own and bool((load <= self.units).all())


def make_block(
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    *,
    leave: Points,
    units: Points,
    opening: Points,
) -> Block:
    """Return a block of items with options (without the one that leaves out) and bins.

    ``leave`` are the points of leaving each item out; opening prices must not be negative.
    """
    if (opening < 0).any() or (use < 0).any() or (units < 0).any():
        raise ValueError("an opening price, a use or a room is negative")
    items = len(leave)
    counts = np.diff(first)
    at = first[1:]  # where each item's last option goes, before those of later items
    out_first = np.concatenate(([0], np.cumsum(counts + 1))).astype(np.int32)
    bins = np.insert(bins, at, len(units)).astype(np.int32)
    room = int(units.sum() + use.sum() + 1)
    item = np.repeat(np.arange(items), counts + 1).astype(np.int32)
    order = np.argsort(bins, kind="stable").astype(np.int32)
    bin_first = np.searchsorted(bins[order], np.arange(len(units) + 2)).astype(np.int32)
    return Block(
        first=out_first,
        bin=bins,
        use=np.insert(use, at, 0).astype(np.int64),
        price=np.insert(price, at, leave).astype(np.int64),
        units=np.append(units, room).astype(np.int64),
        opening=np.append(opening, 0).astype(np.int64),
        item=item,
        bin_first=bin_first,
        bin_options=order,
    )


def is_location(instance: Instance) -> bool:
    """Whether a whole instance is one block.

    It is where no counter counts and each visit that costs something is the only one of its bin
    and has no other bin.
    """
    if len(instance.marks) or (instance.visit_price < 0).any():
        return False
    pairs = np.unique(np.stack([instance.option_visit, instance.option_bin]), axis=1)
    per_visit = np.bincount(pairs[0], minlength=len(instance.visit_price))
    per_bin = np.bincount(pairs[1], minlength=len(instance.bin_units))
    priced = instance.visit_price[pairs[0]] > 0
    return bool((per_visit[pairs[0]][priced] == 1).all() and (per_bin[pairs[1]][priced] == 1).all())


def block_of(instance: Instance) -> Block:
    """Return the one block of an instance that `is_location`; options keep their order."""
    opening = np.zeros(len(instance.bin_units), np.int64)
    opening[instance.option_bin] = instance.visit_price[instance.option_visit]
    return make_block(
        instance.option_first,
        instance.option_bin,
        instance.option_use.astype(np.int64),
        instance.option_price,
        leave=instance.leave,
        units=instance.bin_units,
        opening=opening,
    )


def places_of(block: Block, chosen: Ints) -> Ints:
    """Return a block's plan as options of the instance that the block came from."""
    left = block.left
    # Before an item's options stand those of earlier items, each item's last one of the block's own.
    own = chosen - np.arange(block.items, dtype=np.int32)
    return np.where(chosen == left, NOWHERE, own).astype(np.int32)
