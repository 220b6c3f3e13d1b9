"""A move's price is the plan's change of price, and a move taken back leaves no trace."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.audit import hard_breaches
from scheduler.planner.board import Board
from scheduler.planner.greedy import first_plan
from scheduler.planner.index import index_problem
from scheduler.planner.moves import Mover
from scheduler.planner.problem import Problem
from scheduler.planner.score import PriceList, price_list
from tests.scheduler.planner.worlds import small_problems


def price_of(board: Board, prices: PriceList) -> int:
    """The price of the whole plan, reckoned from scratch."""
    left_out = sum(prices.unplaced[ask] for ask in board.unplaced())
    months = sum(option.months for option in board.chosen if option is not None)
    return left_out + months * prices.month + len(board.guests) * prices.entry


def state_of(board: Board) -> tuple[object, ...]:
    """All that the board remembers, in a form that ignores the order of events."""
    spare = [board.spare(counter) for counter in range(len(board.index.limits))]
    lit = [board.lit(mark) for mark in range(len(board.index.counter_of))]
    standing = [sorted(asks) for asks in board.standing]
    return (list(board.chosen), list(board.load), dict(board.guests), standing, spare, lit)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(small_problems(), st.integers(0, 10**6))
def test_moves_are_priced_rightly_and_undone_wholly(problem: Problem, seed: int) -> None:
    index = index_problem(problem)
    board, random = first_plan(index, seed), Random(seed)
    prices = price_list(index, range(len(index.asks)))
    mover = Mover(board, prices, random)
    for _ in range(6):
        before, price = state_of(board), price_of(board, prices)
        asks = list(random.choice(index.groups))
        change = mover.bring(asks, random.randrange(max(len(index.days), 1)))
        if change is None or random.random() < 0.5:
            mover.undo()
            assert state_of(board) == before
        else:
            assert price_of(board, prices) == price + change
        days = [
            (ask, index.days[option.day])
            for ask, option in zip(index.asks, board.chosen, strict=True)
            if option is not None
        ]
        assert hard_breaches(problem, days) == ()
