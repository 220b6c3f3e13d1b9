"""What the search keeps beside the plan: the move it considers, and the best plan so far."""

from typing import NamedTuple

import numpy as np

from scheduler.compiled import bare
from scheduler.planner.chance import TAILS, Seeds, seeds_of
from scheduler.planner.instance import Ints, Points
from scheduler.planner.search.state import BEYOND, COST, OVER, Board

MOST_TOGETHER = 64
"""Groups of more asks move ask by ask only."""


class Terms(NamedTuple):
    """What a move may add to the energy, and the energy of a unit above a capacity."""

    limit: int
    penalty: int


class Desk(NamedTuple):
    """What the search keeps beside the plan.

    Parameters
    ----------
    moved, chosen
        The move under consideration (`trials`, `choices`).
    listed
        Asks where something is amiss.
    best, best_cost
        The cheapest plan so far that exceeds nothing, and its points.
    """

    seeds: Seeds
    tails: Points
    moved: Ints
    chosen: Points
    listed: Ints
    best: Ints
    best_cost: Points


def desk_of(board: Board, seed: int, dearest: int) -> Desk:
    """Return an empty desk; plans are kept if cheaper than `dearest`."""
    return Desk(
        seeds=seeds_of(seed),
        tails=TAILS,
        moved=np.empty((MOST_TOGETHER + 2, 2), np.int32),
        chosen=np.empty(5, np.int64),
        listed=np.empty_like(board.place),
        best=board.place.copy(),
        best_cost=np.array([dearest], np.int64),
    )


@bare
def keep(board: Board, desk: Desk) -> None:
    """Keep the plan if it exceeds nothing and is cheaper than the best so far."""
    if board.totals[OVER] + board.totals[BEYOND] == 0 and board.totals[COST] < desk.best_cost[0]:
        desk.best_cost[0] = board.totals[COST]
        for ask in range(len(board.place)):
            desk.best[ask] = board.place[ask]
