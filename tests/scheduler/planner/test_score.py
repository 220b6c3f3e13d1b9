"""One integer price orders plans as their scores do."""

from hypothesis import given, settings

from scheduler.planner.board import Board
from scheduler.planner.index import Index, index_problem
from scheduler.planner.problem import Problem
from scheduler.planner.score import PriceList, Score, price_list, score_of
from tests.scheduler.planner.worlds import Placed, all_plans, small_problems


def board_of(index: Index, placed: Placed) -> Board:
    """The placements on a board."""
    days = {ask.id: day for ask, day in placed}
    board = Board(index)
    for number, ask in enumerate(index.asks):
        for option in index.options[number]:
            if index.days[option.day] == days.get(ask.id):
                board.put(number, option)
    return board


def price_of(board: Board, prices: PriceList) -> int:
    """The price of the whole plan."""
    left_out = sum(prices.unplaced[ask] for ask in board.unplaced())
    months = sum(option.months for option in board.chosen if option is not None)
    return left_out + months * prices.month + len(board.guests) * prices.entry


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_problems(most_asks=4))
def test_prices_order_plans_as_scores_do(problem: Problem) -> None:
    """Tests all plans of a small world, statutory and pinned asks left out included."""
    index = index_problem(problem)
    prices = price_list(index, range(len(index.asks)))
    boards = [board_of(index, placed) for placed in all_plans(problem)]
    by_price = sorted(boards, key=lambda board: price_of(board, prices))
    scores: list[Score] = [score_of(board) for board in by_price]
    assert scores == sorted(scores)
