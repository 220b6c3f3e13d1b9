"""Groups priced by tolls: put on the desk one at a time, and solved all together."""

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.engine.arrays import MICRO, Arrays
from scheduler.planner.engine.minima import NEVER, Desk, desk, least
from scheduler.planner.instance import Points


@compiled
def room_for(arrays: Arrays) -> Desk:
    """Make a desk for the largest group."""
    asks = int(np.max(np.diff(arrays.group_first)))
    visits = int(np.max(np.diff(arrays.visit_first)))
    return desk(visits, asks)


@compiled
def lay(arrays: Arrays, tolls: Points, budgets: Points, group: int, room: Desk) -> int:
    """Put one group on the desk at these tolls; the price of leaving all its asks out, in micro.

    A mark that all options of a visit light is paid by the visit. Any other is paid in equal
    parts by the options that may light it: never more than the toll, so the bound stays valid.
    """
    opening, gain, option = room.opening, room.gain, room.option
    option_first, option_visit, option_bin = (
        arrays.option_first,
        arrays.option_visit,
        arrays.option_bin,
    )
    option_use, option_price, leave = arrays.option_use, arrays.option_price, arrays.leave
    mark_first, marks, counter = arrays.mark_first, arrays.marks, arrays.mark_counter
    payer, lighting = arrays.mark_payer, arrays.mark_options
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
            t = option_visit[o] - first
            cost = option_price[o] * MICRO + tolls[option_bin[o]] * option_use[o]
            for k in range(mark_first[o], mark_first[o + 1]):
                mark = marks[k]
                if payer[mark] < 0:
                    cost += budgets[counter[mark]] // lighting[mark]
                elif payer[mark] == o:
                    opening[t] += budgets[counter[mark]]
            gain[t, i] = cost - left
            option[t, i] = o
    return nothing


@compiled
def least_of_groups(arrays: Arrays, tolls: Points, budgets: Points, values: Points) -> None:
    """Write the least cost of each group at these tolls, in micro."""
    room = room_for(arrays)
    for group in range(len(arrays.group_first) - 1):
        nothing = lay(arrays, tolls, budgets, group, room)
        visits = int(arrays.visit_first[group + 1] - arrays.visit_first[group])
        asks = int(arrays.group_first[group + 1] - arrays.group_first[group])
        values[group] = nothing + least(room, visits, asks)
