"""The 0-1 knapsack of one bin, exactly, and what forcing an item in or out of it costs.

Items whose absence or presence alone pushes the fractional bound below a known plan are fixed, and
a table over the room solves the few that are left (Dembo and Hammer 1980; Martello and Toth 1990,
section 2.3). Profits are whole numbers, so the value is exact.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled

Ints = NDArray[np.int32]
Points = NDArray[np.int64]
Flags = NDArray[np.bool_]

TINY = 1e-9
SMALL_CORE = 12
LARGEST_TABLE = 1 << 24
"""Cells of the table; beyond it the fractional bound stands for the value."""


@compiled
def by_worth(profit: Points, use: Points) -> Points:
    """Return the items by falling profit per unit."""
    worth = np.empty(len(profit), np.float64)
    for k in range(len(profit)):
        worth[k] = -(profit[k] / max(use[k], 1e-9))
    return np.argsort(worth, kind="mergesort")


@compiled
def split(profit: Points, use: Points, room: int, order: Points) -> tuple[int, int]:  # noqa: C901 - one compiled pass
    """Put the items of the fractional knapsack first in ``order``; return how many, and the room left.

    The item that then stands next is the first, by falling profit per unit, that no longer fits
    (Balas and Zemel 1980: by partitions around a pivot, not by sorting). All items fit if the
    number returned is theirs.
    """
    rate = np.empty(len(order), np.float64)
    for k in range(len(order)):
        order[k] = k
        rate[k] = profit[k] / max(use[k], TINY)
    low, high = 0, len(order)
    while low < high:
        pivot = _middle(rate[order[low]], rate[order[(low + high) // 2]], rate[order[high - 1]])
        above, at, end = low, low, high
        weight, same = 0, 0
        while at < end:
            k = order[at]
            if rate[k] > pivot:
                weight += use[k]
                order[at], order[above] = order[above], order[at]
                above += 1
                at += 1
            elif rate[k] < pivot:
                end -= 1
                order[at], order[end] = order[end], order[at]
            else:
                same += use[k]
                at += 1
        if weight > room:
            high = above
            continue
        room -= weight
        if same > room:
            for at in range(above, end):
                if use[order[at]] > room:
                    return at, room
                room -= use[order[at]]
        room -= same
        low = end
    return low, room


@compiled
def _middle(x: float, y: float, z: float) -> float:
    return max(min(x, y), min(max(x, y), z))


@compiled
def knapsack(profit: Points, use: Points, room: int, taken: Flags) -> int:  # noqa: C901 - one compiled pass
    """Return the most profit of items within the room, and mark those that give it.

    Profits are positive, uses at most the room. Where the table would be too large, the marks are
    a good plan and the value returned is only a bound above every plan's.
    """
    number = len(profit)
    order = np.empty(number, np.int64)
    inside, rest = split(profit, use, room, order)
    taken[:] = False
    sure = 0
    for at in range(inside):
        taken[order[at]] = True
        sure += profit[order[at]]
    if inside == number:
        return int(sure)
    edge_profit, edge_use = profit[order[inside]], use[order[inside]]
    bound = sure + rest * edge_profit // edge_use
    single, best = -1, sure
    for at in range(inside, number):
        k = order[at]
        if use[k] <= rest and sure + profit[k] > best:
            single, best = k, sure + profit[k]
    if single >= 0:
        taken[single] = True
    core = np.empty(number, np.int64)
    size = _core(profit, use, order, inside, sure, rest, edge_profit, edge_use, best, core)
    if size > SMALL_CORE:  # better the plan at hand, so that fewer items stay open
        best = _filled(profit, use, core[:size], order, inside, sure, rest, best, taken)
        size = _core(profit, use, order, inside, sure, rest, edge_profit, edge_use, best, core)
    if bound <= best or size == 0:
        return best
    room_left, fixed, width = rest, sure, 0
    for k in core[:size]:
        width += use[k]
    is_core = np.zeros(number, np.bool_)
    is_core[core[:size]] = True
    for at in range(inside):
        k = order[at]
        if is_core[k]:
            room_left += use[k]
            fixed -= profit[k]
    width = min(width, room_left)
    if (width + 1) * size > LARGEST_TABLE:
        return int(bound)
    return _tabled(profit, use, order, inside, core[:size], width, fixed, best, taken)


@compiled
def _core(
    profit: Points,
    use: Points,
    order: Points,
    inside: int,
    sure: int,
    rest: int,
    edge_profit: int,
    edge_use: int,
    best: int,
    core: Points,
) -> int:
    """Collect the items that a better plan might have otherwise than the fractional one."""
    size = 0
    for at in range(len(order)):
        k = order[at]
        if at < inside:
            other = sure - profit[k] + (rest + use[k]) * edge_profit // edge_use
        else:
            other = sure + profit[k] + (rest - use[k]) * edge_profit // edge_use
        if other > best:
            core[size] = k
            size += 1
    return size


@compiled
def _filled(  # noqa: C901 - one compiled pass
    profit: Points,
    use: Points,
    core: Points,
    order: Points,
    inside: int,
    sure: int,
    rest: int,
    best: int,
    taken: Flags,
) -> int:
    """Fill the fractional plan's room greedily, also without one of its items; keep the best."""
    ranked = core[by_worth(profit[core], use[core])]
    is_inside = np.zeros(len(profit), np.bool_)
    is_inside[order[:inside]] = True
    for at in range(-1, len(ranked)):
        dropped = -1
        room, value = rest, sure
        if at >= 0:
            dropped = ranked[at]
            if not is_inside[dropped]:
                continue
            room += use[dropped]
            value -= profit[dropped]
        for k in ranked:
            if not is_inside[k] and use[k] <= room:
                room -= use[k]
                value += profit[k]
        if value > best:
            best = value
            taken[:] = is_inside
            room = rest
            if dropped >= 0:
                taken[dropped] = False
                room += use[dropped]
            for k in ranked:
                if not is_inside[k] and use[k] <= room:
                    room -= use[k]
                    taken[k] = True
    return best


