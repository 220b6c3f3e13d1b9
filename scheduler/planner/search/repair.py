"""Making a plan keep all capacities and limits again, at little cost."""

from scheduler.compiled import bare
from scheduler.planner.instance import NOWHERE
from scheduler.planner.search.desk import Desk
from scheduler.planner.search.moves import energy
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
    Board,
    shift,
)


@bare
def cheapest(board: Board, ask: int, penalty: int) -> tuple[int, int]:
    """Return where else the ask stands cheapest, and the energy of the plan then."""
    old = board.place[ask]
    choice, least = old, 0
    for option in range(board.option_first[ask] - 1, board.option_first[ask + 1]):
        new = NOWHERE if option < board.option_first[ask] else option
        if new == old:
            continue
        shift(board, ask, new)
        found = energy(board, penalty)
        if choice == old or found < least:
            choice, least = new, found
    shift(board, ask, old)
    return choice, least


@bare
def relieve(board: Board, desk: Desk, penalty: int) -> None:
    """Move asks out of department-days above capacity, each time the cheapest to move.

    `penalty` must be dearer than any move; then nothing else is exceeded instead.
    """
    for box in range(len(board.bins)):
        while board.bins[box, LOAD] > board.bins[box, UNITS]:
            crowd = board.bins[box, CROWD]
            ask = len(board.place) + box
            for at in range(crowd):
                ask = board.links[ask, AFTER]
                desk.listed[at] = ask
            mover, choice, least = -1, NOWHERE, 0
            for at in range(crowd):
                ask = desk.listed[at]
                new, found = cheapest(board, ask, penalty)
                takes = board.options[board.place[ask], USE] > 0
                if takes and (mover < 0 or found < least):
                    mover, choice, least = ask, new, found
            shift(board, mover, choice)


@bare
def dim(board: Board) -> None:
    """Leave out asks until no counter exceeds its limit."""
    for ask in range(len(board.place) - 1, -1, -1):
        if board.totals[BEYOND] == 0:
            return
        option = board.place[ask]
        if option == NOWHERE:
            continue
        exceeds = False
        for at in range(board.mark_first[option], board.mark_first[option + 1]):
            counter = board.lamps[board.marks[at], COUNTER]
            exceeds |= board.counters[counter, LIT] > board.counters[counter, LIMIT]
        if exceeds:
            shift(board, ask, NOWHERE)


@bare
def descend(board: Board, penalty: int) -> None:
    """Move each ask to where it stands cheapest, once, in order."""
    for ask in range(len(board.place)):
        if board.option_first[ask] == board.option_first[ask + 1]:
            continue
        new, found = cheapest(board, ask, penalty)
        if found < energy(board, penalty):
            shift(board, ask, new)
