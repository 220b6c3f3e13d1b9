"""What the local search may do to a plan, and what each move would change, without doing it.

A move is a list of (ask, option): `moved` holds it, one row each. Energy is counted in `SHADES` of
a point: the plan's points, and a penalty for each unit above a capacity or mark above a limit.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every access, which made a move five times slower.

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points
from scheduler.planner.search.chance import Seeds, draw
from scheduler.planner.search.state import (
    AFTER,
    BIN,
    COUNT,
    CROWD,
    DAY,
    LOAD,
    PRICE,
    UNITS,
    USE,
    VISIT,
    option_on,
)

SHADES = 16
"""Parts of a point, in which energies are counted."""
CROWDED, MARKED = 1, 2


@compiled
def aim(
    option_first: Ints,
    options: Ints,
    place: Ints,
    group_first: Ints,
    seeds: Seeds,
    ask: int,
    group: int,
) -> int:
    """Draw an option of the ask: half the time one that joins another visit of its group."""
    first = option_first[ask]
    option = first + draw(seeds, option_first[ask + 1] - first)
    if draw(seeds, 2):
        start = group_first[group]
        mate = place[start + draw(seeds, group_first[group + 1] - start)]
        if mate != NOWHERE:
            joining = option_on(option_first, options, ask, options[mate, DAY])
            if joining != NOWHERE:
                return joining
    return int(option)


@compiled
def excess(load: int, units: int, more: int) -> int:
    """Return by how much the units above capacity change if so many more are taken."""
    return max(load + more - units, 0) - max(load - units, 0)


@compiled
def change_of_one(
    options: Ints,
    price: Points,
    bins: Points,
    visits: Points,
    old: int,
    new: int,
    penalty: int,
) -> int:
    """Return the energy that an ask's move from one option to one of another day adds."""
    left, opened = options[old, VISIT], options[new, VISIT]
    points = (
        price[new]
        - price[old]
        + visits[opened, PRICE] * (visits[opened, COUNT] == 0)
        - visits[left, PRICE] * (visits[left, COUNT] == 1)
    )
    here, there = options[old, BIN], options[new, BIN]
    over = excess(bins[here, LOAD], bins[here, UNITS], -options[old, USE]) + excess(
        bins[there, LOAD], bins[there, UNITS], options[new, USE]
    )
    return int(points * SHADES + over * penalty)


@compiled
def change_of_swap(
    options: Ints,
    price: Points,
    bins: Points,
    visits: Points,
    moved: Ints,
    old: int,
    other: int,
    penalty: int,
) -> int:
    """Return the energy added if two asks of two groups exchange their department-days.

    `moved` has both, `old` and `other` are the options they leave.
    """
    new, back = moved[0, 1], moved[1, 1]
    points = price[new] - price[old] + price[back] - price[other]
    for gone in (options[old, VISIT], options[other, VISIT]):
        points -= visits[gone, PRICE] * (visits[gone, COUNT] == 1)
    for come in (options[new, VISIT], options[back, VISIT]):
        points += visits[come, PRICE] * (visits[come, COUNT] == 0)
    here, there = options[old, BIN], options[new, BIN]
    over = excess(
        bins[here, LOAD], bins[here, UNITS], options[back, USE] - options[old, USE]
    ) + excess(bins[there, LOAD], bins[there, UNITS], options[new, USE] - options[other, USE])
    return int(points * SHADES + over * penalty)


@compiled
def change_of_visit(
    options: Ints,
    price: Points,
    bins: Points,
    visits: Points,
    place: Ints,
    moved: Ints,
    many: int,
    penalty: int,
) -> int:
    """Return the energy added if all asks of a visit, of as many departments, change its day."""
    old, new = place[moved[0, 0]], moved[0, 1]
    left, opened = options[old, VISIT], options[new, VISIT]
    points = visits[opened, PRICE] * (visits[opened, COUNT] == 0) - visits[left, PRICE]
    over = 0
    for row in range(many):
        old, new = place[moved[row, 0]], moved[row, 1]
        here, there = options[old, BIN], options[new, BIN]
        points += price[new] - price[old]
        over += excess(bins[here, LOAD], bins[here, UNITS], -options[old, USE])
        over += excess(bins[there, LOAD], bins[there, UNITS], options[new, USE])
    return int(points * SHADES + over * penalty)


@compiled
def partner(
    option_first: Ints,
    options: Ints,
    place: Ints,
    links: Ints,
    bins: Points,
    seeds: Seeds,
    moved: Ints,
) -> bool:
    """Draw who in the bin of the first move's option goes where the first ask stands; or none."""
    box = options[moved[0, 1], BIN]
    crowd = bins[box, CROWD]
    if crowd == 0:
        return False
    other = len(place) + box
    for _ in range(1 + draw(seeds, crowd)):
        other = links[other, AFTER]
    old = place[moved[0, 0]]
    back = option_on(option_first, options, other, options[old, DAY])
    if back == NOWHERE or options[back, BIN] != options[old, BIN]:
        return False
    moved[1, 0], moved[1, 1] = other, back
    return True


@compiled
def together(
    option_first: Ints,
    options: Ints,
    place: Ints,
    moved: Ints,
    asks: tuple[int, int],
    visit: int,
    day: int,
) -> int:
    """List in `moved` a group's asks (first, end) to one day: those of a visit, or all if -1.

    Returns how many these are; -1 if an ask of the visit cannot follow.
    """
    many = 0
    for ask in range(asks[0], asks[1]):
        old = place[ask]
        if visit >= 0 and (old == NOWHERE or options[old, VISIT] != visit):
            continue
        new = option_on(option_first, options, ask, day)
        if new == NOWHERE:
            if visit >= 0:
                return -1
            continue
        if new != old:
            moved[many, 0], moved[many, 1] = ask, new
            many += 1
    return many


def ties_of(instance: Instance) -> Ints:
    """Return for each group what its moves' changes are no plain sums over asks for.

    `MARKED`: an option of it lights a mark; `CROWDED`: two of its asks share a department.
    """
    ties = np.zeros(instance.groups, np.int32)
    lit = instance.mark_first[instance.option_first]
    marked = np.flatnonzero(np.diff(lit))
    pair = instance.ask_group.astype(np.int64) * (int(instance.ask_department.max(initial=0)) + 1)
    pair += instance.ask_department
    pairs, times = np.unique(pair, return_counts=True)
    crowded = pairs[times > 1] // (int(instance.ask_department.max(initial=0)) + 1)
    ties[crowded] = CROWDED
    ties[instance.ask_group[marked]] = MARKED
    return ties
