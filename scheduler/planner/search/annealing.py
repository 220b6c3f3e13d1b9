"""Simulated annealing over plans that may exceed capacities at a price.

Dearer plans are accepted with a chance that falls from step to step, after Kirkpatrick, Gelatt and
Vecchi, "Optimization by simulated annealing" (Science 220, 1983). Units above a capacity cost a
penalty that rises meanwhile: on tight instances feasible plans lie far apart, and the way from one
to the next leads over plans that are not.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every access, which made a move five times slower.

import numpy as np

from scheduler.compiled import compiled
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.search.chance import Seeds, draw, tail
from scheduler.planner.search.moves import (
    MARKED,
    SHADES,
    aim,
    change_of_one,
    change_of_swap,
    change_of_visit,
    partner,
    together,
)
from scheduler.planner.search.state import BEYOND, COST, DAY, OVER, VISIT, shift

MOST_TOGETHER = 64
"""Groups of more asks move ask by ask only."""

MOST_COPIED = 20_000
"""Asks of the largest instance whose every best plan is kept."""

_KINDS = 128
_LEAVE, _SINGLE, _SWAP, _VISIT = 1, 40, 60, 120
"""Of so many moves: leaves one out, moves one, exchanges two, moves a visit; else: a whole group."""


@compiled
def propose(
    options: Ints,
    price: Points,
    place: Ints,
    links: Ints,
    bins: Points,
    visits: Points,
    option_first: Ints,
    group_first: Ints,
    ask_group: Ints,
    ties: Ints,
    seeds: Seeds,
    moved: Ints,
    penalty: int,
) -> tuple[int, int]:
    """Draw a move into `moved`: how many asks it has, and the energy it adds.

    No asks: no move. A negative number: that many, and the energy is only known by trying.
    """
    ask = draw(seeds, len(place))
    if option_first[ask] == option_first[ask + 1]:
        return 0, 0
    kind = draw(seeds, _KINDS)
    old = place[ask]
    moved[0, 0] = ask
    if kind < _LEAVE:
        moved[0, 1] = NOWHERE
        return -int(old != NOWHERE), 0
    group = ask_group[ask]
    new = aim(option_first, options, place, group_first, seeds, ask, group)
    moved[0, 1] = new
    if new == old:
        return 0, 0
    if old == NOWHERE or (kind < _SINGLE and ties[group] & MARKED):
        return -1, 0
    if kind < _SINGLE:
        found = (1, change_of_one(options, price, bins, visits, old, new, penalty))
    elif kind < _SWAP:
        found = exchange(
            options, price, place, links, bins, visits,
            option_first, ask_group, ties, seeds, moved, penalty,
        )  # fmt: skip
    else:
        visit = options[old, VISIT] if kind < _VISIT else -1
        found = gather(
            options, price, place, bins, visits, option_first, group_first, ties,
            moved, group, visit, penalty,
        )  # fmt: skip
    return found


@compiled
def exchange(
    options: Ints,
    price: Points,
    place: Ints,
    links: Ints,
    bins: Points,
    visits: Points,
    option_first: Ints,
    ask_group: Ints,
    ties: Ints,
    seeds: Seeds,
    moved: Ints,
    penalty: int,
) -> tuple[int, int]:
    """Propose that the ask of `moved` and one that stands where it wants to exchange places."""
    if not partner(option_first, options, place, links, bins, seeds, moved):
        return 0, 0
    group, other = ask_group[moved[0, 0]], ask_group[moved[1, 0]]
    if other == group or (ties[group] | ties[other]) & MARKED:
        return -2, 0
    old, left = place[moved[0, 0]], place[moved[1, 0]]
    return 2, change_of_swap(options, price, bins, visits, moved, old, left, penalty)


@compiled
def gather(
    options: Ints,
    price: Points,
    place: Ints,
    bins: Points,
    visits: Points,
    option_first: Ints,
    group_first: Ints,
    ties: Ints,
    moved: Ints,
    group: int,
    visit: int,
    penalty: int,
) -> tuple[int, int]:
    """Propose that a visit of the group, or if -1 the whole group, goes where `moved` wants to."""
    asks = (group_first[group], group_first[group + 1])
    if asks[1] - asks[0] > MOST_TOGETHER:
        return 0, 0
    day = options[moved[0, 1], DAY]
    many = together(option_first, options, place, moved, asks, visit, day)
    if many <= 0:
        return 0, 0
    if visit < 0 or ties[group]:
        return -many, 0
    return many, change_of_visit(options, price, bins, visits, place, moved, many, penalty)


@compiled
def energy(totals: Points, penalty: int) -> int:
    """Return a plan's energy."""
    return int(totals[COST] * SHADES + (totals[OVER] + totals[BEYOND]) * penalty)


@compiled
def anneal(
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
    group_first: Ints,
    ask_group: Ints,
    ties: Ints,
    seeds: Seeds,
    tails: Points,
    best: Ints,
    best_cost: Points,
    heat: int,
    penalty: int,
    moves: int,
) -> None:
    """Try so many moves at one heat, in `chance.ONE` parts of a shade, and one penalty, in shades.

    A plan that exceeds nothing and is cheaper than `best_cost` is written to `best`; of a large
    instance only the last one, as copying takes longer than searching there.
    """
    moved = np.empty((MOST_TOGETHER + 2, 2), np.int32)
    copying = len(place) <= MOST_COPIED
    for _ in range(moves):
        many, change = propose(
            options, price, place, links, bins, visits,
            option_first, group_first, ask_group, ties, seeds, moved, penalty,
        )  # fmt: skip
        if many == 0:
            continue
        limit = tail(seeds, tails, heat)
        if many > 0 and change > limit:
            continue
        before = energy(totals, penalty)
        for row in range(abs(many)):
            ask, new = moved[row, 0], moved[row, 1]
            moved[row, 1] = place[ask]
            shift(
                options, price, leave, mark_first, marks,
                place, links, bins, visits, lamps, counters, totals,
                ask, new,
            )  # fmt: skip
        if many < 0 and energy(totals, penalty) - before > limit:
            for row in range(-many):
                shift(
                    options, price, leave, mark_first, marks,
                    place, links, bins, visits, lamps, counters, totals,
                    moved[row, 0], moved[row, 1],
                )  # fmt: skip
        elif copying:
            keep(place, totals, best, best_cost)
    keep(place, totals, best, best_cost)


@compiled
def keep(place: Ints, totals: Points, best: Ints, best_cost: Points) -> None:
    """Write the plan to `best` if it exceeds nothing and is cheaper."""
    if totals[OVER] + totals[BEYOND] == 0 and totals[COST] < best_cost[0]:
        best_cost[0] = totals[COST]
        best[:] = place
