"""All that one ask could do next, and one of it that is cheap enough.

Where days are tight some 97 of 100 moves drawn blindly are refused. Looking at all moves of one ask
shares what they have in common, so it costs what four blind draws cost, something is found in one look of
four, and a move that saves is not passed over (docs/decisions/0230-all-moves-of-one-ask.md).

A move of a group whose options light marks changes more than a sum over its asks: such groups are
not looked at here but tried (`trials`).
"""

from typing import NamedTuple

import numpy as np

from scheduler.compiled import bare, inlined
from scheduler.planner.chance import draw
from scheduler.planner.instance import NOWHERE
from scheduler.planner.search.desk import MOST_TOGETHER, Desk, Terms
from scheduler.planner.search.moves import SHADES, aim, excess
from scheduler.planner.search.state import (
    AFTER,
    BIN,
    COUNT,
    CROWDED,
    DAY,
    LEAST,
    LOAD,
    MARKED,
    OUTSIDE,
    PRICE,
    REBATE,
    UNITS,
    VISIT,
    Board,
    option_on,
    outside_costs,
    shift,
    use_of,
)

LOOK = 4
"""Moves that a look counts as: so many blind draws cost as much."""
MOST_DAYS = 8
"""Options of an ask that a look goes through all."""
DRAWN = 3
"""Of more options, so many are drawn (`aim`)."""

FOUND, SAVING, OPTION, PARTNER, BACK = 0, 1, 2, 3, 4
"""Places in `Desk.chosen`: how many moves save most, how much that is, as a negative number, and of one
of them the ask's new option, who moves with it, and where the other of an exchange goes."""
_ALONE, _VISIT = -1, -2
"""Instead of a partner: the ask alone; all asks of its visit."""
_NEVER = 2**60
"""Energy of what cannot be."""
_VISITS_IN = 16
"""One look in so many goes through the moves of the whole visit, which are dear to reckon and rare."""


class Start(NamedTuple):
    """Where an ask stands, and what changes when it leaves.

    Parameters
    ----------
    old, box, day
        Its option, bin and day; of an ask that is left out NOWHERE.
    units, others, over
        The bin's capacity, what the others take of it, and what is taken beyond it now.
    points
        Points added by leaving: less its price, and its visit's if nobody else is there.
    """

    ask: int
    group: int
    old: int
    box: int
    day: int
    units: int
    others: int
    over: int
    points: int


@inlined
def start_of(board: Board, ask: int) -> Start:
    """Return where the ask stands."""
    old, box, day = wide(board.place[ask]), wide(NOWHERE), wide(NOWHERE)
    units, others, over = wide(0), wide(0), wide(0)
    if old == NOWHERE:
        points = -outside_costs(board, ask)
    else:
        box, day = wide(board.options[old, BIN]), wide(board.options[old, DAY])
        units, load = wide(board.bins[box, UNITS]), wide(board.bins[box, LOAD])
        others, over = load - use_of(board, old), max(load - units, 0)
        points = -board.price[old] - closing(board, old)
    group = wide(board.ask_group[ask])
    return Start(wide(ask), group, old, box, day, units, others, over, wide(points))


@inlined
def wide(number: int) -> int:
    """Return a number as 64 bits with a sign: all of a `Start` are of one type."""
    return np.int64(number)  # type: ignore[return-value]


@inlined
def offer(desk: Desk, change: int, option: int, partner: int, back: int) -> None:
    """Take this move instead of the one chosen so far if it saves more, or as much and chance says so.

    What adds to the energy counts as saving nothing: else a search would hardly ever climb.
    """
    saving = min(change, 0)
    if desk.chosen[FOUND] == 0 or saving < desk.chosen[SAVING]:
        desk.chosen[FOUND], desk.chosen[SAVING] = 0, saving
    if saving == desk.chosen[SAVING]:
        desk.chosen[FOUND] += 1
        if draw(desk.seeds, desk.chosen[FOUND]) == 0:
            desk.chosen[OPTION], desk.chosen[PARTNER], desk.chosen[BACK] = option, partner, back


@bare
def look(board: Board, desk: Desk, ask: int, terms: Terms) -> bool:
    """Choose one of the ask's moves that add at most a limit to the energy: one that saves most.

    Returns whether there is one. Moves that save nothing have equal chances. Of an ask that is left
    out the partner is who goes out instead.
    """
    desk.chosen[FOUND] = 0
    first = board.option_first[ask]
    many = board.option_first[ask + 1] - first
    if many == 0:
        return False
    start = start_of(board, ask)
    size = board.group_first[start.group + 1] - board.group_first[start.group]
    whole = start.old != NOWHERE and size <= MOST_TOGETHER and draw(desk.seeds, _VISITS_IN) == 0
    leave(board, desk, start, terms)
    few = many <= MOST_DAYS
    for number in range(many if few else DRAWN):
        new = first + number if few else aim(board, desk.seeds, ask, start.group)
        if new == start.old:
            continue
        enter(board, desk, start, new, terms)
        if whole:
            change = change_of_visit(board, start, new, terms.penalty)
            if change <= terms.limit:
                offer(desk, change, new, _VISIT, NOWHERE)
    return bool(desk.chosen[FOUND] > 0)


