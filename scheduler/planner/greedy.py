"""A first plan: what must be placed first, then whole enterprises, then what is left.

Also the last pass over any plan: whoever still fits somewhere is placed, so that the
reason given for everyone else is true.
"""

from hashlib import blake2b

from scheduler.planner.board import Board
from scheduler.planner.index import Index, Option
from scheduler.planner.problem import ENTRY_COST


def first_plan(index: Index, seed: int) -> Board:
    """Build a plan in one pass over the enterprises, largest bundle first."""
    board = Board(index)
    order = sorted(range(len(index.groups)), key=lambda group: _urgency(index, group, seed))
    for firm in (_is_must, _is_pinned, _is_any):
        for group in order:
            _place_bundle(board, [a for a in index.groups[group] if firm(index, a)])
    fill(board)
    return board


def fill(board: Board) -> None:
    """Place every ask that still fits somewhere, the most urgent first."""
    for ask in sorted(board.unplaced(), key=lambda ask: _rank(board.index, ask)):
        fitting = [option for option in board.index.options[ask] if board.fits(ask, option)]
        if fitting:
            board.put(ask, min(fitting, key=lambda option: _cost(board, ask, option)))


def _place_bundle(board: Board, asks: list[int]) -> None:
    """Give the asks of one enterprise as few days as the room left allows."""
    waiting = [ask for ask in asks if board.chosen[ask] is None]
    while waiting:
        days = sorted({option.day for ask in waiting for option in board.index.options[ask]})
        trials = [trial for day in days if (trial := _try_day(board, waiting, day)).placed]
        if not trials:
            return
        best = min(trials, key=lambda trial: trial.key)
        for ask, option in best.placed:
            board.put(ask, option)
        waiting = [ask for ask in waiting if board.chosen[ask] is None]


class _Trial:
    """What a day could take of a bundle, and how good that is."""

    def __init__(self, placed: list[tuple[int, Option]], cost: int, crowd: float, day: int) -> None:
        self.placed = placed
        self.key = (-len(placed), cost, crowd, day)


def _try_day(board: Board, asks: list[int], day: int) -> _Trial:
    placed: list[tuple[int, Option]] = []
    cost, crowd = ENTRY_COST, 0.0
    for ask in sorted(asks, key=lambda ask: _rank(board.index, ask)):
        for option in board.index.options[ask]:
            if option.day == day and board.fits(ask, option):
                cost -= ENTRY_COST * (board.is_open(ask, option) and not placed)
                cost += option.months
                crowd = max(crowd, _crowd(board, option))
                board.put(ask, option)
                placed.append((ask, option))
    for ask, _ in placed:
        board.take(ask)
    return _Trial(placed, cost, crowd, day)


def _cost(board: Board, ask: int, option: Option) -> tuple[int, float, int]:
    entry = 0 if board.is_open(ask, option) else ENTRY_COST
    return entry + option.months, _crowd(board, option), option.day


def _crowd(board: Board, option: Option) -> float:
    return board.load[option.bin] / max(board.index.units[option.bin], 1)


def _rank(index: Index, ask: int) -> tuple[bool, bool, int, int, int, int]:
    """Most urgent first; of equals, the one that is hardest to fit."""
    a = index.asks[ask]
    return (not a.must, a.pinned is None, -a.weight, len(index.options[ask]), -a.duration, ask)


def _urgency(index: Index, group: int, seed: int) -> tuple[int, int, bytes]:
    members = index.groups[group]
    units = sum(index.asks[ask].duration for ask in members)
    name = index.asks[members[0]]
    tie = f"{seed}/{name.enterprise}/{name.party}".encode()
    return (-len(members), -units, blake2b(tie, digest_size=8).digest())


def _is_must(index: Index, ask: int) -> bool:
    return index.asks[ask].must


def _is_pinned(index: Index, ask: int) -> bool:
    return index.asks[ask].pinned is not None


def _is_any(index: Index, ask: int) -> bool:
    return bool(index.options[ask])
