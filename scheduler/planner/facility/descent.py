"""Local search: an item moves, two change places, or one pushes another on to a third bin.

The neighbourhoods are the shift, swap and first ejection step of Yagiura, Ibaraki and Glover (2006);
bins cost nothing to use, and each step keeps within their room.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.planner.facility.block import Ints, Points

NEVER = 1 << 61  # points of a step that there is not

Matrix = NDArray[np.int32]


@compiled
def descend(
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    units: Points,
    near_first: Ints,
    near: Ints,
    option_at: Matrix,
    places: Ints,
    sweeps: int,
) -> None:
    """Better a plan that fits in place until no step does, or for so many sweeps.

    Steps lead to the options ``near[near_first[i]:near_first[i + 1]]`` of an item only.
    """
    items, number = len(first) - 1, len(units)
    room = units.copy()
    head = np.full(number, -1, np.int64)  # items of each bin, as doubly linked lists
    after = np.full(items, -1, np.int64)
    before = np.full(items, -1, np.int64)
    for i in range(items):
        room[bins[places[i]]] -= use[places[i]]
        _link(head, after, before, bins[places[i]], i)
    clock = 1  # counts moves; what was reckoned at an earlier time is stale
    known = np.zeros(items, np.int64)
    cost_on = np.empty(items, np.int64)
    onward_of = np.empty(items, np.int32)
    changed = np.ones(number, np.int64)
    looked = np.zeros(items, np.int64)
    for _ in range(sweeps):
        moved = False
        for i in range(items):
            while _is_fresh(bins, near_first, near, places, changed, i, looked[i]):
                looked[i] = clock
                gain, option, other, onward = _best_step(
                    bins, use, price, near_first, near, option_at, places, room, head, after, clock,
                    known, cost_on, onward_of, i,
                )  # fmt: skip
                if gain <= 0:
                    break
                moved = True
                clock += 1
                changed[bins[places[i]]] = clock
                changed[bins[option]] = clock
                _move(bins, use, places, room, head, after, before, i, option)
                if other >= 0:
                    changed[bins[onward]] = clock
                    _move(bins, use, places, room, head, after, before, other, onward)
        if not moved:
            break


@compiled
def _is_fresh(
    bins: Ints, near_first: Ints, near: Ints, places: Ints, changed: Points, i: int, looked: int
) -> bool:
    """Tell whether a bin that matters to an item has changed since it was last looked at."""
    latest = changed[bins[places[i]]]
    for at in range(near_first[i], near_first[i + 1]):
        latest = max(latest, changed[bins[near[at]]])
    return bool(latest > looked)


@compiled
def _link(head: Points, after: Points, before: Points, b: int, i: int) -> None:
    after[i] = head[b]
    before[i] = -1
    if head[b] >= 0:
        before[head[b]] = i
    head[b] = i


@compiled
def _move(
    bins: Ints,
    use: Points,
    places: Ints,
    room: Points,
    head: Points,
    after: Points,
    before: Points,
    i: int,
    option: int,
) -> None:
    old = places[i]
    room[bins[old]] += use[old]
    if before[i] >= 0:
        after[before[i]] = after[i]
    else:
        head[bins[old]] = after[i]
    if after[i] >= 0:
        before[after[i]] = before[i]
    places[i] = option
    room[bins[option]] -= use[option]
    _link(head, after, before, bins[option], i)


@compiled
def _onward(
    bins: Ints,
    use: Points,
    price: Points,
    near_first: Ints,
    near: Ints,
    room: Points,
    k: int,
    here: int,
) -> tuple[int, int]:
    """Return what the best option in another bin with room costs an item, and which it is."""
    least, onward = NEVER, -1
    for at in range(near_first[k], near_first[k + 1]):
        p = near[at]
        if bins[p] != bins[here] and use[p] <= room[bins[p]] and price[p] < least:
            least, onward = price[p], p
    return least, onward


@compiled
def _best_step(  # noqa: C901 - one compiled pass
    bins: Ints,
    use: Points,
    price: Points,
    near_first: Ints,
    near: Ints,
    option_at: Matrix,
    places: Ints,
    room: Points,
    head: Points,
    after: Points,
    clock: int,
    known: Points,
    cost_on: Points,
    onward_of: Ints,
    i: int,
) -> tuple[int, int, int, int]:
    """Return the gain of an item's best step, its new option, and whom it pushes where (or -1)."""
    here = places[i]
    a = bins[here]
    freed_a = room[a] + use[here]
    best, option, other, onward = 0, -1, -1, -1
    for at in range(near_first[i], near_first[i + 1]):
        o = near[at]
        b = bins[o]
        if b == a:
            continue
        gain = price[here] - price[o]
        if use[o] <= room[b]:
            if gain > best:
                best, option, other, onward = gain, o, -1, -1
            continue
        k = head[b]
        while k >= 0:
            from_k = places[k]
            if use[o] <= room[b] + use[from_k]:
                if known[k] != clock:
                    known[k] = clock
                    cost_on[k], onward_of[k] = _onward(
                        bins, use, price, near_first, near, room, k, from_k
                    )
                eased = gain + price[from_k]
                total = eased - cost_on[k]
                if total > best and bins[onward_of[k]] != a:
                    best, option, other, onward = total, o, k, onward_of[k]
                p = option_at[k, a]
                if p >= 0 and use[p] <= freed_a and eased - price[p] > best:
                    best, option, other, onward = eased - price[p], o, k, p
            k = after[k]
    return best, option, other, onward
