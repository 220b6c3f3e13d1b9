"""Chains of moves within a department: each ask of a chain takes the place that the next one leaves.

An ask without a place, or a department-day with too much on it, starts a chain; it ends where there
is room, or leaves an ask out. The cheapest chain of at most `LENGTH` moves is a shortest path over
the department's days, by layers (compare the cyclic transfers of P. Thompson and H. Psaraftis,
"Cyclic transfer algorithms for multivehicle routing and scheduling problems", Operations Research
41(5), 1993). Its cost supposes that its asks do not meet one another; so a chain is tried, and
taken back if it does not keep what it promised.
"""

from typing import Final, NamedTuple

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.engine.arrays import MICRO, Arrays
from scheduler.planner.engine.groups import Standing
from scheduler.planner.engine.rounds import WALL, counts, leaving, move, shift, stands
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points

LENGTH: Final = 6
SIZES: Final = 4
"""Lacks of units are told apart by so many sizes: the cheapest chain to each is kept."""


class Roster(NamedTuple):
    """Who belongs to a department, and the size of a lack.

    Parameters
    ----------
    first, asks
        Department d has the asks ``asks[first[d]:first[d + 1]]``.
    bin_first
        And the department-days ``bin_first[d]`` up to ``bin_first[d + 1]``.
    owner
        The ask of each option.
    coarse
        Units by which sizes of lacks differ.
    """

    first: Ints
    asks: Ints
    bin_first: Ints
    owner: Ints
    coarse: int


class Labels(NamedTuple):
    """The cheapest chains so far: by layer, department-day and size of what is lacking there.

    Parameters
    ----------
    cost
        Micro-points that the chain adds.
    lack
        Units that are still to be freed there.
    option
        The last move: the option that an ask takes there, or NOWHERE where the chain begins.
    size
        The size of the lack that this ask fills with the place it leaves.
    end
        Of the cheapest chain that lacks nothing: cost, layer, ask, option, size.
    coarse
        Units by which sizes differ.
    """

    cost: Points
    lack: Points
    option: Ints
    size: Ints
    end: Points
    coarse: int


def roster_of(instance: Instance) -> Roster:
    """Sort asks and days by department."""
    asks = np.argsort(instance.ask_department, kind="stable").astype(np.int32)
    top = int(max(instance.ask_department.max(initial=-1), instance.bin_department.max(initial=-1)))
    departments = np.arange(top + 2)
    owner = np.repeat(np.arange(instance.asks, dtype=np.int32), np.diff(instance.option_first))
    return Roster(
        np.searchsorted(instance.ask_department[asks], departments).astype(np.int32),
        asks,
        np.searchsorted(instance.bin_department, departments).astype(np.int32),
        owner,
        -(-int(instance.option_use.max(initial=1)) // SIZES) or 1,
    )


@compiled
def labels_for(roster: Roster) -> Labels:
    """Make room for the department with most days."""
    days = int(np.max(np.diff(roster.bin_first)))
    shape = (LENGTH, days, SIZES)
    return Labels(
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int32),
        np.zeros(5, np.int64),
        roster.coarse,
    )


@compiled
def place(
    arrays: Arrays, standing: Standing, roster: Roster, labels: Labels, who: tuple[int, int]
) -> int:
    """Give an ask that has no place one, by a chain that adds less than so much."""
    ask, most = who
    department = arrays.ask_department[ask]
    days = roster.bin_first[department + 1] - roster.bin_first[department]
    labels.cost[:, :days] = WALL
    labels.end[0] = most
    labels.end[1] = -1
    _lengthen(arrays, standing, labels, roster.bin_first[department], (0, ask, 0, 0))
    _search(arrays, standing, roster, labels, department)
    return _follow(arrays, standing, roster, labels)


