"""Groups at prices: put on the desk one at a time, and solved all together."""

from typing import NamedTuple

import numpy as np

from scheduler.compiled import bare, compiled
from scheduler.planner.engine.arrays import MICRO, Arrays
from scheduler.planner.engine.minima import NEVER, Desk, desk, least
from scheduler.planner.instance import Ints, Points


class Rates(NamedTuple):
    """Micro-prices of a unit and of a counter's mark: within what there is, and beyond it.

    Parameters
    ----------
    within, beyond
        By department-day.
    lit, overlit
        By counter.
    """

    within: Points
    beyond: Points
    lit: Points
    overlit: Points


class Standing(NamedTuple):
    """A plan under change, and what it takes.

    Parameters
    ----------
    place
        Option of each ask, or NOWHERE.
    load
        Units taken, by department-day.
    guests
        Asks that stand there, by visit.
    shining
        Options that light it, by mark.
    counted
        Marks that are lit, by counter.
    """

    place: Ints
    load: Points
    guests: Ints
    shining: Ints
    counted: Points


def flat_rates(tolls: Points, budgets: Points) -> Rates:
    """Rates that are the same within and beyond."""
    return Rates(tolls, tolls, budgets, budgets)


def nobody(arrays: Arrays) -> Standing:
    """Return the plan that places no ask."""
    return Standing(
        np.full(len(arrays.leave), -1, np.int32),
        np.zeros(len(arrays.bin_units), np.int64),
        np.zeros(len(arrays.visit_price), np.int32),
        np.zeros(len(arrays.mark_counter), np.int32),
        np.zeros(len(arrays.counter_limit), np.int64),
    )


@compiled
def room_for(arrays: Arrays) -> Desk:
    """Make a desk for the largest group."""
    asks = int(np.max(np.diff(arrays.group_first)))
    visits = int(np.max(np.diff(arrays.visit_first)))
    return desk(visits, asks)


@bare
def units_cost(load: int, units: int, use: int, within: int, beyond: int) -> int:
    """Cost of taking units of a department-day of which so many are taken."""
    over = min(max(load + use - units, 0), use)
    return (use - over) * within + over * beyond


@bare
def lay(arrays: Arrays, rates: Rates, standing: Standing, group: int, room: Desk) -> int:
    """Put one group on the desk; the micro-price of leaving all its asks out.

    A mark that all options of a visit light is paid by the visit. Any other is paid in equal
    parts by the options that may light it: never more than the rate, so a bound stays valid.
    """
    opening, gain, option = room.opening, room.gain, room.option
    option_first, option_visit = arrays.option_first, arrays.option_visit
    option_bin, option_use = arrays.option_bin, arrays.option_use
    option_price, leave, units = arrays.option_price, arrays.leave, arrays.bin_units
    mark_first, load = arrays.mark_first, standing.load
    within, beyond = rates.within, rates.beyond
    first, end = int(arrays.visit_first[group]), int(arrays.visit_first[group + 1])
    start = int(arrays.group_first[group])
    asks = int(arrays.group_first[group + 1]) - start
    for t in range(end - first):
        opening[t] = arrays.visit_price[first + t] * MICRO
        for i in range(asks):
            gain[t, i] = NEVER
    nothing = 0
    for i in range(asks):
        left = leave[start + i]
        nothing += left
        for o in range(option_first[start + i], option_first[start + i + 1]):
            t, b = option_visit[o] - first, option_bin[o]
            cost = units_cost(load[b], units[b], option_use[o], within[b], beyond[b])
            if mark_first[o] < mark_first[o + 1]:
                own, shared = _marks_cost(arrays, rates, standing, o)
                cost += own
                opening[t] += shared
            gain[t, i] = option_price[o] * MICRO + cost - left
            option[t, i] = o
    return int(nothing)


@bare
def mark_cost(arrays: Arrays, rates: Rates, standing: Standing, mark: int) -> int:
    """Cost of lighting a mark: none where another option lights it already."""
    if standing.shining[mark]:
        return 0
    counter = arrays.mark_counter[mark]
    full = standing.counted[counter] >= arrays.counter_limit[counter]
    return int(rates.overlit[counter] if full else rates.lit[counter])


@bare
def _marks_cost(arrays: Arrays, rates: Rates, standing: Standing, option: int) -> tuple[int, int]:
    """What an option pays for the marks it would light: by itself, and for its whole visit."""
    own, shared = 0, 0
    for k in range(arrays.mark_first[option], arrays.mark_first[option + 1]):
        mark = arrays.marks[k]
        cost = mark_cost(arrays, rates, standing, mark)
        if arrays.mark_payer[mark] < 0:
            own += cost // arrays.mark_options[mark]
        elif arrays.mark_payer[mark] == option:
            shared += cost
    return own, shared


@compiled
def least_of_groups(
    arrays: Arrays, rates: Rates, standing: Standing, some: tuple[int, Points]
) -> None:
    """Write the least cost at these rates, in micro, of as many groups from a first one on."""
    first, values = some
    room = room_for(arrays)
    for k in range(len(values)):
        group = first + k
        nothing = lay(arrays, rates, standing, group, room)
        visits = int(arrays.visit_first[group + 1] - arrays.visit_first[group])
        asks = int(arrays.group_first[group + 1] - arrays.group_first[group])
        values[k] = nothing + least(room, visits, asks)
