"""A plan under change: what stands where, and what it costs, kept up to date move by move.

Capacities and counters may be exceeded here; by how much is counted, so that a search can price it.
What belongs together lies together in one table: compiled code then takes few arrays, and a random
ask touches few cache lines. Sums are written without branches, which a random move mispredicts.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every access, which made a move five times slower.

from typing import NamedTuple

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points

DAY, VISIT, BIN, USE = 0, 1, 2, 3
"""Columns of `Board.options`."""
UNITS, LOAD, CROWD = 0, 1, 2
"""Columns of `Board.bins`: its units, how many are taken, by how many asks."""
PRICE, COUNT = 0, 1
"""Columns of `Board.visits`: its price, and asks in it."""
COUNTER, LIT_BY = 0, 1
"""Columns of `Board.lamps`: the counter of a mark, and how many placed options light it."""
LIMIT, LIT = 0, 1
"""Columns of `Board.counters`: most marks that may be lit, and how many are."""
AFTER, BEFORE = 0, 1
"""Columns of `Board.links`."""
COST, OVER, BEYOND = 0, 1, 2
"""Places in `Board.totals`: points; units above capacities; marks above counters' limits."""


class Board(NamedTuple):
    """The instance's arrays and the plan on them, in the order in which `shift` takes them.

    Parameters
    ----------
    links
        Who stands in a bin: a ring of asks for each bin, closed by row asks + bin.
    """

    options: Ints
    price: Points
    leave: Points
    mark_first: Ints
    marks: Ints
    place: Ints
    links: Ints
    bins: Points
    visits: Points
    lamps: Points
    counters: Points
    totals: Points


def board_of(instance: Instance, places: Ints) -> Board:
    """Return the board with a plan on it."""
    asks, bins = instance.asks, len(instance.bin_units)
    ring = np.arange(asks + bins, dtype=np.int32)
    board = Board(
        options=np.stack(
            [
                instance.option_day,
                instance.option_visit,
                instance.option_bin,
                instance.option_use,
            ],
            axis=1,
        ),
        price=instance.option_price,
        leave=instance.leave,
        mark_first=instance.mark_first,
        marks=instance.marks,
        place=np.full(asks, NOWHERE, np.int32),
        links=np.stack([ring, ring], axis=1),
        bins=_with_zeros(instance.bin_units, 2),
        visits=_with_zeros(instance.visit_price, 1),
        lamps=_with_zeros(instance.mark_counter, 1),
        counters=_with_zeros(instance.counter_limit, 1),
        totals=np.array([instance.leave.sum(), 0, 0], np.int64),
    )
    settle(*board, np.ascontiguousarray(places, dtype=np.int32))
    return board


def _with_zeros(column: Ints | Points, more: int) -> Points:
    table = np.zeros((len(column), 1 + more), np.int64)
    table[:, 0] = column
    return table


@compiled
def settle(
    options: Ints,
    price: Points,
    leave: Points,
    mark_first: Ints,
    marks: Ints,
    place: Ints,
    links: Ints,
    bins: Points,
    visits: Points,
    lamps: Points,
    counters: Points,
    totals: Points,
    wanted: Ints,
) -> None:
    """Bring every ask to its wanted place."""
    for ask in range(len(wanted)):
        shift(
            options, price, leave, mark_first, marks,
            place, links, bins, visits, lamps, counters, totals,
            ask, wanted[ask],
        )  # fmt: skip


@compiled
def shift(
    options: Ints,
    price: Points,
    leave: Points,
    mark_first: Ints,
    marks: Ints,
    place: Ints,
    links: Ints,
    bins: Points,
    visits: Points,
    lamps: Points,
    counters: Points,
    totals: Points,
    ask: int,
    option: int,
) -> None:
    """Move an ask to an option or NOWHERE, and bring all sums up to date."""
    old = place[ask]
    place[ask] = option
    if old == NOWHERE:
        totals[COST] -= leave[ask]
    else:
        box, visit = options[old, BIN], options[old, VISIT]
        left = bins[box, LOAD] - options[old, USE]
        totals[OVER] -= max(bins[box, LOAD] - bins[box, UNITS], 0) - max(left - bins[box, UNITS], 0)
        bins[box, LOAD] = left
        bins[box, CROWD] -= 1
        after, before = links[ask, AFTER], links[ask, BEFORE]
        links[before, AFTER] = after
        links[after, BEFORE] = before
        visits[visit, COUNT] -= 1
        totals[COST] -= price[old] + visits[visit, PRICE] * (visits[visit, COUNT] == 0)
        for at in range(mark_first[old], mark_first[old + 1]):
            mark = marks[at]
            lamps[mark, LIT_BY] -= 1
            if lamps[mark, LIT_BY] == 0:
                counter = lamps[mark, COUNTER]
                counters[counter, LIT] -= 1
                totals[BEYOND] -= counters[counter, LIT] >= counters[counter, LIMIT]
    if option == NOWHERE:
        totals[COST] += leave[ask]
    else:
        box, visit = options[option, BIN], options[option, VISIT]
        full = bins[box, LOAD] + options[option, USE]
        totals[OVER] += max(full - bins[box, UNITS], 0) - max(bins[box, LOAD] - bins[box, UNITS], 0)
        bins[box, LOAD] = full
        bins[box, CROWD] += 1
        end = len(place) + box
        last = links[end, BEFORE]
        links[ask, AFTER], links[ask, BEFORE] = end, last
        links[last, AFTER] = ask
        links[end, BEFORE] = ask
        totals[COST] += price[option] + visits[visit, PRICE] * (visits[visit, COUNT] == 0)
        visits[visit, COUNT] += 1
        for at in range(mark_first[option], mark_first[option + 1]):
            mark = marks[at]
            lamps[mark, LIT_BY] += 1
            if lamps[mark, LIT_BY] == 1:
                counter = lamps[mark, COUNTER]
                counters[counter, LIT] += 1
                totals[BEYOND] += counters[counter, LIT] > counters[counter, LIMIT]


@compiled
def option_on(option_first: Ints, options: Ints, ask: int, day: int) -> int:
    """Return the ask's option of that day, or NOWHERE."""
    low, end = option_first[ask], option_first[ask + 1]
    if low == end:
        return NOWHERE
    guess = low + day - options[low, DAY]  # windows are mostly days in a row
    if low <= guess < end and options[guess, DAY] == day:
        return int(guess)
    high = end
    while low < high:
        middle = (low + high) // 2
        if options[middle, DAY] < day:
            low = middle + 1
        else:
            high = middle
    if low < end and options[low, DAY] == day:
        return int(low)
    return NOWHERE
