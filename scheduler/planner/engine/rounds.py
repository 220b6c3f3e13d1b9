"""Rounds of block descent: each group in turn leaves the plan and comes back where it costs least.

A department-day costs a toll per unit while it has room, and the toll and a penalty beyond it, so
plans may ask for too much for a while: on tight problems the way from one good plan to the next
leads over such plans. From round to round the penalty rises and the toll on what there is falls to
nothing; in the end the search sees true prices and walls. The days of one group are chosen at once
and exactly, which a search that moves one ask at a time does not reach: a visit costs more than any
one ask of it can save (docs/decisions/0095).
"""

from typing import Final

import numpy as np

from scheduler.compiled import bare, compiled
from scheduler.planner.chance import Seeds, draw
from scheduler.planner.engine.arrays import MICRO, Arrays
from scheduler.planner.engine.groups import (
    Rates,
    Standing,
    lay,
    mark_cost,
    room_for,
    units_cost,
)
from scheduler.planner.engine.minima import least
from scheduler.planner.instance import NOWHERE, Ints, Points

WALL: Final = 10**15
"""Micro-price of what is not to happen."""


@bare
def shift(arrays: Arrays, standing: Standing, ask: int, option: int) -> None:
    """Move an ask to an option, or NOWHERE."""
    old = standing.place[ask]
    if old != NOWHERE:
        standing.guests[arrays.option_visit[old]] -= 1
        standing.load[arrays.option_bin[old]] -= arrays.option_use[old]
        for k in range(arrays.mark_first[old], arrays.mark_first[old + 1]):
            mark = arrays.marks[k]
            standing.shining[mark] -= 1
            if standing.shining[mark] == 0:
                standing.counted[arrays.mark_counter[mark]] -= 1
    standing.place[ask] = option
    if option != NOWHERE:
        standing.guests[arrays.option_visit[option]] += 1
        standing.load[arrays.option_bin[option]] += arrays.option_use[option]
        for k in range(arrays.mark_first[option], arrays.mark_first[option + 1]):
            mark = arrays.marks[k]
            if standing.shining[mark] == 0:
                standing.counted[arrays.mark_counter[mark]] += 1
            standing.shining[mark] += 1


@bare
def move(arrays: Arrays, standing: Standing, ask: int, option: int) -> int:
    """Move an ask; the micro-points that this adds."""
    old = standing.place[ask]
    added = 0
    if old == NOWHERE:
        added -= arrays.leave[ask]
    else:
        added -= leaving(arrays, standing, old)
    shift(arrays, standing, ask, NOWHERE)
    if option == NOWHERE:
        added += arrays.leave[ask]
    else:
        added += entering(arrays, standing, option)
        shift(arrays, standing, ask, option)
    return int(added)


@bare
def leaving(arrays: Arrays, standing: Standing, option: int) -> int:
    """Micro-points that are saved when an ask leaves this option."""
    visit = arrays.option_visit[option]
    saved = arrays.option_price[option]
    if standing.guests[visit] == 1:
        saved += arrays.visit_price[visit]
    return int(saved) * MICRO


@bare
def entering(arrays: Arrays, standing: Standing, option: int) -> int:
    """Micro-points that are added when an ask takes this option."""
    visit = arrays.option_visit[option]
    added = arrays.option_price[option]
    if standing.guests[visit] == 0:
        added += arrays.visit_price[visit]
    return int(added) * MICRO


@bare
def _restore(arrays: Arrays, standing: Standing, start: int, old: Ints) -> None:
    for k in range(len(old)):
        shift(arrays, standing, start + k, NOWHERE)
    for k in range(len(old)):
        shift(arrays, standing, start + k, old[k])


@compiled
def rearrange(
    arrays: Arrays,
    rates: Rates,
    standing: Standing,
    order: Points,
    chance: tuple[Seeds, int, bool],
) -> None:
    """Let each of these groups, in this order, come back where it costs least.

    Parameters
    ----------
    chance
        A generator's state, and below how many micro-points a visit is made dearer at random:
        without it all groups would want the first of the days that are alike. At last, whether
        a group stays where it was if it did not come back cheaper at true prices.
    """
    room = room_for(arrays)
    opening, answer = room.opening, room.answer
    seeds, noise, walls = chance
    old = np.empty(len(answer), np.int32)
    for group in order:
        start, end = arrays.group_first[group], arrays.group_first[group + 1]
        visits = arrays.visit_first[group + 1] - arrays.visit_first[group]
        before = 0
        for ask in range(start, end):
            old[ask - start] = standing.place[ask]
            before += move(arrays, standing, ask, NOWHERE)
        lay(arrays, rates, standing, group, room)
        for t in range(visits):
            opening[t] += draw(seeds, noise)
        least(room, visits, end - start)
        added = 0
        for ask in range(start, end):
            option = answer[ask - start]
            if option != NOWHERE and not stands(arrays, standing, option):
                answer[ask - start] = NOWHERE
                option = _cheapest(arrays, rates, standing, ask, answer[: end - start])
                answer[ask - start] = option
            added += move(arrays, standing, ask, option)
        if walls and before + added > 0:
            _restore(arrays, standing, start, old[: end - start])


@bare
def stands(arrays: Arrays, standing: Standing, option: int) -> bool:
    """Whether one more ask can take this option within capacity and counters."""
    b = arrays.option_bin[option]
    fits = standing.load[b] + arrays.option_use[option] <= arrays.bin_units[b]
    return bool(fits and counts(arrays, standing, option))


@bare
def counts(arrays: Arrays, standing: Standing, option: int) -> bool:
    """Whether one more ask can take this option within counters."""
    free = True
    for k in range(arrays.mark_first[option], arrays.mark_first[option + 1]):
        mark = arrays.marks[k]
        counter = arrays.mark_counter[mark]
        full = standing.counted[counter] >= arrays.counter_limit[counter]
        free = free and (standing.shining[mark] > 0 or not full)
    return free


@bare
def _cheapest(arrays: Arrays, rates: Rates, standing: Standing, ask: int, answer: Ints) -> int:
    """The option of an ask that costs least beside the rest of its group's choice, or NOWHERE."""
    best, cost = NOWHERE, arrays.leave[ask]
    for option in range(arrays.option_first[ask], arrays.option_first[ask + 1]):
        b, visit = arrays.option_bin[option], arrays.option_visit[option]
        own = arrays.option_price[option] * MICRO + units_cost(
            standing.load[b],
            arrays.bin_units[b],
            arrays.option_use[option],
            rates.within[b],
            rates.beyond[b],
        )
        guests = 0
        for other in answer:
            guests += other != NOWHERE and arrays.option_visit[other] == visit
        if guests == 0:
            own += arrays.visit_price[visit] * MICRO
        for k in range(arrays.mark_first[option], arrays.mark_first[option + 1]):
            own += mark_cost(arrays, rates, standing, arrays.marks[k])
        if own < cost:
            best, cost = option, own
    return best
