"""Multipliers to begin with: each item's least price when units of full bins cost a toll.

Relaxing the rooms instead of the items leaves a problem that falls apart by item, in time of one
look at each option. Its best tolls make the linear relaxation's own multipliers, which a search
over knapsacks would need many slow rounds to find.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.facility.block import Block, Ints, Points
from scheduler.planner.facility.multipliers import MICRO, Reals

ROUNDS = 300
PATIENCE = 6  # rounds without a better bound before steps get shorter
SPAN = 0.1  # part of the bound that the first steps aim above it


def first_values(block: Block) -> Points:
    """Return multipliers in millionths; an opening price counts by the units that are taken."""
    share = block.opening / np.maximum(block.units, 1)
    price = block.price + share[block.bin] * block.use
    values = np.empty(block.items, np.float64)
    _tolled(block.first, block.bin, block.use, price, block.units, ROUNDS, values)
    return (values * MICRO).astype(np.int64)


@compiled
def _tolled(  # noqa: C901 - one compiled pass
    first: Ints, bins: Ints, use: Points, price: Reals, units: Points, rounds: int, values: Reals
) -> None:
    items, number = len(first) - 1, len(units)
    toll = np.zeros(number, np.float64)
    over = np.empty(number, np.float64)
    now = np.empty(items, np.float64)
    best, factor, waited = -np.inf, 1.0, 0
    for _ in range(rounds):
        bound = 0.0
        for b in range(number):
            over[b] = -units[b]
            bound -= toll[b] * units[b]
        for i in range(items):
            low, pick = np.inf, first[i]
            for o in range(first[i], first[i + 1]):
                cost = price[o] + toll[bins[o]] * use[o]
                if cost < low:
                    low, pick = cost, o
            now[i] = low
            bound += low
            over[bins[pick]] += use[pick]
        if bound > best:
            best, waited = bound, 0
            values[:] = now
        else:
            waited += 1
            if waited == PATIENCE:
                factor, waited = factor * 0.6, 0
        square = 0.0
        for b in range(number):
            if over[b] > 0 or toll[b] > 0:
                square += over[b] * over[b]
        if square == 0:
            break
        step = factor * SPAN * max(abs(best), 1.0) / square
        for b in range(number):
            toll[b] = max(0.0, toll[b] + step * over[b])
