"""How plans are compared, and the one integer price list that means the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.planner.board import Board
from scheduler.planner.index import Index
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """Terms in the order in which they count; less is better."""

    must_unplaced: int
    pinned_unplaced: int
    objective: int
    weight_unplaced: int


@dataclass(frozen=True, slots=True)
class PriceList:
    """Integer prices whose sum orders plans as `Score` does.

    A month costs `month`, an entry `entry`, leaving ask `a` out `unplaced[a]`. One point
    of the objective outweighs all weights together, one pinned ask outweighs the dearest
    objective, one statutory ask outweighs all pinned ones.
    """

    month: int
    entry: int
    unplaced: dict[int, int]
    pinned: int
    must: int


def score_of(board: Board) -> Score:
    """Score the plan on the board."""
    index = board.index
    left_out = board.unplaced()
    months = sum(option.months for option in board.chosen if option is not None)
    return Score(
        sum(index.asks[ask].must for ask in left_out),
        sum(index.asks[ask].pinned is not None for ask in left_out),
        ENTRY_COST * len(board.guests) + UNPLACED_COST * len(left_out) + months,
        sum(index.asks[ask].weight for ask in left_out),
    )


def price_list(index: Index, asks: Iterable[int]) -> PriceList:
    """Prices for choosing the days of these asks while all others stay."""
    free = sorted(asks)
    point = 1 + sum(index.asks[ask].weight for ask in free)
    dearest = sum(
        UNPLACED_COST
        + ENTRY_COST
        + max((option.months for option in index.options[ask]), default=0)
        for ask in free
    )
    pinned = point * (dearest + 1)
    must = pinned * (1 + sum(index.asks[ask].pinned is not None for ask in free))
    unplaced = {
        ask: UNPLACED_COST * point
        + index.asks[ask].weight
        + pinned * (index.asks[ask].pinned is not None)
        + must * index.asks[ask].must
        for ask in free
    }
    return PriceList(point, ENTRY_COST * point, unplaced, pinned, must)
