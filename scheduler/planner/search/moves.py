"""What the local search may do to a plan, and what each move would change, without doing it.

A move is a list of (ask, option): `moved` holds it, one row each. Energy is counted in `SHADES` of
a point: the plan's points, and a penalty for each unit above a capacity or mark above a limit.
"""

from scheduler.compiled import bare
from scheduler.planner.chance import Seeds, draw
from scheduler.planner.instance import NOWHERE, Ints
from scheduler.planner.search.state import (
    AFTER,
    BIN,
    COUNT,
    CROWD,
    DAY,
    LOAD,
    PRICE,
    UNITS,
    VISIT,
    Board,
    option_on,
    use_of,
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
def excess(load: int, units: int, more: int) -> int:
    """Return by how much the units above capacity change if so many more are taken."""
    return max(load + more - units, 0) - max(load - units, 0)


@bare
def change_of_one(board: Board, old: int, new: int, penalty: int) -> int:
    """Return the energy that an ask's move from one option to one of another day adds."""
    left, opened = board.options[old, VISIT], board.options[new, VISIT]
    points = (
        board.price[new]
        - board.price[old]
        + board.visits[opened, PRICE] * (board.visits[opened, COUNT] == 0)
        - board.visits[left, PRICE] * (board.visits[left, COUNT] == 1)
    )
    here, there = board.options[old, BIN], board.options[new, BIN]
    over = excess(board.bins[here, LOAD], board.bins[here, UNITS], -use_of(board, old)) + excess(
        board.bins[there, LOAD], board.bins[there, UNITS], use_of(board, new)
    )
    return int(points * SHADES + over * penalty)


@bare
def change_of_swap(board: Board, moved: Ints, old: int, other: int, penalty: int) -> int:
    """Return the energy added if two asks of two groups exchange their department-days.

    `moved` has both, `old` and `other` are the options they leave.
    """
    new, back = moved[0, 1], moved[1, 1]
    points = board.price[new] - board.price[old] + board.price[back] - board.price[other]
    for gone in (board.options[old, VISIT], board.options[other, VISIT]):
        points -= board.visits[gone, PRICE] * (board.visits[gone, COUNT] == 1)
    for come in (board.options[new, VISIT], board.options[back, VISIT]):
        points += board.visits[come, PRICE] * (board.visits[come, COUNT] == 0)
    here, there = board.options[old, BIN], board.options[new, BIN]
    over = excess(
        board.bins[here, LOAD],
        board.bins[here, UNITS],
        use_of(board, back) - use_of(board, old),
    ) + excess(
        board.bins[there, LOAD],
        board.bins[there, UNITS],
        use_of(board, new) - use_of(board, other),
    )
    return int(points * SHADES + over * penalty)


@bare
def change_of_visit(board: Board, moved: Ints, many: int, penalty: int) -> int:
    """Return the energy added if all asks of a visit, of as many departments, change its day."""
    old, new = board.place[moved[0, 0]], moved[0, 1]
    left, opened = board.options[old, VISIT], board.options[new, VISIT]
    points = (
        board.visits[opened, PRICE] * (board.visits[opened, COUNT] == 0) - board.visits[left, PRICE]
    )
    over = 0
    for row in range(many):
        old, new = board.place[moved[row, 0]], moved[row, 1]
        here, there = board.options[old, BIN], board.options[new, BIN]
        points += board.price[new] - board.price[old]
        over += excess(board.bins[here, LOAD], board.bins[here, UNITS], -use_of(board, old))
        over += excess(board.bins[there, LOAD], board.bins[there, UNITS], use_of(board, new))
    return int(points * SHADES + over * penalty)


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
