"""A plan under change: what stands where, and what it costs, kept up to date move by move.

Capacities and counters may be exceeded here; by how much is counted, so that a search can price it.
What belongs together lies together in one table: compiled code then takes few arrays, and a random
ask touches few cache lines. Sums are written without branches, which a random move mispredicts.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import bare, inlined
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
CROWDED, MARKED = 1, 2
"""What `Board.ties` says of a group whose moves change more than a sum over its asks: two of them
share a department; an option of it lights a mark."""
COST, OVER, BEYOND = 0, 1, 2
"""Places in `Board.totals`: points; units above capacities; marks above counters' limits."""

LEAST, REBATE, OUTSIDE = 0, 1, 2
"""Columns of `Board.departments`: asks that any plan leaves out, points of each of them, and asks that
are left out."""


Rows = NDArray[np.uint32]
"""Table without negative numbers: an index read from it needs no look at its sign."""


class Board(NamedTuple):
    """The instance's arrays, and the plan on them.

    Parameters
    ----------
    on
        Option of each ask on each day, or NOWHERE: looked up for every exchange.
    links
        Who stands in a bin: a ring of asks for each bin, closed by row asks + bin.
    departments
        While fewer asks of one are left out than in any plan, the rest of them is paid for already.
        No plan that exceeds nothing costs more or less for it; but leaving out what has to be is
        free, so the search does not hold on to department-days above their capacity instead.
    """

    options: Rows
    price: Points
    leave: Points
    option_first: Ints
    on: Ints
    group_first: Ints
    ask_group: Ints
    ask_department: Ints
    ties: Ints
    mark_first: Ints
    marks: Ints
    place: Ints
    links: Rows
    bins: Points
    visits: Points
    lamps: Points
    counters: Points
    departments: Points
    totals: Points


def board_of(instance: Instance, places: Ints, shortfalls: Points | None = None) -> Board:
    """Return the board with a plan on it; rows of `shortfalls` begin with a department and its `LEAST`."""
    asks, bins = instance.asks, len(instance.bin_units)
    ring = np.arange(asks + bins, dtype=np.uint32)
    board = Board(
        options=np.stack(
            [
                instance.option_day,
                instance.option_visit,
                instance.option_bin,
                instance.option_use,
            ],
            axis=1,
        ).astype(np.uint32),
        price=instance.option_price,
        leave=instance.leave,
        option_first=instance.option_first,
        on=_by_day(instance),
        group_first=instance.group_first,
        ask_group=instance.ask_group,
        ask_department=instance.ask_department,
        ties=_ties_of(instance),
        mark_first=instance.mark_first,
        marks=instance.marks,
        place=np.full(asks, NOWHERE, np.int32),
        links=np.stack([ring, ring], axis=1),
        bins=_with_zeros(instance.bin_units, 2),
        visits=_with_zeros(instance.visit_price, 1),
        lamps=_with_zeros(instance.mark_counter, 1),
        counters=_with_zeros(instance.counter_limit, 1),
        departments=_departments_of(instance, shortfalls),
        totals=np.array([instance.leave.sum(), 0, 0], np.int64),
    )
    settle(board, np.ascontiguousarray(places, dtype=np.int32))
    return board


def _by_day(instance: Instance) -> Ints:
    days = int(instance.option_day.max(initial=0)) + 1
    table = np.full((instance.asks, days), NOWHERE, np.int32)
    owner = np.repeat(np.arange(instance.asks), np.diff(instance.option_first))
    table[owner, instance.option_day] = np.arange(instance.options)
    return table


