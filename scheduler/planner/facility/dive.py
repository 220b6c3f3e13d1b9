"""Diving: fix what the relaxation is sure of, find new multipliers for the rest, and go on."""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.chance import Seeds, share
from scheduler.planner.facility.block import Block, Flags, Ints, Points
from scheduler.planner.facility.multipliers import MICRO, Reals, climb_rounds

DEAD = 1 << 40  # points of an option that is out of the question
SURE_ENOUGH = 0.6  # share of an option from which on it is fixed together with others
MOSTLY, HALF, HARDLY = 0.9, 0.5, 0.01  # shares of a bin's being open


def dive(
    block: Block, values: Points, upper: int, rounds: int, state: Seeds, *, bins_first: bool
) -> Ints:
    """Return a plan from multipliers and points that some plan has; bins are decided first or not."""
    return _dive(
        block.first, block.bin, block.use, block.price, block.units, block.opening, block.item,
        block.bin_first, block.bin_options, values, upper, rounds, bins_first, state,
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
    bins_first: bool,
    state: Seeds,
) -> Ints:
    items = len(values)
    places = np.empty(items, np.int32)
    fixed = np.zeros(items, np.bool_)
    cost = price.copy()
    room = units.copy()
    charge = opening.copy()
    sure = 0
    ceiling = np.empty(items, np.int64)
    point = np.empty(items, np.float64)
    direction = np.zeros(items, np.float64)
    often = np.zeros(len(price), np.float64)
    lean = np.zeros(len(units), np.float64)
    best_values = np.empty(items, np.int64)
    climbing = np.empty(2, np.float64)
    rank = np.empty(items, np.float64)
    pick = np.empty(items, np.int32)
    for i in range(items):
        ceiling[i] = price[first[i + 1] - 1] * MICRO
        point[i] = values[i]
    free = items
    undecided = (charge > 0) & bins_first
    while free > 0:
        climbing[0], climbing[1] = 0.3, 0.0
        often[:] *= 0.5
        lean[:] *= 0.5
        target = max(upper - sure, 1) * float(MICRO)
        climb_rounds(
            cost, use, item, room, charge, bin_first, bin_options, point, ceiling, direction,
            climbing, target, rounds, best_values, -(1 << 62), often,
            lean,
        )  # fmt: skip
        if undecided.any():
            sure += _decide(
                bins, use, cost, room, charge, item, bin_first, bin_options, lean, undecided,
                state,
            )  # fmt: skip
            continue
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
            sure += _fix(first, bins, use, price, cost, room, charge, ceiling, point, i, o)
            places[i] = o
            fixed[i] = True
            done += 1
        free -= done
    return places


@compiled
def _decide(  # noqa: C901, PLR0912 - one compiled pass
    bins: Ints,
    use: Points,
    cost: Points,
    room: Points,
    charge: Points,
    item: Ints,
    bin_first: Ints,
    bin_options: Ints,
    open_share: Reals,
    undecided: Flags,
    state: Seeds,
) -> int:
    """Open the bins that the relaxation mostly opens, close those that it hardly does.

    At least one bin is decided. Returns the points of those opened, which are free from now on.
    """
    number = len(room)
    spare = -_demand(use, cost, item)
    lean = open_share.copy()
    for b in range(number):
        some = False
        for at in range(bin_first[b], bin_first[b + 1]):
            o = bin_options[at]
            if cost[o] < DEAD:
                some = True
        if some and b < number - 1:
            spare += room[b]
        elif undecided[b]:
            undecided[b] = False
    paid = 0
    decided, quota = 0, max(1, undecided.sum() // 5)
    widest, at_most = -1, -1.0
    for b in range(number):
        if not undecided[b]:
            continue
        lean[b] = min(lean[b] * (0.8 + 0.4 * share(state)), 1.0)
        if decided == quota:
            continue
        if lean[b] > MOSTLY or (lean[b] < HARDLY and room[b] <= spare):
            decided += 1
            undecided[b] = False
            if lean[b] > HALF:
                paid += charge[b]
                charge[b] = 0
            else:
                spare -= room[b]
                _close(cost, bin_first, bin_options, b)
        elif abs(lean[b] - HALF) > at_most:
            widest, at_most = b, abs(lean[b] - HALF)
    if decided == 0 and widest >= 0:
        undecided[widest] = False
        if lean[widest] > HALF or room[widest] > spare:
            paid += charge[widest]
            charge[widest] = 0
        else:
            _close(cost, bin_first, bin_options, widest)
    return paid


@compiled
def _demand(use: Points, cost: Points, item: Ints) -> int:
    """Return the least units that the items still free can take outside the last bin."""
    least = np.full(item[-1] + 1, DEAD, np.int64)
    for o in range(len(use)):
        if cost[o] < DEAD and use[o] > 0:
            least[item[o]] = min(least[item[o]], use[o])
    total = 0
    for units in least:
        if units < DEAD:
            total += units
    return total


@compiled
def _close(cost: Points, bin_first: Ints, bin_options: Ints, b: int) -> None:
    for at in range(bin_first[b], bin_first[b + 1]):
        cost[bin_options[at]] = DEAD


@compiled
def _fix(
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    cost: Points,
    room: Points,
    charge: Points,
    ceiling: Points,
    point: Reals,
    i: int,
    option: int,
) -> int:
    """Take an item and its option out of the problem; return their points."""
    b = bins[option]
    points = price[option] + charge[b]
    charge[b] = 0
    room[b] -= use[option]
    for o in range(first[i], first[i + 1]):
        cost[o] = DEAD
    ceiling[i] = 0
    point[i] = 0
    return int(points)
