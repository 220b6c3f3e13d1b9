"""What all moves of the local search have in common: where to start, where to aim, what plans cost.

Energy is counted in `SHADES` of a point: the plan's points, and a penalty for each unit above a
capacity or mark above a limit.
"""

from scheduler.compiled import bare
from scheduler.planner.chance import Seeds, draw
from scheduler.planner.instance import NOWHERE, Ints
from scheduler.planner.search.state import (
    BEYOND,
    BIN,
    COST,
    DAY,
    LOAD,
    OVER,
    UNITS,
    VISIT,
    Board,
    option_on,
)

SHADES = 16
"""Parts of a point, in which energies are counted."""


@bare
def aim(board: Board, seeds: Seeds, ask: int, group: int) -> int:
    """Draw another option of the ask: half the time one that joins another visit of its group.

    Only its own if there is no other.
    """
    old, first = board.place[ask], board.option_first[ask]
    others = board.option_first[ask + 1] - first - (old != NOWHERE)
    if others <= 0:
        return int(old)
    start = board.group_first[group]
    dice = draw(seeds, 2 * (board.group_first[group + 1] - start))
    mate = board.place[start + dice // 2]
    if dice & 1 and mate != NOWHERE:
        joining = option_on(board, ask, board.options[mate, DAY])
        if joining != NOWHERE and joining != old:  # noqa: PLR1714 - a set is slow when compiled
            return int(joining)
    new = first + draw(seeds, others)
    return int(new + (first <= old <= new))


@bare
def energy(board: Board, penalty: int) -> int:
    """Return a plan's energy."""
    return int(board.totals[COST] * SHADES + (board.totals[OVER] + board.totals[BEYOND]) * penalty)


@bare
def excess(load: int, units: int, more: int) -> int:
    """Return by how much the units above capacity change if so many more are taken."""
    return max(load + more - units, 0) - max(load - units, 0)


@bare
def list_trouble(board: Board, listed: Ints) -> int:
    """List asks left out, on days above capacity, or of groups visited more than once.

    Returns how many these are. Moves that start here are worth several others on tight instances
    (as focused Metropolis search is: Seitz, Alava and Orponen, J. Stat. Mech. 2005, P06006).
    """
    many = 0
    for group in range(len(board.group_first) - 1):
        visit, split = -1, False
        for ask in range(board.group_first[group], board.group_first[group + 1]):
            if board.place[ask] != NOWHERE:
                split |= visit >= 0 and visit != board.options[board.place[ask], VISIT]
                visit = board.options[board.place[ask], VISIT]
        for ask in range(board.group_first[group], board.group_first[group + 1]):
            troubled = split or board.place[ask] == NOWHERE
            if not troubled:
                box = board.options[board.place[ask], BIN]
                troubled = board.bins[box, LOAD] > board.bins[box, UNITS]
            if troubled and board.option_first[ask] < board.option_first[ask + 1]:
                listed[many] = ask
                many += 1
    return many
