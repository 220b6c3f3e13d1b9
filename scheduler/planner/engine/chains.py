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

from scheduler.compiled import bare, compiled
from scheduler.planner.engine.arrays import Arrays
from scheduler.planner.engine.groups import Standing
from scheduler.planner.engine.rounds import WALL, counts, entering, move, shift, stands
from scheduler.planner.engine.ways import SIZES, Roster, Ways, enter, outdate, refresh, ways_for
from scheduler.planner.instance import NOWHERE, Ints, Points

LENGTH: Final = 6


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
    best
        What the cheapest chain that lacks nothing adds; at first, what none may add.
    end
        By layer, the cheapest such chain if it is cheaper than all shorter ones: what it adds (else
        `WALL`), ask, option, size.
    moves
        The moves of a chain, last one first: asks, the options that they leave, those that they take.
    ways
        Of the department at hand.
    """

    cost: Points
    lack: Points
    option: Ints
    size: Ints
    best: Points
    end: Points
    moves: Points
    ways: Ways


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
        np.zeros(1, np.int64),
        np.zeros((LENGTH, 4), np.int64),
        np.zeros((3, LENGTH + 1), np.int64),
        ways_for(roster),
    )


@bare
def place(
    arrays: Arrays,
    standing: Standing,
    roster: Roster,
    labels: Labels,
    who: tuple[int, int],
) -> int:
    """Give an ask that has no place one, by a chain that adds less than so much; micro-points added."""
    enter(arrays, standing, roster, labels.ways, arrays.ask_department[who[0]])
    return place_inside(arrays, standing, roster, labels, who)


@bare
def relieve(arrays: Arrays, standing: Standing, roster: Roster, labels: Labels, b: int) -> int:
    """Free a department-day from what is too much on it, by a chain; micro-points added.

    Where one ask cannot take away all that is too much, the largest there goes first.
    """
    enter(arrays, standing, roster, labels.ways, arrays.bin_department[b])
    return relieve_inside(arrays, standing, roster, labels, b)


@bare
def place_inside(
    arrays: Arrays,
    standing: Standing,
    roster: Roster,
    labels: Labels,
    who: tuple[int, int],
) -> int:
    """`place` in the department that was entered last."""
    ask, most = who
    department = arrays.ask_department[ask]
    first = roster.bin_first[department]
    _begin(labels, roster.bin_first[department + 1] - first, most)
    for option in range(arrays.option_first[ask], arrays.option_first[ask + 1]):
        cost = entering(arrays, standing, option)
        if cost < labels.best[0] and counts(arrays, standing, option):
            _reach(arrays, standing, roster, labels, (0, first, option, 0, cost, ask))
    _search(arrays, standing, roster, labels, department)
    return _follow(arrays, standing, roster, labels)


@bare
def relieve_inside(
    arrays: Arrays, standing: Standing, roster: Roster, labels: Labels, b: int
) -> int:
    """`relieve` in the department that was entered last."""
    ways = labels.ways
    department = arrays.bin_department[b]
    first = roster.bin_first[department]
    _begin(labels, roster.bin_first[department + 1] - first, WALL)
    largest = 0
    ask = ways.after[len(arrays.leave) + b]
    while ask < len(arrays.leave):
        largest = max(largest, arrays.option_use[standing.place[ask]])
        ask = ways.after[ask]
    lack = min(standing.load[b] - arrays.bin_units[b], largest)
    _note(arrays, standing, roster, labels, (0, b - first, 0, lack, NOWHERE, 0))
    _search(arrays, standing, roster, labels, department)
    return _follow(arrays, standing, roster, labels)


@bare
def _begin(labels: Labels, days: int, most: int) -> None:
    """Know no chain yet, and none wanted that adds so much."""
    for layer in range(LENGTH):
        for day in range(days):
            for size in range(SIZES):
                labels.cost[layer, day, size] = WALL
        labels.end[layer, 0] = WALL
    labels.best[0] = most


@bare
def _search(
    arrays: Arrays, standing: Standing, roster: Roster, labels: Labels, department: int
) -> None:
    """Lengthen the cheapest chains, layer by layer, until all their ends are known."""
    ways = labels.ways
    first = roster.bin_first[department]
    days = roster.bin_first[department + 1] - first
    cost, best = labels.cost, labels.best
    for layer in range(LENGTH - 1):
        for day in range(days):
            for size in range(roster.sizes):
                if cost[layer, day, size] < best[0]:
                    if ways.stale[day]:
                        refresh(arrays, standing, roster, ways, (first, day))
                    _lengthen(arrays, standing, roster, labels, (layer, first, day, size))


@bare
def _lengthen(
    arrays: Arrays,
    standing: Standing,
    roster: Roster,
    labels: Labels,
    chain: tuple[int, int, int, int],
) -> None:
    """Let the cheapest asks of this day that fill the chain's lack leave it for each other day."""
    ways = labels.ways
    layer, first, day, size = chain
    base, lack, best = labels.cost[layer, day, size], labels.lack[layer, day, size], labels.best
    use, owner, place = arrays.option_use, roster.owner, standing.place
    for leaves in range(size, roster.sizes):
        out = ways.out[day, leaves]
        if out != NOWHERE and use[place[out]] >= lack:
            added = base + ways.out_cost[day, leaves]
            if added < best[0]:
                _finish(labels, (added, layer + 1, out, NOWHERE, size))
        for to in range(ways.low[day], ways.high[day]):
            added = base + ways.cost[day, to, leaves]
            if added < best[0]:
                option = ways.option[day, to, leaves]
                ask = owner[option]
                if use[place[ask]] >= lack:
                    _reach(
                        arrays,
                        standing,
                        roster,
                        labels,
                        (layer + 1, first, option, size, added, ask),
                    )


