"""Making a plan keep all capacities and limits again, at little cost."""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every access, which made a move five times slower.

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.search.annealing import energy
from scheduler.planner.search.state import (
    AFTER,
    BEYOND,
    COUNTER,
    CROWD,
    LIMIT,
    LIT,
    LOAD,
    UNITS,
    USE,
    shift,
)


@compiled
def cheapest(
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
    option_first: Ints,
    ask: int,
    penalty: int,
) -> tuple[int, int]:
    """Return where else the ask stands cheapest, and the energy of the plan then."""
    old = place[ask]
    choice, least = old, 0
    for option in range(option_first[ask] - 1, option_first[ask + 1]):
        new = NOWHERE if option < option_first[ask] else option
        if new == old:
            continue
        shift(
            options, price, leave, mark_first, marks,
            place, links, bins, visits, lamps, counters, totals,
            ask, new,
        )  # fmt: skip
        found = energy(totals, penalty)
        if choice == old or found < least:
            choice, least = new, found
    shift(
        options, price, leave, mark_first, marks,
        place, links, bins, visits, lamps, counters, totals,
        ask, old,
    )  # fmt: skip
    return choice, least


@compiled
def relieve(
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
    option_first: Ints,
    penalty: int,
) -> None:
    """Move asks out of department-days above capacity, each time the cheapest to move.

    `penalty` must be dearer than any move; then nothing else is exceeded instead.
    """
    for box in range(len(bins)):
        while bins[box, LOAD] > bins[box, UNITS]:
            crowd = np.empty(bins[box, CROWD], np.int32)
            ask = len(place) + box
            for at in range(len(crowd)):
                ask = links[ask, AFTER]
                crowd[at] = ask
            mover, choice, least = -1, NOWHERE, 0
            for at in range(len(crowd)):
                new, found = cheapest(
                    options, price, leave, mark_first, marks,
                    place, links, bins, visits, lamps, counters, totals,
                    option_first, crowd[at], penalty,
                )  # fmt: skip
                if options[place[crowd[at]], USE] > 0 and (mover < 0 or found < least):
                    mover, choice, least = crowd[at], new, found
            shift(
                options, price, leave, mark_first, marks,
                place, links, bins, visits, lamps, counters, totals,
                mover, choice,
            )  # fmt: skip


@compiled
def dim(
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
) -> None:
    """Leave out asks until no counter exceeds its limit."""
    for ask in range(len(place) - 1, -1, -1):
        if totals[BEYOND] == 0:
            return
        option = place[ask]
        if option == NOWHERE:
            continue
        exceeds = False
        for at in range(mark_first[option], mark_first[option + 1]):
            counter = lamps[marks[at], COUNTER]
            exceeds |= counters[counter, LIT] > counters[counter, LIMIT]
        if exceeds:
            shift(
                options, price, leave, mark_first, marks,
                place, links, bins, visits, lamps, counters, totals,
                ask, NOWHERE,
            )  # fmt: skip


@compiled
def descend(
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
    option_first: Ints,
    penalty: int,
) -> None:
    """Move each ask to where it stands cheapest, once, in order."""
    for ask in range(len(place)):
        if option_first[ask] == option_first[ask + 1]:
            continue
        new, found = cheapest(
            options, price, leave, mark_first, marks,
            place, links, bins, visits, lamps, counters, totals,
            option_first, ask, penalty,
        )  # fmt: skip
        if found < energy(totals, penalty):
            shift(
                options, price, leave, mark_first, marks,
                place, links, bins, visits, lamps, counters, totals,
                ask, new,
            )  # fmt: skip
