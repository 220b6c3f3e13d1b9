"""Simulated annealing over plans that may exceed capacities at a price.

Dearer plans are accepted with a chance that may fall from step to step, after Kirkpatrick, Gelatt
and Vecchi, "Optimization by simulated annealing" (Science 220, 1983). Units above a capacity cost a
penalty: on tight instances feasible plans lie far apart, and the way from one to the next leads
over plans that are not.
"""

from scheduler.compiled import bare
from scheduler.planner.chance import Seeds, draw, tail
from scheduler.planner.instance import Ints
from scheduler.planner.search.choices import LOOK, look, make
from scheduler.planner.search.desk import Desk, Terms, keep
from scheduler.planner.search.moves import list_trouble
from scheduler.planner.search.state import MARKED, Board
from scheduler.planner.search.trials import attempt

MOST_COPIED = 20_000
"""Asks of the largest instance whose every best plan is kept."""

_TROUBLED = 90
"""Of a hundred moves, those that start where something is amiss."""
_BLIND = 83
"""Per cent of the heat for moves drawn blindly, that cannot prefer what saves."""
_LOOK_AGAIN = 256
"""Asks drawn, at least, after which the list of such asks is renewed."""


@bare
def anneal(board: Board, desk: Desk, heat: int, penalty: int, moves: int) -> None:
    """Try so many moves at one heat, in `chance.ONE` parts of a shade, and one penalty, in shades.

    A plan that exceeds nothing and is cheaper than the best is kept; of a large instance only the
    last one, as copying takes longer than searching there.
    """
    copying = len(board.place) <= MOST_COPIED
    troubled, renewal = 0, 0
    while moves > 0:
        if renewal == 0:
            troubled = list_trouble(board, desk.listed)
            renewal = max(_LOOK_AGAIN, len(board.place) // 4)
        renewal -= 1
        ask = begin(desk.seeds, desk.listed, troubled)
        limit = tail(desk.seeds, desk.tails, heat)
        if board.ties[board.ask_group[ask]] & MARKED:
            moves -= 1
            terms = Terms(limit * _BLIND // 100, penalty)
            moved = attempt(board, desk, ask, terms)
        else:
            moves -= LOOK
            moved = look(board, desk, ask, Terms(limit, penalty))
            if moved:
                make(board, desk, ask)
        if moved and copying:
            keep(board, desk)
    keep(board, desk)


@bare
def begin(seeds: Seeds, listed: Ints, troubled: int) -> int:
    """Draw the ask that a move starts from: mostly one of those listed, or any."""
    if troubled > 0 and draw(seeds, 100) < _TROUBLED:
        return int(listed[draw(seeds, troubled)])
    return draw(seeds, len(listed))