@compiled
def relieve(arrays: Arrays, standing: Standing, roster: Roster, labels: Labels, b: int) -> int:
    """Free a department-day from what is too much on it, by a chain; micro-points added."""
    department = arrays.bin_department[b]
    first = roster.bin_first[department]
    days = roster.bin_first[department + 1] - first
    labels.cost[:, :days] = WALL
    labels.end[0] = WALL
    labels.end[1] = -1
    lack = standing.load[b] - arrays.bin_units[b]
    _note(labels, (0, b - first, 0, lack), NOWHERE, 0)
    _search(arrays, standing, roster, labels, department)
    return _follow(arrays, standing, roster, labels)


@compiled
def _search(
    arrays: Arrays, standing: Standing, roster: Roster, labels: Labels, department: int
) -> None:
    """Lengthen the cheapest chains, layer by layer, until all their ends are known."""
    first = roster.bin_first[department]
    cost, lack, asks, end = labels.cost, labels.lack, roster.asks, labels.end
    stood, leave = standing.place, arrays.leave
    use, bins = arrays.option_use, arrays.option_bin
    for layer in range(LENGTH - 1):
        for k in range(roster.first[department], roster.first[department + 1]):
            ask = asks[k]
            old = stood[ask]
            if old == NOWHERE:
                continue
            b = bins[old] - first
            for size in range(SIZES):
                if cost[layer, b, size] < end[0] and use[old] >= lack[layer, b, size]:
                    base = cost[layer, b, size] - leaving(arrays, standing, old)
                    if base + leave[ask] < end[0]:
                        _finish(end, (base + leave[ask], layer + 1, ask, NOWHERE, size))
                    _lengthen(arrays, standing, labels, first, (layer + 1, ask, size, base))


@compiled
def _lengthen(
    arrays: Arrays,
    standing: Standing,
    labels: Labels,
    first: int,
    step: tuple[int, int, int, int],
) -> None:
    """Let an ask take each of its options but those on the day it leaves, and note the chains."""
    layer, ask, size, base = step
    guests, load = standing.guests, standing.load
    bins, use, visits = arrays.option_bin, arrays.option_use, arrays.option_visit
    price, opening, units = arrays.option_price, arrays.visit_price, arrays.bin_units
    mark_first, end = arrays.mark_first, labels.end
    old = standing.place[ask]
    left = NOWHERE if old == NOWHERE else bins[old]
    for option in range(arrays.option_first[ask], arrays.option_first[ask + 1]):
        b, visit = bins[option], visits[option]
        cost = base + price[option] * MICRO
        if guests[visit] == 0:
            cost += opening[visit] * MICRO
        if b == left or cost >= end[0]:
            continue
        if mark_first[option] < mark_first[option + 1] and not counts(arrays, standing, option):
            continue
        lack = min(load[b] + use[option] - units[b], use[option])
        if lack <= 0:
            _finish(end, (cost, layer, ask, option, size))
        else:
            _note(labels, (layer, b - first, cost, lack), option, size)


@compiled
def _finish(end: Points, chain: tuple[int, int, int, int, int]) -> None:
    """Note the cheapest chain that lacks nothing: cost, layer, ask, option, size."""
    end[0], end[1], end[2], end[3], end[4] = chain


