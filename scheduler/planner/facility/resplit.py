"""Annealing by pairs of bins: the items of two bins are split between them anew, exactly.

Where bins are filled to the last unit, moving or exchanging single items finds few plans that fit;
a dynamic program over the units in one of two bins sees all splits of their items at once. Noise on
the prices, less and less of it, takes the place of Metropolis' rule: each split is the best one for
disturbed prices (perturb and maximise: Papandreou and Yuille 2011). Units too many are fined.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.planner.chance import ONE, TAILS, Seeds, draw, tail
from scheduler.planner.facility.block import Block, Ints, Points

NEVER = 1 << 40  # points of an option that does not exist
HOT, COLD = 0.3, 0.005  # noise, in parts of what an item's options differ by
FINE = 2.0  # for as many units as an item has, in the same parts
LARGEST_TABLE = 1 << 20  # cells; larger pairs are left as they are

Table = NDArray[np.int64]


def even(block: Block) -> bool:
    """Whether each item takes the same units in all bins, as splits of pairs ask for."""
    real = block.bin < block.bins - 1
    most = np.zeros(block.items, np.int64)
    np.maximum.at(most, block.item[real], block.use[real])
    return bool((block.use[real] == most[block.item[real]]).all())


def resplit(
    block: Block, option_at: Ints, start: Ints, *, heat: float, cells: int, state: Seeds
) -> Ints:
    """Return the best plan met, with work of so many cells; all left out if none fits.

    ``option_at`` is the option of each item in each bin, or -1; the block is `even`. ``heat`` from 0
    up to 1 says how much of the start is forgotten.
    """
    has = option_at >= 0
    price = np.where(has, block.price[option_at], NEVER)
    use = np.where(has, block.use[option_at], 0).max(axis=1)
    some = has[:, :-1].any(axis=1)
    if not some.any():
        return block.left
    dearest = np.where(has[:, :-1], price[:, :-1], 0).max(axis=1)
    cheapest = price[:, :-1].min(axis=1)
    spread = max(1.0, float(np.median((dearest - cheapest)[some])))
    unit = max(1.0, float(np.median(use[some])))
    best = np.full(block.items, block.bins - 1, np.int64)
    first = block.bin[start].astype(np.int64)
    if (price[:, -1] > dearest).all():  # units too many are nearer to a plan
        out = some & (first == block.bins - 1)
        first[out] = price[out, :-1].argmin(axis=1)
    _resplit(
        price, use, block.units, first, best, cells,
        spread * (COLD + (HOT - COLD) * heat), spread * COLD, FINE * spread / unit, TAILS, state,
    )  # fmt: skip
    return option_at[np.arange(block.items), best]


@compiled
def _resplit(  # noqa: C901, PLR0912, PLR0915 - one compiled pass
    price: Table,
    use: Points,
    units: Points,
    places: Points,
    best: Points,
    cells: int,
    hot: float,
    cold: float,
    fine: float,
    tails: Points,
    state: Seeds,
) -> None:
    """Set the best plan met that fits, if it is better than the one in ``best``; bins by item."""
    items, bins = price.shape
    load = np.zeros(bins, np.int64)
    value, record = 0, 0
    for i in range(items):
        load[places[i]] += use[i]
        value += price[i, places[i]]
        record += price[i, best[i]]
    over = 0
    for b in range(bins):
        over += max(0, load[b] - units[b])
    mine = np.empty(items, np.int64)
    table = np.empty(LARGEST_TABLE, np.float32)
    spent = 0
    while spent < cells:
        heat = hot * (cold / hot) ** (spent / cells) / ONE
        spent += items
        a, b = places[draw(state, items)], draw(state, bins)
        if a == b:
            continue
        size, total, inside = 0, 0, 0
        for i in range(items):
            if (places[i] == a or places[i] == b) and max(price[i, a], price[i, b]) < NEVER:
                mine[size] = i
                size += 1
                total += use[i]
                if places[i] == a:
                    inside += use[i]
        # What stays in its bin takes room; a bin with units too many may keep them at a fine.
        room_a, room_b = units[a] - load[a] + inside, units[b] - load[b] + total - inside
        top = min(total, max(room_a, inside))
        bottom = max(0, total - max(room_b, total - inside))
        width = top + 1
        if (size + 1) * width > LARGEST_TABLE:
            continue
        spent += size * width
        _fill(table, price, use, mine[:size], a, b, width, heat, tails, state)
        least, at = np.inf, -1
        for u in range(bottom, width):
            cost = table[size * width + u] + fine * (
                max(0, u - room_a) + max(0, total - u - room_b)
            )
            if cost < least:
                least, at = cost, u
        over -= max(0, load[a] - units[a]) + max(0, load[b] - units[b])
        load[a] += at - inside
        load[b] -= at - inside
        over += max(0, load[a] - units[a]) + max(0, load[b] - units[b])
        for k in range(size - 1, -1, -1):
            i = mine[k]
            value -= price[i, places[i]]
            if table[(k + 1) * width + at] == table[k * width + at]:
                places[i] = b
            else:
                places[i] = a
                at -= use[i]
            value += price[i, places[i]]
        if over == 0 and value < record:
            record = value
            best[:] = places


@compiled
def _fill(
    table: NDArray[np.float32],
    price: Table,
    use: Points,
    mine: Points,
    a: int,
    b: int,
    width: int,
    heat: float,
    tails: Points,
    state: Seeds,
) -> None:
    """Set, for the first items and units in bin a, what the best split costs more than all in b."""
    table[0] = 0.0
    table[1:width] = np.inf
    for k in range(len(mine)):
        i = mine[k]
        noise = tail(state, tails, ONE << 16) - tail(state, tails, ONE << 16)
        more = np.float32(price[i, a] - price[i, b] + heat * noise)
        row, below = (k + 1) * width, k * width
        start = min(use[i], width)
        for u in range(start):
            table[row + u] = table[below + u]
        for u in range(start, width):
            table[row + u] = min(table[below + u], table[below + u - use[i]] + more)