@inlined
def leave(board: Board, desk: Desk, start: Start, terms: Terms) -> None:
    """Offer that the ask is left out."""
    if start.old != NOWHERE:
        department = board.ask_department[start.ask]
        paid = board.departments[department, OUTSIDE] < board.departments[department, LEAST]
        points = (
            start.points + board.leave[start.ask] - board.departments[department, REBATE] * paid
        )
        over = max(start.others - start.units, 0) - start.over
        change = points * SHADES + over * terms.penalty
        if change <= terms.limit:
            offer(desk, change, NOWHERE, _ALONE, NOWHERE)


@inlined
def enter(board: Board, desk: Desk, start: Start, new: int, terms: Terms) -> None:
    """Offer that the ask takes a new option, alone or in exchange for one that stands there."""
    there = board.options[new, BIN]
    before = max(board.bins[there, LOAD] - board.bins[there, UNITS], 0) + start.over
    full = board.bins[there, LOAD] + use_of(board, new) - board.bins[there, UNITS]
    points = start.points + board.price[new] + opening(board, new)
    over = max(start.others - start.units, 0) + max(full, 0) - before
    change = points * SHADES + over * terms.penalty
    if change <= terms.limit:
        offer(desk, change, new, _ALONE, NOWHERE)
    end = len(board.place) + there
    other = board.links[end, AFTER]
    while other != end:
        theirs = board.place[other]
        over = max(full - use_of(board, theirs), 0) - before
        more = -board.price[theirs] - closing(board, theirs)
        back = NOWHERE
        if start.old == NOWHERE:
            more += outside_costs(board, start.ask) + board.leave[other] - board.leave[start.ask]
        else:
            back = option_on(board, other, start.day)
            if back != NOWHERE:
                over += max(start.others + use_of(board, back) - start.units, 0)
                more += board.price[back] + opening(board, back)
        change = (points + more) * SHADES + over * terms.penalty
        if change <= terms.limit and exchanges(board, start, other, back):
            offer(desk, change, new, other, back)
        other = board.links[other, AFTER]


@inlined
def exchanges(board: Board, start: Start, other: int, back: int) -> bool:
    """Whether the other can take the ask's place, and both together change no more than their sum."""
    group = board.ask_group[other]
    if group == start.group or board.ties[group] & MARKED:
        return False
    return start.old == NOWHERE or (back != NOWHERE and board.options[back, BIN] == start.box)


@inlined
def opening(board: Board, option: int) -> int:
    """Return the price of the option's visit if nobody is there."""
    visit = board.options[option, VISIT]
    return board.visits[visit, PRICE] * (board.visits[visit, COUNT] == 0)  # type: ignore[no-any-return]


@inlined
def closing(board: Board, option: int) -> int:
    """Return the price of the option's visit if one ask is there."""
    visit = board.options[option, VISIT]
    return board.visits[visit, PRICE] * (board.visits[visit, COUNT] == 1)  # type: ignore[no-any-return]


@inlined
def change_of_visit(board: Board, start: Start, new: int, penalty: int) -> int:
    """Return the energy added if all asks of the visit go to the new option's day; `_NEVER` if one cannot."""
    first, end = board.group_first[start.group], board.group_first[start.group + 1]
    visit, day = board.options[start.old, VISIT], board.options[new, DAY]
    points, over = opening(board, new) - board.visits[visit, PRICE], 0
    for ask in range(first, end):
        old = board.place[ask]
        if old != NOWHERE and board.options[old, VISIT] == visit:
            come = option_on(board, ask, day)
            if come == NOWHERE:
                return _NEVER
            points += board.price[come] - board.price[old]
            over += moved_with(board, (first, end), ask, day)
    return points * SHADES + over * penalty  # type: ignore[no-any-return]


@inlined
def moved_with(board: Board, asks: tuple[int, int], ask: int, day: int) -> int:
    """Return the units above capacities added if an ask and all of its group in its bin change the day.

    Nothing if it is not the first of them: they were counted with that one.
    """
    old = board.place[ask]
    come = option_on(board, ask, day)
    here, there = board.options[old, BIN], board.options[come, BIN]
    gone, more = use_of(board, old), use_of(board, come)
    if board.ties[board.ask_group[ask]] & CROWDED:
        for mate in range(asks[0], asks[1]):
            at = board.place[mate]
            if mate != ask and at != NOWHERE and board.options[at, BIN] == here:
                if mate < ask:
                    return 0
                gone += use_of(board, at)
                more += use_of(board, option_on(board, mate, day))
    return excess(board.bins[here, LOAD], board.bins[here, UNITS], -gone) + excess(
        board.bins[there, LOAD], board.bins[there, UNITS], more
    )


@bare
def make(board: Board, desk: Desk, ask: int) -> None:
    """Make the chosen move of the ask."""
    old, new = board.place[ask], desk.chosen[OPTION]
    if desk.chosen[PARTNER] == _VISIT:
        group, visit = board.ask_group[ask], board.options[old, VISIT]
        day = board.options[new, DAY]
        for mate in range(board.group_first[group], board.group_first[group + 1]):
            at = board.place[mate]
            if at != NOWHERE and board.options[at, VISIT] == visit:
                shift(board, mate, option_on(board, mate, day))
        return
    if desk.chosen[PARTNER] != _ALONE:
        shift(board, desk.chosen[PARTNER], desk.chosen[BACK])
    shift(board, ask, new)