@compiled
def _note(labels: Labels, chain: tuple[int, int, int, int], option: int, size: int) -> None:
    """Note the cheapest chain to a lack of this size."""
    layer, b, cost, lack = chain
    of = min(SIZES - 1, (lack - 1) // labels.coarse)
    if cost < labels.cost[layer, b, of]:
        labels.cost[layer, b, of] = cost
        labels.lack[layer, b, of] = lack
        labels.option[layer, b, of] = option
        labels.size[layer, b, of] = size


@compiled
def _follow(arrays: Arrays, standing: Standing, roster: Roster, labels: Labels) -> int:
    """Make the moves of the cheapest chain, or none if they do not keep what they promised."""
    promised, layer = int(labels.end[0]), int(labels.end[1])
    asks = np.empty(LENGTH + 1, np.int64)
    old = np.empty(LENGTH + 1, np.int64)
    new = np.empty(LENGTH + 1, np.int64)
    moves = 0
    ask, option, size = int(labels.end[2]), int(labels.end[3]), int(labels.end[4])
    while layer >= 0:
        asks[moves], old[moves], new[moves] = ask, standing.place[ask], option
        moves += 1
        layer -= 1
        if old[moves - 1] == NOWHERE or layer < 0:
            break
        b = arrays.option_bin[old[moves - 1]]
        at = b - roster.bin_first[arrays.bin_department[b]]
        option, size = int(labels.option[layer, at, size]), int(labels.size[layer, at, size])
        if option == NOWHERE:
            break
        ask = int(roster.owner[option])
    return _make(arrays, standing, (asks[:moves], old[:moves], new[:moves]), promised)


@compiled
def _make(
    arrays: Arrays, standing: Standing, moves: tuple[Points, Points, Points], promised: int
) -> int:
    asks, old, new = moves
    if len(np.unique(asks)) < len(asks):
        return 0
    added = 0
    for k in range(len(asks)):
        if old[k] == NOWHERE:  # a chain's cost leaves out what the first ask has saved by being out
            promised -= arrays.leave[asks[k]]
        added += move(arrays, standing, asks[k], NOWHERE)
    kept = True
    for k in range(len(asks)):
        kept = kept and (new[k] == NOWHERE or stands(arrays, standing, new[k]))
        if kept:
            added += move(arrays, standing, asks[k], new[k])
    if kept and added <= promised:
        return added
    _put_back(arrays, standing, asks, old)
    return 0


@compiled
def _put_back(arrays: Arrays, standing: Standing, asks: Points, old: Points) -> None:
    for k in range(len(asks)):
        shift(arrays, standing, asks[k], NOWHERE)
    for k in range(len(asks)):
        shift(arrays, standing, asks[k], old[k])


@compiled
def repair(arrays: Arrays, standing: Standing, roster: Roster) -> None:
    """Make a plan keep capacities and counters, moving asks by chains, leaving out where it must."""
    labels = labels_for(roster)
    for ask in range(len(standing.place)):
        option = standing.place[ask]
        if option != NOWHERE and _overlit(arrays, standing, option):
            shift(arrays, standing, ask, NOWHERE)
    for b in range(len(arrays.bin_units)):
        while standing.load[b] > arrays.bin_units[b]:
            before = standing.load[b]
            relieve(arrays, standing, roster, labels, b)
            if standing.load[b] == before:
                _evict(arrays, standing, roster, b)


@compiled
def _overlit(arrays: Arrays, standing: Standing, option: int) -> bool:
    over = 0
    for k in range(arrays.mark_first[option], arrays.mark_first[option + 1]):
        counter = arrays.mark_counter[arrays.marks[k]]
        over += standing.counted[counter] > arrays.counter_limit[counter]
    return over > 0


@compiled
def _evict(arrays: Arrays, standing: Standing, roster: Roster, b: int) -> None:
    """Leave out the ask of a department-day that is cheapest to leave out."""
    department = arrays.bin_department[b]
    worst = NOWHERE
    for k in range(roster.first[department], roster.first[department + 1]):
        ask = roster.asks[k]
        option = standing.place[ask]
        here = option != NOWHERE and arrays.option_bin[option] == b
        if here and (worst == NOWHERE or arrays.leave[ask] < arrays.leave[worst]):
            worst = ask
    shift(arrays, standing, worst, NOWHERE)


@compiled
def mend(arrays: Arrays, standing: Standing, roster: Roster, asks: Points) -> int:
    """Let each of these asks find a better place by a chain, if it has one; micro-points added."""
    labels = labels_for(roster)
    added = 0
    for ask in asks:
        old = standing.place[ask]
        most = arrays.leave[ask]
        if old != NOWHERE:
            most = leaving(arrays, standing, old)
            added += move(arrays, standing, ask, NOWHERE)
        added += place(arrays, standing, roster, labels, (ask, most))
        if old != NOWHERE and standing.place[ask] == NOWHERE:
            added += move(arrays, standing, ask, old)
    return int(added)
