"""The cheapest moves between the days of one department, kept as its plan changes."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import bare, compiled
from scheduler.planner.engine.arrays import Arrays
from scheduler.planner.engine.groups import Standing
from scheduler.planner.engine.rounds import WALL, counts, entering, leaving
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points

SIZES: Final = 4
"""Units are told apart by so many sizes."""


class Roster(NamedTuple):
    """Who belongs to a department, and the sizes of units.

    Parameters
    ----------
    first, asks
        Department d has the asks ``asks[first[d]:first[d + 1]]``.
    bin_first
        And the department-days ``bin_first[d]`` up to ``bin_first[d + 1]``.
    owner
        The ask of each option.
    coarse
        Units by which sizes differ.
    sizes
        How many of them there are.
    """

    first: Ints
    asks: Ints
    bin_first: Ints
    owner: Ints
    coarse: int
    sizes: int


class Ways(NamedTuple):
    """The cheapest moves from day to day within the department that was entered last.

    Parameters
    ----------
    cost, option
        By the day that is left, the day that is taken and the size of units that are left:
        micro-points that the cheapest move adds, and the option that its ask takes.
    out_cost, out
        The same for leaving an ask out, and that ask.
    low, high
        By the day that is left: all such moves go to a day from `low` on, below `high`.
    stale
        By the day that is left: whether the plan has changed there.
    after, before
        Rings of the asks that stand on one department-day, closed by number asks + department-day.
    """

    cost: Points
    option: Ints
    out_cost: Points
    out: Ints
    low: Ints
    high: Ints
    stale: NDArray[np.bool_]
    after: Ints
    before: Ints


def roster_of(instance: Instance) -> Roster:
    """Sort asks and days by department."""
    asks = np.argsort(instance.ask_department, kind="stable").astype(np.int32)
    top = int(max(instance.ask_department.max(initial=-1), instance.bin_department.max(initial=-1)))
    departments = np.arange(top + 2)
    owner = np.repeat(np.arange(instance.asks, dtype=np.int32), np.diff(instance.option_first))
    largest = max(1, int(instance.option_use.max(initial=1)))
    coarse = -(-largest // SIZES)
    return Roster(
        np.searchsorted(instance.ask_department[asks], departments).astype(np.int32),
        asks,
        np.searchsorted(instance.bin_department, departments).astype(np.int32),
        owner,
        coarse,
        1 + (largest - 1) // coarse,
    )


@compiled
def ways_for(roster: Roster) -> Ways:
    """Make room for the department with most days."""
    days = int(np.max(np.diff(roster.bin_first)))
    rings = len(roster.asks) + int(roster.bin_first[-1])
    return Ways(
        np.zeros((days, days, SIZES), np.int64),
        np.zeros((days, days, SIZES), np.int32),
        np.zeros((days, SIZES), np.int64),
        np.zeros((days, SIZES), np.int32),
        np.zeros(days, np.int32),
        np.zeros(days, np.int32),
        np.ones(days, np.bool_),
        np.empty(rings, np.int32),
        np.empty(rings, np.int32),
    )


@bare
def enter(arrays: Arrays, standing: Standing, roster: Roster, ways: Ways, department: int) -> None:
    """Turn to a department: list who stands where."""
    ways.stale[:] = True
    asks = len(arrays.leave)
    for b in range(roster.bin_first[department], roster.bin_first[department + 1]):
        ways.after[asks + b] = asks + b
        ways.before[asks + b] = asks + b
    for k in range(roster.first[department], roster.first[department + 1]):
        ask = roster.asks[k]
        if standing.place[ask] != NOWHERE:
            _join(arrays, ways, ask, standing.place[ask])


@bare
def _join(arrays: Arrays, ways: Ways, ask: int, option: int) -> None:
    end = len(arrays.leave) + arrays.option_bin[option]
    last = ways.before[end]
    ways.after[ask], ways.before[ask] = end, last
    ways.after[last] = ask
    ways.before[end] = ask


@bare
def outdate(
    arrays: Arrays, standing: Standing, roster: Roster, ways: Ways, change: tuple[int, int]
) -> None:
    """Take note that an ask has left the option where it stood, if any, for where it stands."""
    ask, old = change
    first = roster.bin_first[arrays.ask_department[ask]]
    new = standing.place[ask]
    if old != NOWHERE:
        ways.stale[arrays.option_bin[old] - first] = True
        after, before = ways.after[ask], ways.before[ask]
        ways.after[before] = after
        ways.before[after] = before
    if new != NOWHERE:
        ways.stale[arrays.option_bin[new] - first] = True
        _join(arrays, ways, ask, new)


@bare
def refresh(
    arrays: Arrays, standing: Standing, roster: Roster, ways: Ways, where: tuple[int, int]
) -> None:
    """Find the cheapest moves from one day of a department with that first department-day."""
    first, day = where
    cost, option = ways.cost[day], ways.option[day]
    out_cost, out = ways.out_cost[day], ways.out[day]
    bins, place = arrays.option_bin, standing.place
    for size in range(roster.sizes):
        out_cost[size], out[size] = WALL, NOWHERE
        for to in range(len(cost)):
            cost[to, size] = WALL
    low, high = len(cost), 0
    ask = ways.after[len(arrays.leave) + first + day]
    while ask < len(arrays.leave):
        old = place[ask]
        saved = leaving(arrays, standing, old)
        size = max(arrays.option_use[old] - 1, 0) // roster.coarse
        if arrays.leave[ask] - saved < out_cost[size]:
            out_cost[size] = arrays.leave[ask] - saved
            out[size] = ask
        for new in range(arrays.option_first[ask], arrays.option_first[ask + 1]):
            to = bins[new] - first
            if to == day:
                continue
            added = entering(arrays, standing, new) - saved
            if added < cost[to, size] and counts(arrays, standing, new):
                cost[to, size] = added
                option[to, size] = new
                low, high = min(low, to), max(high, to + 1)
        ask = ways.after[ask]
    ways.low[day], ways.high[day] = low, high
    ways.stale[day] = False
