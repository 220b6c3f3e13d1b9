"""Moves that are known only by making them: of groups whose options light marks.

A mark is lit by the first of several options and counted against a limit, so what a move changes is
not a sum over its asks. A move is a list of (ask, option): `Desk.moved` holds it, one row each.
"""

from scheduler.compiled import bare, inlined
from scheduler.planner.chance import Seeds, draw
from scheduler.planner.instance import NOWHERE, Ints
from scheduler.planner.search.desk import MOST_TOGETHER, Desk, Terms
from scheduler.planner.search.moves import aim, energy
from scheduler.planner.search.state import AFTER, BIN, CROWD, DAY, VISIT, Board, option_on, shift

_KINDS = 128
_LEAVE, _SINGLE, _SWAP, _VISIT = 1, 20, 95, 125
"""Of so many moves: leaves one out, moves one, exchanges two, moves a visit; else: a whole group."""


@inlined
def attempt(board: Board, desk: Desk, ask: int, terms: Terms) -> bool:
    """Draw a move of the ask, and make it if that adds at most a limit to the energy."""
    moved = desk.moved
    many = propose(board, desk.seeds, moved, ask)
    if many == 0:
        return False
    before = energy(board, terms.penalty)
    change_places(board, moved, many)
    if energy(board, terms.penalty) - before <= terms.limit:
        return True
    change_places(board, moved, many)
    return False


@inlined
def propose(board: Board, seeds: Seeds, moved: Ints, ask: int) -> int:
    """Draw a move of the ask into `moved`: how many asks it has."""
    if board.option_first[ask] == board.option_first[ask + 1]:
        return 0
    kind = draw(seeds, _KINDS)
    old = board.place[ask]
    moved[0, 0] = ask
    if kind < _LEAVE:
        moved[0, 1] = NOWHERE
        return int(old != NOWHERE)
    group = board.ask_group[ask]
    new = aim(board, seeds, ask, group)
    moved[0, 1] = new
    if new == old:
        return 0
    if old == NOWHERE or kind < _SINGLE:
        return 1
    if kind < _SWAP:
        return 2 * partner(board, seeds, moved)
    visit = board.options[old, VISIT] if kind < _VISIT else NOWHERE
    return gather(board, moved, group, visit)


@inlined
def gather(board: Board, moved: Ints, group: int, visit: int) -> int:
    """Propose that a visit of the group, or if NOWHERE the whole group, goes where `moved` wants to."""
    asks = (board.group_first[group], board.group_first[group + 1])
    if asks[1] - asks[0] > MOST_TOGETHER:
        return 0
    return max(0, together(board, moved, asks, visit, board.options[moved[0, 1], DAY]))


@inlined
def change_places(board: Board, moved: Ints, many: int) -> None:
    """Make the move, and turn `moved` into the way back."""
    for row in range(many):
        ask, new = moved[row, 0], moved[row, 1]
        moved[row, 1] = board.place[ask]
        shift(board, ask, new)


@bare
def partner(board: Board, seeds: Seeds, moved: Ints) -> bool:
    """Draw who in the bin of the first move's option goes where the first ask stands; or none."""
    box = board.options[moved[0, 1], BIN]
    crowd = board.bins[box, CROWD]
    if crowd == 0:
        return False
    other = len(board.place) + box
    for _ in range(1 + draw(seeds, crowd)):
        other = board.links[other, AFTER]
    old = board.place[moved[0, 0]]
    back = option_on(board, other, board.options[old, DAY])
    if back == NOWHERE or board.options[back, BIN] != board.options[old, BIN]:
        return False
    moved[1, 0], moved[1, 1] = other, back
    return True


@bare
def together(board: Board, moved: Ints, asks: tuple[int, int], visit: int, day: int) -> int:
    """List in `moved` a group's asks (first, end) to one day: those of a visit, or all if -1.

    Returns how many these are; -1 if an ask of the visit cannot follow.
    """
    many = 0
    for ask in range(asks[0], asks[1]):
        old = board.place[ask]
        if visit >= 0 and (old == NOWHERE or board.options[old, VISIT] != visit):
            continue
        new = option_on(board, ask, day)
        if new == NOWHERE:
            if visit >= 0:
                return -1
            continue
        if new != old:
            moved[many, 0], moved[many, 1] = ask, new
            many += 1
    return many
