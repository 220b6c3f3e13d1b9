"""What a look chooses, held against all moves of an ask reckoned afresh."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.instance import NOWHERE, Instance, Ints
from scheduler.planner.search.choices import FOUND, look, make
from scheduler.planner.search.desk import Desk, Terms, desk_of
from scheduler.planner.search.moves import SHADES
from scheduler.planner.search.shortfalls import shortfalls
from scheduler.planner.search.state import MARKED, Board, board_of
from tests.scheduler.planner.search.instances import instances, paid_already, reckoned

PENALTY = 37


@settings(deadline=None, max_examples=150)
@given(instances(most_asks=12, most_days=4), st.integers(0, 2**32 - 1), st.integers(-60, 60))
def test_a_look_finds_the_move_of_an_ask_that_saves_most_if_any_is_cheap_enough(
    instance: Instance, seed: int, points: int
) -> None:
    chance, limit = np.random.default_rng(seed), points * SHADES
    board = board_of(instance, _anywhere(instance, chance), shortfalls(instance))
    desk = desk_of(board, seed, 0)
    for ask in range(instance.asks):
        if board.ties[board.ask_group[ask]] & MARKED:
            continue
        start, before = board.place.copy(), _energy(instance, board.place)
        alone, visits = (
            {plan: _energy(instance, np.array(plan)) - before for plan in plans}
            for plans in (_moves(instance, board, ask), _visits(instance, board, ask))
        )
        best = [_best(moves, limit) for moves in (alone, alone | visits)]
        found = look(board, desk, ask, Terms(limit=limit, penalty=PENALTY))
        assert found == (desk.chosen[FOUND] > 0)
        if found:
            make(board, desk, ask)
            assert tuple(board.place.tolist()) in best[0] + best[1]
            assert (board.place != start).any()
        else:
            assert not best[0]


def _best(moves: dict[tuple[int, ...], int], limit: int) -> list[tuple[int, ...]]:
    """Of moves that add no more than the limit, those that save most; all if none saves."""
    cheap = {plan: min(change, 0) for plan, change in moves.items() if change <= limit}
    return [plan for plan, change in cheap.items() if change == min(cheap.values())]


@settings(deadline=None, max_examples=60)
@given(instances(most_asks=12), st.integers(0, 2**32 - 1))
def test_looks_that_take_everything_reach_every_place_of_an_ask(
    instance: Instance, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    board = board_of(instance, _anywhere(instance, chance))
    desk = desk_of(board, seed, 0)
    ask = int(chance.integers(max(1, instance.asks)))
    if not instance.asks or board.ties[board.ask_group[ask]] & MARKED:
        return
    seen = _places_seen(board, desk, ask)
    first, end = instance.option_first[ask : ask + 2].tolist()
    assert seen == ({NOWHERE, *range(first, end)} if first < end else {NOWHERE})


def _places_seen(board: Board, desk: Desk, ask: int) -> set[int]:
    seen = {int(board.place[ask])}
    for _ in range(400):
        if look(board, desk, ask, Terms(limit=2**40, penalty=PENALTY)):
            make(board, desk, ask)
        seen.add(int(board.place[ask]))
    return seen


def _anywhere(instance: Instance, chance: np.random.Generator) -> Ints:
    """A place for each ask, a tenth of them outside."""
    places = np.full(instance.asks, NOWHERE, np.int32)
    for ask in range(instance.asks):
        first, end = instance.option_first[ask : ask + 2].tolist()
        if first < end and chance.random() < 0.9:
            places[ask] = chance.integers(first, end)
    return places


def _energy(instance: Instance, places: Ints) -> int:
    points, over, beyond = reckoned(instance, places)
    points += paid_already(instance, places, shortfalls(instance))
    return points * SHADES + (over + beyond) * PENALTY


def _moves(instance: Instance, board: Board, ask: int) -> Iterator[tuple[int, ...]]:
    """Plans after the ask left, moved alone, or exchanged places with one of another group."""
    old = int(board.place[ask])
    first, end = instance.option_first[ask : ask + 2].tolist()
    if old != NOWHERE:
        yield _with(board, {ask: NOWHERE})
    for new in range(first, end):
        if new == old:
            continue
        yield _with(board, {ask: new})
        for other, back in _exchanges(instance, board, ask, new):
            yield _with(board, {ask: new, other: back})


def _exchanges(instance: Instance, board: Board, ask: int, new: int) -> Iterator[tuple[int, int]]:
    """Asks of other groups that stand where the ask wants to, and where each goes instead."""
    old, group = int(board.place[ask]), instance.ask_group[ask]
    for other, place in enumerate(board.place.tolist()):
        theirs = instance.ask_group[other]
        tied = theirs == group or board.ties[theirs] & MARKED
        if place == NOWHERE or tied or not _same_bin(instance, place, new):
            continue
        if old == NOWHERE:
            yield other, NOWHERE
            continue
        options = range(*instance.option_first[other : other + 2].tolist())
        yield from ((other, back) for back in options if _same_bin(instance, back, old))


def _visits(instance: Instance, board: Board, ask: int) -> Iterator[tuple[int, ...]]:
    """Plans after all asks of the ask's visit went to another day that it can have."""
    old = int(board.place[ask])
    first, end = instance.option_first[ask : ask + 2].tolist()
    if old == NOWHERE:
        return
    visit = instance.option_visit[old]
    mates = [
        mate
        for mate, place in enumerate(board.place.tolist())
        if place != NOWHERE and instance.option_visit[place] == visit
    ]
    for new in range(first, end):
        if new == old:
            continue
        moved = {
            mate: option
            for mate in mates
            for option in range(*instance.option_first[mate : mate + 2].tolist())
            if instance.option_day[option] == instance.option_day[new]
        }
        if len(moved) == len(mates):
            yield _with(board, moved)


def _same_bin(instance: Instance, one: int, other: int) -> bool:
    return bool(instance.option_bin[one] == instance.option_bin[other])


def _with(board: Board, moved: dict[int, int]) -> tuple[int, ...]:
    places = board.place.tolist()
    for ask, option in moved.items():
        places[ask] = option
    return tuple(places)
