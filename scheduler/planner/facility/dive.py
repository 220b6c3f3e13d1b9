"""Diving: fix what the relaxation is sure of, find new multipliers for the rest, and go on."""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.chance import Seeds, share
from scheduler.planner.facility.block import Block, Ints, Points
from scheduler.planner.facility.multipliers import MICRO, Reals, climb_rounds

DEAD = 1 << 40  # points of an option that is out of the question
SURE_ENOUGH = 0.6  # share of an option from which on it is fixed together with others


def dive(block: Block, values: Points, upper: int, rounds: int, state: Seeds) -> Ints:
    """Return a plan from multipliers and points that some plan has; no bin has an opening price."""
    return _dive(
        block.first, block.bin, block.use, block.price, block.units, block.opening, block.item,
        block.bin_first, block.bin_options, values, upper, rounds, state,
    )  # fmt: skip


@compiled
def _dive(  # noqa: C901 - one compiled pass
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    units: Points,
    opening: Points,
    item: Ints,
    bin_first: Ints,
    bin_options: Ints,
    values: Points,
    upper: int,
    rounds: int,
    state: Seeds,
) -> Ints:
    items = len(values)
    places = np.empty(items, np.int32)
    fixed = np.zeros(items, np.bool_)
    cost = price.copy()
    room = units.copy()
    sure = 0
    ceiling = np.empty(items, np.int64)
    point = np.empty(items, np.float64)
    direction = np.zeros(items, np.float64)
    often = np.zeros(len(price), np.float64)
    best_values = np.empty(items, np.int64)
    climbing = np.empty(2, np.float64)
    rank = np.empty(items, np.float64)
    pick = np.empty(items, np.int32)
    for i in range(items):
        ceiling[i] = price[first[i + 1] - 1] * MICRO
        point[i] = values[i]
    free = items
    while free > 0:
        climbing[0], climbing[1] = 0.3, 0.0
        often[:] *= 0.5
        target = max(upper - sure, 1) * float(MICRO)
        climb_rounds(
            cost, use, item, room, opening, bin_first, bin_options, point, ceiling, direction,
            climbing, target, rounds, best_values, -(1 << 62), often,
        )  # fmt: skip
        for i in range(items):
            rank[i] = 2.0
            if not fixed[i]:
                low, pick[i] = -1.0, first[i + 1] - 1
                for o in range(first[i], first[i + 1]):
                    if cost[o] < DEAD and use[o] <= room[bins[o]] and often[o] > low:
                        low, pick[i] = often[o], o
                rank[i] = -low * (0.9 + 0.2 * share(state))
        order = np.argsort(rank, kind="mergesort")
        quota, least = max(1, free // 4), free // 12
        done = 0
        for i in order:
            o = pick[i]
            if fixed[i] or done == quota:
                break
            if use[o] > room[bins[o]] or (done > least and rank[i] > -SURE_ENOUGH):
                continue
            sure += _fix(first, bins, use, price, cost, room, ceiling, point, i, o)
            places[i] = o
            fixed[i] = True
            done += 1
        free -= done
    return places


@compiled
def _fix(
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    cost: Points,
    room: Points,
    ceiling: Points,
    point: Reals,
    i: int,
    option: int,
) -> int:
    """Take an item and its option out of the problem; return their points."""
    room[bins[option]] -= use[option]
    for o in range(first[i], first[i + 1]):
        cost[o] = DEAD
    ceiling[i] = 0
    point[i] = 0
    return int(price[option])
