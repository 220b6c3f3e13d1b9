"""Local search: an item moves, two change places, or one pushes another on to a third bin.

The neighbourhoods are the shift, swap and first ejection step of Yagiura, Ibaraki and Glover (2006);
opening prices are reckoned in. Units beyond a bin's room are allowed at a fine per unit, which the
caller raises and lowers; every plan on the way that fits is offered for the record.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.planner.facility.block import Ints, Points

MICRO = 1_000_000
LARGEST = 1 << 61
PROHIBITIVE = 1 << 40
"""A fine per unit, in millionths, that keeps every step within the room."""

Matrix = NDArray[np.int32]


@compiled
def descend(  # noqa: C901 - one compiled pass
    first: Ints,
    bins: Ints,
    use: Points,
    price: Points,
    units: Points,
    opening: Points,
    near_first: Ints,
    near: Ints,
    option_at: Matrix,
    fine: Points,
    order: Ints,
    places: Ints,
    record: int,
    best: Ints,
    sweeps: int,
) -> int:
    """Better a plan in place until no step does, or for so many sweeps; return the new record.

    Steps lead to the options ``near[near_first[i]:near_first[i + 1]]`` of an item only; items are
    tried in ``order``. ``fine`` is in millionths of a point for each unit too many. ``record`` are
    the points of ``best``, the best plan known that fits; both are renewed.
    """
    items, number = len(first) - 1, len(units)
    room = units.copy()
    count = np.zeros(number, np.int64)
    head = np.full(number, -1, np.int64)  # items of each bin, as doubly linked lists
    after = np.full(items, -1, np.int64)
    before = np.full(items, -1, np.int64)
    value = 0
    for i in range(items):
        o = places[i]
        b = bins[o]
        room[b] -= use[o]
        value += price[o] + (opening[b] if count[b] == 0 else 0)
        count[b] += 1
        _link(head, after, before, b, i)
    over = 0
    for b in range(number):
        over += max(0, -room[b])
    clock = 1  # counts moves; what was reckoned at an earlier time is stale
    known = np.zeros(items, np.int64)
    cost_on = np.empty(items, np.int64)
    onward_of = np.empty(items, np.int32)
    changed = np.ones(number, np.int64)
    looked = np.zeros(items, np.int64)
    for _ in range(sweeps):
        moved = False
        for i in order:
            while _is_fresh(bins, near_first, near, places, changed, i, looked[i]):
                looked[i] = clock
                if over == 0 and value < record:
                    record = value
                    best[:] = places
                gain, option, other, onward = _best_step(
                    bins, use, price, opening, near_first, near, option_at, fine, places, room,
                    count, head, after, clock, known, cost_on, onward_of, i,
                )  # fmt: skip
                if gain <= 0:
                    break
                moved = True
                clock += 1
                changed[bins[places[i]]] = clock
                changed[bins[option]] = clock
                if other >= 0:
                    changed[bins[onward]] = clock
                value, over = _move(
                    bins, use, price, opening, places, room, count, head, after, before, i, option,
                    value, over,
                )  # fmt: skip
                if other >= 0:
                    value, over = _move(
                        bins, use, price, opening, places, room, count, head, after, before, other,
                        onward, value, over,
                    )  # fmt: skip
        if not moved:
            break
    if over == 0 and value < record:
        record = value
        best[:] = places
    return record


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
    price: Points,
    opening: Points,
    places: Ints,
    room: Points,
    count: Points,
    head: Points,
    after: Points,
    before: Points,
    i: int,
    option: int,
    value: int,
    over: int,
) -> tuple[int, int]:
    """Move an item; return the plan's points and its units too many."""
    old = places[i]
    b = bins[old]
    over -= max(0, -room[b])
    room[b] += use[old]
    over += max(0, -room[b])
    count[b] -= 1
    value += price[option] - price[old] - (opening[b] if count[b] == 0 else 0)
    if before[i] >= 0:
        after[before[i]] = after[i]
    else:
        head[b] = after[i]
    if after[i] >= 0:
        before[after[i]] = before[i]
    places[i] = option
    b = bins[option]
    value += opening[b] if count[b] == 0 else 0
    over -= max(0, -room[b])
    room[b] -= use[option]
    over += max(0, -room[b])
    count[b] += 1
    _link(head, after, before, b, i)
    return value, over


@compiled
def _onward(
    bins: Ints,
    use: Points,
    price: Points,
    opening: Points,
    near_first: Ints,
    near: Ints,
    fine: Points,
    room: Points,
    count: Points,
    k: int,
    here: int,
) -> tuple[int, int]:
    """Return what the best option in another bin costs an item, its fine included, and which."""
    b = bins[here]
    least, onward = LARGEST, -1
    for at in range(near_first[k], near_first[k + 1]):
        p = near[at]
        c = bins[p]
        if c != b:
            cost = price[p] * MICRO
            if use[p] > room[c]:
                cost += fine[c] * (use[p] - room[c] - max(0, -room[c]))
            if count[c] == 0:
                cost += opening[c] * MICRO
            if cost < least:
                least, onward = cost, p
    return least, onward


@compiled
def _best_step(  # noqa: C901 - one compiled pass
    bins: Ints,
    use: Points,
    price: Points,
    opening: Points,
    near_first: Ints,
    near: Ints,
    option_at: Matrix,
    fine: Points,
    places: Ints,
    room: Points,
    count: Points,
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
    closing = opening[a] * MICRO if count[a] == 1 else 0
    freed_a = room[a] + use[here]
    over_a = max(0, -room[a])
    relief = closing + fine[a] * (over_a - max(0, -freed_a))
    best, option, other, onward = 0, -1, -1, -1
    for at in range(near_first[i], near_first[i + 1]):
        o = near[at]
        b = bins[o]
        if b == a:
            continue
        gain = (price[here] - price[o]) * MICRO
        if count[b] == 0:
            gain -= opening[b] * MICRO
        lack, lack_then = max(0, -room[b]), max(0, use[o] - room[b])
        shift = gain + relief - fine[b] * (lack_then - lack)
        if shift > best:
            best, option, other, onward = shift, o, -1, -1
        if lack_then == 0:
            continue
        k = head[b]
        while k >= 0:
            from_k = places[k]
            eased = gain + price[from_k] * MICRO
            eased += fine[b] * (lack - max(0, lack_then - use[from_k]))
            if known[k] != clock:
                known[k] = clock
                cost_on[k], onward_of[k] = _onward(
                    bins, use, price, opening, near_first, near, fine, room, count, k, from_k
                )
            total = eased + relief - cost_on[k]
            if total > best and bins[onward_of[k]] != a:
                best, option, other, onward = total, o, k, onward_of[k]
            p = option_at[k, a]
            if p >= 0:
                total = eased - price[p] * MICRO + fine[a] * (over_a - max(0, use[p] - freed_a))
                if total > best:
                    best, option, other, onward = total, o, k, p
            k = after[k]
    return best, option, other, onward
