"""What the relaxation says about options: which are worth trying, and what a bin's unit is worth."""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

from dataclasses import dataclass

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.facility.block import Block, Ints, Points
from scheduler.planner.facility.knapsack import by_worth
from scheduler.planner.facility.multipliers import MICRO, Reals, penalties, relaxed


@dataclass(frozen=True, slots=True)
class Guide:
    """Options worth trying, by item, and a toll on each bin's units.

    Parameters
    ----------
    penalty
        Millionths by which the bound grows at least if an option is taken.
    first, options
        Item i should try ``options[first[i]:first[i + 1]]``, its least penalised ones.
    option_at
        The option of each item in each bin, or -1.
    toll
        Points that a unit more of each bin would save, by the relaxation.
    """

    penalty: Points
    first: Ints
    options: Ints
    option_at: Ints
    toll: Reals


def guide(block: Block, values: Points, width: int) -> Guide:
    """Return what multipliers say of a block's options, ``width`` of them for each item."""
    b = block
    chosen, part = np.zeros(len(b.bin), np.int32), np.zeros(b.bins, np.int64)
    penalty, toll = np.zeros(len(b.bin), np.int64), np.zeros(b.bins)
    bins = (b.units, b.opening, b.bin_first, b.bin_options)
    own = b.bin_options
    relaxed(b.price[own], b.use[own], b.item[own], *bins, values, chosen, part)
    penalties(b.price, b.use, b.item, *bins, values, part, penalty)
    _tolls(b.price, b.use, b.item, b.units, b.bin_first, b.bin_options, values, toll)
    order = np.lexsort((penalty, b.item))
    rank = np.arange(len(order)) - np.repeat(b.first[:-1], np.diff(b.first))
    options = order[rank < width].astype(np.int32)
    option_at = np.full((b.items, b.bins), -1, np.int32)
    option_at[b.item, b.bin] = np.arange(len(b.bin))
    return Guide(
        penalty=penalty,
        first=np.searchsorted(b.item[options], np.arange(b.items + 1)).astype(np.int32),
        options=options,
        option_at=option_at,
        toll=toll,
    )


@compiled
def _tolls(
    price: Points,
    use: Points,
    item: Ints,
    units: Points,
    bin_first: Ints,
    bin_options: Ints,
    values: Points,
    toll: Reals,
) -> None:
    """Set the worth of a unit of each bin, that of the first item that no longer fits."""
    for b in range(len(units)):
        start, end = bin_first[b], bin_first[b + 1]
        profit = np.empty(end - start, np.int64)
        need = np.empty(end - start, np.int64)
        for at in range(start, end):
            o = bin_options[at]
            profit[at - start] = values[item[o]] - price[o] * MICRO
            need[at - start] = use[o]
        room = units[b]
        for k in by_worth(profit, need):
            if profit[k] <= 0:
                break
            if need[k] > room:
                toll[b] = profit[k] / need[k] / MICRO
                break
            room -= need[k]
