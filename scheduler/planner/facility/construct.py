"""A first plan: the item that would lose most by waiting takes its cheapest option that fits."""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.facility.block import Ints, Points

LOOKED_AT = 8  # items whose regret is reckoned anew before one is placed


@compiled
def construct(  # noqa: C901 - one compiled pass
    first: Ints, bins: Ints, use: Points, units: Points, score: Points, places: Ints
) -> None:
    """Set a plan that fits, by falling regret (Martello and Toth 1990, section 7.4).

    ``score`` is what an option costs, reduced by what the relaxation knows; an item's regret is the
    difference between its two best options that still fit.
    """
    items = len(first) - 1
    room = units.copy()
    regret = np.empty(items, np.float64)
    for i in range(items):
        regret[i] = -_regret(first, bins, use, room, score, i)
    order = np.argsort(regret, kind="mergesort")
    waiting = np.ones(items, np.bool_)
    for at in range(items):
        # The regrets of those that wait grow as bins fill: look at the next few anew.
        leader, most = -1, -1.0
        seen = 0
        for later in range(at, items):
            i = order[later]
            if waiting[i]:
                again = _regret(first, bins, use, room, score, i)
                if again > most:
                    leader, most = later, again
                seen += 1
                if seen == LOOKED_AT:
                    break
        i = order[leader]
        order[leader] = order[at]
        order[at] = i
        waiting[i] = False
        best = first[i + 1] - 1
        for o in range(first[i], first[i + 1]):
            if use[o] <= room[bins[o]] and score[o] < score[best]:
                best = o
        places[i] = best
        room[bins[best]] -= use[best]


@compiled
def _regret(first: Ints, bins: Ints, use: Points, room: Points, score: Points, item: int) -> float:
    best, second = np.inf, np.inf
    for o in range(first[item], first[item + 1]):
        if use[o] <= room[bins[o]]:
            if score[o] < best:
                best, second = score[o], best
            elif score[o] < second:
                second = score[o]
    return 1e30 if second == np.inf else second - best