@bare
def _reach(
    arrays: Arrays,
    standing: Standing,
    roster: Roster,
    labels: Labels,
    step: tuple[int, int, int, int, int, int],
) -> None:
    """Note that a chain comes to an option: it ends there, or lacks something."""
    layer, first, option, size, cost, ask = step
    b = arrays.option_bin[option]
    use = arrays.option_use[option]
    free = arrays.bin_units[b] - standing.load[b]
    if use <= free and not _passed(arrays, standing, roster, labels, (layer, option, size)):
        _finish(labels, (cost, layer, ask, option, size))
    elif 0 <= free < use:  # who comes to a day with too much on it does not make it better
        _note(arrays, standing, roster, labels, (layer, b - first, cost, use - free, option, size))


@bare
def _passed(
    arrays: Arrays,
    standing: Standing,
    roster: Roster,
    labels: Labels,
    step: tuple[int, int, int],
) -> bool:
    """Whether the chain that takes this option has been on that day before."""
    layer, option, size = step
    bins, place = arrays.option_bin, standing.place
    end = bins[option]
    first = roster.bin_first[arrays.bin_department[end]]
    while layer > 0:
        old = place[roster.owner[option]]
        if old == NOWHERE:
            return False
        b, layer = bins[old], layer - 1
        if b == end:
            return True
        option, size = labels.option[layer, b - first, size], labels.size[layer, b - first, size]
        if option == NOWHERE:
            return False
    return False


@bare
def _finish(labels: Labels, chain: tuple[int, int, int, int, int]) -> None:
    """Note the cheapest chain that lacks nothing: what it adds, layer, ask, option, size."""
    added, layer, ask, option, size = chain
    labels.best[0] = added
    row = labels.end[layer]
    row[0], row[1], row[2], row[3] = added, ask, option, size


@bare
def _note(
    arrays: Arrays,
    standing: Standing,
    roster: Roster,
    labels: Labels,
    chain: tuple[int, int, int, int, int, int],
) -> None:
    """Note the cheapest chain to a lack of this size: layer, day, cost, lack, option, size."""
    layer, b, cost, lack, option, size = chain
    of = min(SIZES - 1, (lack - 1) // roster.coarse)
    if cost >= labels.cost[layer, b, of]:
        return
    if layer > 1 and _passed(arrays, standing, roster, labels, (layer, option, size)):
        return
    labels.cost[layer, b, of] = cost
    labels.lack[layer, b, of] = lack
    labels.option[layer, b, of] = option
    labels.size[layer, b, of] = size


@bare
def _follow(arrays: Arrays, standing: Standing, roster: Roster, labels: Labels) -> int:
    """Make the moves of the cheapest chain that keeps what it promised, or none."""
    for shorter in range(LENGTH):
        layer = LENGTH - 1 - shorter
        if labels.end[layer, 0] < WALL:
            added = _walk(arrays, standing, roster, labels, layer)
            if added < WALL:
                return added
    return 0


@bare
def _walk(arrays: Arrays, standing: Standing, roster: Roster, labels: Labels, layer: int) -> int:
    """Make the moves of the chain that ends in this layer; `WALL` if it breaks its promise."""
    promised = int(labels.end[layer, 0])
    asks, old, new = labels.moves[0], labels.moves[1], labels.moves[2]
    row = labels.end[layer]
    ask, option, size = int(row[1]), int(row[2]), int(row[3])
    moves = 0
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
    added = _make(arrays, standing, (asks[:moves], old[:moves], new[:moves]), promised)
    for k in range(moves):
        outdate(arrays, standing, roster, labels.ways, (int(asks[k]), int(old[k])))
    return added


@bare
def _make(
    arrays: Arrays, standing: Standing, moves: tuple[Points, Points, Points], promised: int
) -> int:
    """Micro-points added, or `WALL` if nothing was moved."""
    asks, old, new = moves
    if _repeated(asks):
        return WALL
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
    return WALL


@bare
def _repeated(asks: Points) -> bool:
    same = 0
    for k in range(len(asks)):
        for j in range(k):
            same += asks[j] == asks[k]
    return same > 0


@bare
def _put_back(arrays: Arrays, standing: Standing, asks: Points, old: Points) -> None:
    for k in range(len(asks)):
        shift(arrays, standing, asks[k], NOWHERE)
    for k in range(len(asks)):
        shift(arrays, standing, asks[k], old[k])