def _ties_of(instance: Instance) -> Ints:
    ties = np.zeros(instance.groups, np.int32)
    lit = instance.mark_first[instance.option_first]
    marked = np.flatnonzero(np.diff(lit))
    departments = int(instance.ask_department.max(initial=0)) + 1
    pair = instance.ask_group.astype(np.int64) * departments + instance.ask_department
    pairs, times = np.unique(pair, return_counts=True)
    ties[pairs[times > 1] // departments] = CROWDED
    ties[instance.ask_group[marked]] |= MARKED
    return ties


def _departments_of(instance: Instance, shortfalls: Points | None) -> Points:
    outside = np.bincount(instance.ask_department, minlength=1)
    table = np.zeros((len(outside), 3), np.int64)
    table[:, OUTSIDE] = outside
    for department, least in [] if shortfalls is None else shortfalls[:, :2].tolist():
        cheapest = instance.leave[instance.ask_department == department].min()
        table[department, [LEAST, REBATE]] = least, cheapest
    return table


def _with_zeros(column: Ints | Points, more: int) -> Points:
    table = np.zeros((len(column), 1 + more), np.int64)
    table[:, 0] = column
    return table


@bare
def settle(board: Board, wanted: Ints) -> None:
    """Bring every ask to its wanted place."""
    for ask in range(len(wanted)):
        shift(board, ask, wanted[ask])


@inlined
def use_of(board: Board, option: int) -> int:
    """Return the units that an option takes, as a number with a sign."""
    return np.int64(board.options[option, USE])  # type: ignore[return-value]


@inlined
def outside_costs(board: Board, ask: int) -> int:
    """Return what the last of the asks that its department leaves out costs, if it is this one."""
    department = board.ask_department[ask]
    paid = board.departments[department, OUTSIDE] <= board.departments[department, LEAST]
    return board.leave[ask] - board.departments[department, REBATE] * paid  # type: ignore[no-any-return]


@inlined
def shift(board: Board, ask: int, option: int) -> None:
    """Move an ask to an option or NOWHERE, and bring all sums up to date."""
    old = board.place[ask]
    board.place[ask] = option
    if old == NOWHERE:
        board.totals[COST] -= outside_costs(board, ask)
        board.departments[board.ask_department[ask], OUTSIDE] -= 1
    else:
        box, visit = board.options[old, BIN], board.options[old, VISIT]
        left = board.bins[box, LOAD] - use_of(board, old)
        board.totals[OVER] -= max(board.bins[box, LOAD] - board.bins[box, UNITS], 0) - max(
            left - board.bins[box, UNITS], 0
        )
        board.bins[box, LOAD] = left
        board.bins[box, CROWD] -= 1
        after, before = board.links[ask, AFTER], board.links[ask, BEFORE]
        board.links[before, AFTER] = after
        board.links[after, BEFORE] = before
        board.visits[visit, COUNT] -= 1
        board.totals[COST] -= board.price[old] + board.visits[visit, PRICE] * (
            board.visits[visit, COUNT] == 0
        )
        for at in range(board.mark_first[old], board.mark_first[old + 1]):
            mark = board.marks[at]
            board.lamps[mark, LIT_BY] -= 1
            if board.lamps[mark, LIT_BY] == 0:
                counter = board.lamps[mark, COUNTER]
                board.counters[counter, LIT] -= 1
                board.totals[BEYOND] -= (
                    board.counters[counter, LIT] >= board.counters[counter, LIMIT]
                )
    if option == NOWHERE:
        board.departments[board.ask_department[ask], OUTSIDE] += 1
        board.totals[COST] += outside_costs(board, ask)
    else:
        box, visit = board.options[option, BIN], board.options[option, VISIT]
        full = board.bins[box, LOAD] + use_of(board, option)
        board.totals[OVER] += max(full - board.bins[box, UNITS], 0) - max(
            board.bins[box, LOAD] - board.bins[box, UNITS], 0
        )
        board.bins[box, LOAD] = full
        board.bins[box, CROWD] += 1
        end = len(board.place) + box
        last = board.links[end, BEFORE]
        board.links[ask, AFTER], board.links[ask, BEFORE] = end, last
        board.links[last, AFTER] = ask
        board.links[end, BEFORE] = ask
        board.totals[COST] += board.price[option] + board.visits[visit, PRICE] * (
            board.visits[visit, COUNT] == 0
        )
        board.visits[visit, COUNT] += 1
        for at in range(board.mark_first[option], board.mark_first[option + 1]):
            mark = board.marks[at]
            board.lamps[mark, LIT_BY] += 1
            if board.lamps[mark, LIT_BY] == 1:
                counter = board.lamps[mark, COUNTER]
                board.counters[counter, LIT] += 1
                board.totals[BEYOND] += (
                    board.counters[counter, LIT] > board.counters[counter, LIMIT]
                )


@inlined
def option_on(board: Board, ask: int, day: int) -> int:
    """Return the ask's option of that day, or NOWHERE."""
    return board.on[ask, day]  # type: ignore[no-any-return]