@compiled
def _tabled(  # noqa: C901 - one compiled pass
    profit: Points,
    use: Points,
    order: Points,
    inside: int,
    core: Points,
    width: int,
    fixed: int,
    best: int,
    taken: Flags,
) -> int:
    table = np.zeros(width + 1, np.int64)
    took = np.zeros((len(core), width + 1), np.bool_)
    for at in range(len(core)):
        k = core[at]
        gain, need = profit[k], use[k]
        for units in range(width, need - 1, -1):
            with_it = table[units - need] + gain
            if with_it > table[units]:
                table[units] = with_it
                took[at, units] = True
    if fixed + table[width] <= best:
        return best
    taken[:] = False
    for at in range(inside):
        taken[order[at]] = True
    for k in core:
        taken[k] = False
    units = width
    for at in range(len(core) - 1, -1, -1):
        if took[at, units]:
            taken[core[at]] = True
            units -= use[core[at]]
    return int(fixed + table[width])


@compiled
def forced(
    profit: Points, use: Points, room: int, value: int, within: Points, without: Points
) -> None:
    """Set upper bounds of the knapsack's value with each item forced in, and forced out.

    Here profits may be negative and uses exceed the room (forced in: minus a quarter of the
    largest whole number). ``value`` is the knapsack's own value or more. The bounds are fractional
    ones of the same edge item.
    """
    number = len(profit)
    order = np.empty(number, np.int64)
    useful = np.maximum(profit, 0)
    inside, rest = split(useful, use, room, order)
    sure = 0
    edge_profit, edge_use = 0, 1
    if inside < number:
        edge_profit, edge_use = useful[order[inside]], use[order[inside]]
    for at in range(inside):
        sure += useful[order[at]]
    for at in range(number):
        k = order[at]
        if at < inside:
            within[k] = min(value, value - useful[k] + profit[k])
            other = sure - useful[k] + (rest + use[k]) * edge_profit // edge_use
            without[k] = min(value, other)
        else:
            without[k] = value
            other = sure + profit[k] + (rest - use[k]) * edge_profit // edge_use
            within[k] = min(value, other)
            if use[k] > room:
                within[k] = -(1 << 61)
