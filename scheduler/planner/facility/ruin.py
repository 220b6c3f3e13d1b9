"""Ruin and recreate: some bins or items are emptied, filled again by regret, and bettered.

Schrimpf, Schneider, Stamm-Wilbrandt and Dueck (2000); the acceptance is Dueck's record-to-record
travel (1993). Bins may be closed for a rebuild, or opened for one, which moves facilities.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.planner.chance import Seeds, draw, share
from scheduler.planner.facility.block import Ints, Points
from scheduler.planner.facility.descent import PROHIBITIVE, Matrix, descend

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

KINDS = 4
AROUND_ONE, SHUT, JUST_CLEAR = 0, 1, 3


@compiled
def rebuild(
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    units: Points,
    opening: Points,
    near_first: Ints,
    near: Ints,
    option_at: Matrix,
    toll: Reals,
    places: Ints,
    record: int,
    best: Ints,
    tries: int,
    slack: float,
    state: Seeds,
) -> int:
    """Try so many rebuilds of ``places``; return the points of ``best``, the best plan known.

    A plan is kept if it is worse than the best by no more than ``slack`` points.
    """
    items, number = len(first) - 1, len(units)
    trial = places.copy()
    worth = _value(bins, price, opening, places)
    fine = np.full(number, PROHIBITIVE, np.int64)
    freed = np.empty(items, np.int32)
    is_free = np.zeros(items, np.bool_)
    open_bins = np.empty(number, np.int64)
    shut = np.zeros(number, np.bool_)
    sunk = np.zeros(number, np.bool_)
    room = np.empty(number, np.int64)
    count = np.empty(number, np.int64)
    priced = opening.max() > 0
    for _ in range(tries):
        trial[:] = places
        room[:] = units
        count[:] = 0
        for o in trial:
            room[bins[o]] -= use[o]
            count[bins[o]] += 1
        shut[:] = False
        sunk[:] = False
        opened = 0
        for b in range(number - 1):
            if count[b] > 0:
                open_bins[opened] = b
                opened += 1
        if opened == 0:
            break
        size = _ruin(
            bins, near_first, near, trial, count, open_bins[:opened], shut, sunk, freed, is_free,
            priced, state,
        )  # fmt: skip
        for at in range(size):
            i = freed[at]
            room[bins[trial[i]]] += use[trial[i]]
            count[bins[trial[i]]] -= 1
            is_free[i] = False
        weight = 1.5 * share(state)
        _recreate(
            first, bins, use, price, units, opening, near_first, near, toll, weight, trial,
            room, count, shut, sunk, freed[:size], state,
        )  # fmt: skip
        record = descend(
            first, bins, use, price, units, opening, near_first, near, option_at, fine,
            freed[:size], trial, record, best, 3,
        )  # fmt: skip
        value = _value(bins, price, opening, trial)
        if value <= worth or value <= record + slack:
            worth = value
            places[:] = trial
    return record


@compiled
def _value(bins: Ints, price: Points, opening: Points, places: Ints) -> int:
    used = np.zeros(len(opening), np.bool_)
    total = 0
    for o in places:
        total += price[o]
        if not used[bins[o]]:
            used[bins[o]] = True
            total += opening[bins[o]]
    return total


@compiled
def _ruin(  # noqa: C901 - one compiled pass
    bins: Ints,
    near_first: Ints,
    near: Ints,
    places: Ints,
    count: Points,
    open_bins: Points,
    shut: Flags,
    sunk: Flags,
    freed: Ints,
    is_free: Flags,
    priced: bool,
    state: Seeds,
) -> int:
    """Choose what is freed, and which bins are shut or opened meanwhile; return how many items."""
    items = len(places)
    cleared = np.zeros(len(count), np.bool_)
    cleared[len(count) - 1] = True  # left-out items always have another try
    kind = draw(state, KINDS)
    target = open_bins[draw(state, len(open_bins))]
    if kind == AROUND_ONE:  # some items around one
        wanted = 3 + draw(state, 12)
        size = 0
        i = draw(state, items)
        while size < min(wanted, items):
            if not is_free[i]:
                is_free[i] = True
                freed[size] = i
                size += 1
            b = bins[near[near_first[i] + draw(state, near_first[i + 1] - near_first[i])]]
            i = _some_item(bins, places, b, state)
        return size
    cleared[target] = True
    if priced and kind == SHUT:
        shut[target] = True
    if priced and kind != JUST_CLEAR:  # open a bin that an item of the target would like
        i = _some_item(bins, places, target, state)
        for _ in range(4):
            b = bins[near[near_first[i] + draw(state, near_first[i + 1] - near_first[i])]]
            if count[b] == 0:
                sunk[b] = True
                break
    more = draw(state, 3) if priced else 1 + draw(state, 2)
    for _ in range(more):
        i = _some_item(bins, places, target, state)
        b = bins[near[near_first[i] + draw(state, near_first[i + 1] - near_first[i])]]
        cleared[b] = True
    size = 0
    for i in range(items):
        if cleared[bins[places[i]]]:
            freed[size] = i
            size += 1
    return size


@compiled
def _some_item(bins: Ints, places: Ints, b: int, state: Seeds) -> int:
    """Return an item of a bin, the first from a random place on; any item if it has none."""
    items = len(places)
    start = draw(state, items)
    for step in range(items):
        i = (start + step) % items
        if bins[places[i]] == b:
            return i
    return start


@compiled
def _recreate(  # noqa: C901, PLR0912 - one compiled pass
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    units: Points,
    opening: Points,
    near_first: Ints,
    near: Ints,
    toll: Reals,
    weight: float,
    places: Ints,
    room: Points,
    count: Points,
    shut: Flags,
    sunk: Flags,
    freed: Ints,
    state: Seeds,
) -> None:
    """Give each freed item an option by falling regret, with a little noise."""
    size = len(freed)
    choice = np.full(size, -1, np.int64)
    regret = np.empty(size, np.float64)
    noise = np.empty(size, np.float64)
    for at in range(size):
        noise[at] = 0.8 + 0.4 * share(state)
    done = np.zeros(size, np.bool_)
    stale = np.ones(size, np.bool_)
    for _ in range(size):
        leader = -1
        for at in range(size):
            if done[at]:
                continue
            i = freed[at]
            if stale[at] or use[choice[at]] > room[bins[choice[at]]]:
                stale[at] = False
                low, second = np.inf, np.inf
                pick = first[i + 1] - 1
                for spot in range(near_first[i], near_first[i + 1]):
                    o = near[spot]
                    b = bins[o]
                    if shut[b] or use[o] > room[b]:
                        continue
                    cost = price[o] + weight * toll[b] * use[o]
                    if count[b] == 0 and not sunk[b]:
                        cost = price[o] + opening[b] * use[o] / units[b]
                    if cost < low:
                        low, second, pick = cost, low, o
                    elif cost < second:
                        second = cost
                choice[at] = pick
                if low == np.inf:
                    regret[at] = -1.0
                elif second == np.inf:
                    regret[at] = 1e15 * noise[at]
                else:
                    regret[at] = (second - low) * noise[at]
            if leader < 0 or regret[at] > regret[leader]:
                leader = at
        done[leader] = True
        o = choice[leader]
        b = bins[o]
        fresh = count[b] == 0
        places[freed[leader]] = o
        room[b] -= use[o]
        count[b] += 1
        if fresh and opening[b] > 0:
            stale[:] = True
