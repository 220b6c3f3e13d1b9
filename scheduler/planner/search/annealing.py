"""Simulated annealing over plans that may exceed capacities at a price.

Dearer plans are accepted with a chance that may fall from step to step, after Kirkpatrick, Gelatt
and Vecchi, "Optimization by simulated annealing" (Science 220, 1983). Units above a capacity cost a
penalty: on tight instances feasible plans lie far apart, and the way from one to the next leads
over plans that are not.
"""

from typing import NamedTuple

import numpy as np

from scheduler.compiled import bare, inlined
from scheduler.planner.chance import TAILS, Seeds, draw, seeds_of, tail
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.search.moves import (
    SHADES,
    aim,
    change_of_one,
    change_of_swap,
    change_of_visit,
    list_trouble,
    partner,
    together,
)
from scheduler.planner.search.state import BEYOND, COST, DAY, MARKED, OVER, VISIT, Board, shift

MOST_TOGETHER = 64
"""Groups of more asks move ask by ask only."""

MOST_COPIED = 20_000
"""Asks of the largest instance whose every best plan is kept."""

_KINDS = 128
_LEAVE, _SINGLE, _SWAP, _VISIT = 1, 20, 95, 125
"""Of so many moves: leaves one out, moves one, exchanges two, moves a visit; else: a whole group."""
_TROUBLED = 90
"""Of a hundred moves, those that start where something is amiss."""
_LOOK_AGAIN = 256
"""Moves, at least, after which the list of such asks is renewed."""


class Desk(NamedTuple):
    """What the search keeps beside the plan.

    Parameters
    ----------
    moved
        The move under consideration.
    listed
        Asks where something is amiss.
    best, best_cost
        The cheapest plan so far that exceeds nothing, and its points.
    """

    seeds: Seeds
    tails: Points
    moved: Ints
    listed: Ints
    best: Ints
    best_cost: Points


def desk_of(board: Board, seed: int, dearest: int) -> Desk:
    """Return an empty desk; plans are kept if cheaper than `dearest`."""
    return Desk(
        seeds=seeds_of(seed),
        tails=TAILS,
        moved=np.empty((MOST_TOGETHER + 2, 2), np.int32),
        listed=np.empty_like(board.place),
        best=board.place.copy(),
        best_cost=np.array([dearest], np.int64),
    )


@inlined
def propose(board: Board, seeds: Seeds, moved: Ints, ask: int, penalty: int) -> tuple[int, int]:
    """Draw a move of the ask into `moved`: how many asks it has, and the energy it adds.

    No asks: no move. A negative number: that many, and the energy is only known by trying.
    """
    if board.option_first[ask] == board.option_first[ask + 1]:
        return 0, 0
    kind = draw(seeds, _KINDS)
    old = board.place[ask]
    moved[0, 0] = ask
    if kind < _LEAVE:
        moved[0, 1] = NOWHERE
        return -int(old != NOWHERE), 0
    group = board.ask_group[ask]
    new = aim(board, seeds, ask, group)
    moved[0, 1] = new
    if new == old:
        return 0, 0
    if old == NOWHERE or (kind < _SINGLE and board.ties[group] & MARKED):
        return -1, 0
    if kind < _SINGLE:
        found = (1, change_of_one(board, old, new, penalty))
    elif kind < _SWAP:
        found = exchange(board, seeds, moved, penalty)
    else:
        visit = board.options[old, VISIT] if kind < _VISIT else -1
        found = gather(board, moved, group, visit, penalty)
    return found


@inlined
def exchange(board: Board, seeds: Seeds, moved: Ints, penalty: int) -> tuple[int, int]:
    """Propose that the ask of `moved` and one that stands where it wants to exchange places."""
    if not partner(board, seeds, moved):
        return 0, 0
    group, other = board.ask_group[moved[0, 0]], board.ask_group[moved[1, 0]]
    if other == group or (board.ties[group] | board.ties[other]) & MARKED:
        return -2, 0
    old, left = board.place[moved[0, 0]], board.place[moved[1, 0]]
    return 2, change_of_swap(board, moved, old, left, penalty)


@inlined
def gather(board: Board, moved: Ints, group: int, visit: int, penalty: int) -> tuple[int, int]:
    """Propose that a visit of the group, or if -1 the whole group, goes where `moved` wants to."""
    asks = (board.group_first[group], board.group_first[group + 1])
    if asks[1] - asks[0] > MOST_TOGETHER:
        return 0, 0
    day = board.options[moved[0, 1], DAY]
    many = together(board, moved, asks, visit, day)
    if many <= 0:
        return 0, 0
    if visit < 0 or board.ties[group]:
        return -many, 0
    return many, change_of_visit(board, moved, many, penalty)


@inlined
def change_places(board: Board, moved: Ints, many: int) -> None:
    """Make the move, and turn `moved` into the way back."""
    for row in range(many):
        ask, new = moved[row, 0], moved[row, 1]
        moved[row, 1] = board.place[ask]
        shift(board, ask, new)


@bare
def energy(board: Board, penalty: int) -> int:
    """Return a plan's energy."""
    return int(board.totals[COST] * SHADES + (board.totals[OVER] + board.totals[BEYOND]) * penalty)


@bare
def anneal(board: Board, desk: Desk, heat: int, penalty: int, moves: int) -> None:
    """Try so many moves at one heat, in `chance.ONE` parts of a shade, and one penalty, in shades.

    A plan that exceeds nothing and is cheaper than the best is kept; of a large instance only the
    last one, as copying takes longer than searching there.
    """
    copying = len(board.place) <= MOST_COPIED
    moved, troubled, renewal = desk.moved, 0, 0
    for move in range(moves):
        if move == renewal:
            troubled = list_trouble(board, desk.listed)
            renewal += max(_LOOK_AGAIN, len(board.place) // 4)
        start = begin(desk.seeds, desk.listed, troubled)
        many, change = propose(board, desk.seeds, moved, start, penalty)
        if many == 0:
            continue
        limit = tail(desk.seeds, desk.tails, heat)
        if many > 0 and change > limit:
            continue
        before = energy(board, penalty)
        change_places(board, moved, abs(many))
        if many < 0 and energy(board, penalty) - before > limit:
            change_places(board, moved, -many)
        elif copying:
            keep(board, desk)
    keep(board, desk)


@bare
def begin(seeds: Seeds, listed: Ints, troubled: int) -> int:
    """Draw the ask that a move starts from: mostly one of those listed, or any."""
    if troubled > 0 and draw(seeds, 100) < _TROUBLED:
        return int(listed[draw(seeds, troubled)])
    return draw(seeds, len(listed))


@bare
def keep(board: Board, desk: Desk) -> None:
    """Keep the plan if it exceeds nothing and is cheaper than the best so far."""
    if board.totals[OVER] + board.totals[BEYOND] == 0 and board.totals[COST] < desk.best_cost[0]:
        desk.best_cost[0] = board.totals[COST]
        for ask in range(len(board.place)):
            desk.best[ask] = board.place[ask]
