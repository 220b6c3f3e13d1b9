"""The most that a set of requests can pay on a packed department-day: a knapsack, exactly."""

from math import gcd
from typing import Final

import numpy as np

from scheduler.compiled import compiled
from scheduler.exchange.statement import Points

STEPS: Final = 400_000_000  # of the dynamic program; beyond it the fractional knapsack bounds it


def most_paid(units: Points, micro: Points, room: int) -> tuple[int, bool]:
    """Return the most micro-points of items within the room, and whether that is exact.

    Where it is not, it is the value of the fractional knapsack (G. Dantzig 1957), rounded up: never
    too little.
    """
    fits = (units <= room) & (micro > 0)
    units, micro = units[fits], micro[fits]
    if int(units.sum()) <= room:
        return int(micro.sum()), True
    free = int(micro[units == 0].sum())
    units, micro = _useful(units[units > 0], micro[units > 0], room)
    step = gcd(*units.tolist())
    units, room = units // step, room // step
    if len(units) * room > STEPS:
        return free + _fractional(units, micro, room), False
    return free + _packed(units, micro, room), True


def _useful(units: Points, micro: Points, room: int) -> tuple[Points, Points]:
    """Keep, of items with equal units, only as many of the dearest as fit."""
    order = np.lexsort((-micro, units))
    units, micro = units[order], micro[order]
    begins = np.flatnonzero(np.diff(units, prepend=-1))
    place = np.arange(len(units)) - np.repeat(begins, np.diff(begins, append=len(units)))
    keep = (place + 1) * units <= room
    return units[keep], micro[keep]


@compiled
def _packed(units: Points, micro: Points, room: int) -> int:
    """Solve the knapsack by capacities (R. Bellman 1957)."""
    best = np.zeros(room + 1, np.int64)
    for k in range(len(units)):
        u, m = units[k], micro[k]
        for c in range(room, u - 1, -1):
            best[c] = max(best[c], best[c - u] + m)
    return int(best[room])


def _fractional(units: Points, micro: Points, room: int) -> int:
    order = np.argsort(-micro / units, kind="stable")
    # Floats only pick the order. A fractional knapsack filled in any other order pays less, which
    # would be no bound: so the dearest ratio is made sure of by whole numbers below.
    ordered = _by_ratio(order, units, micro)
    total = 0
    for k in ordered.tolist():
        if units[k] > room:
            return total - int(-int(micro[k]) * room // int(units[k]))
        total += int(micro[k])
        room -= int(units[k])
    return total


@compiled
def _by_ratio(order: Points, units: Points, micro: Points) -> Points:
    """Mend an almost sorted order by exact comparison of micro / units, by insertion."""
    for i in range(1, len(order)):
        k, j = order[i], i
        while j > 0 and micro[order[j - 1]] * units[k] < micro[k] * units[order[j - 1]]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = k
    return order
