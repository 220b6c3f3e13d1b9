"""The first plan and the last pass."""

from hypothesis import given, settings

from scheduler.planner.board import Board
from scheduler.planner.greedy import fill, first_plan
from scheduler.planner.index import index_problem
from scheduler.planner.problem import Problem
from tests.scheduler.planner.worlds import FRIDAY, MONDAY, an_ask, capacities, small_problems


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_problems())
def test_after_the_last_pass_nobody_fits(problem: Problem) -> None:
    """Tests from an empty board, and from one that lost an ask."""
    index = index_problem(problem)
    board = Board(index)
    for lost in (None, *range(len(index.asks))):
        if lost is not None:
            board.take(lost)
        fill(board)
        assert not any(
            board.fits(ask, option) for ask in board.unplaced() for option in index.options[ask]
        )


def test_the_last_pass_joins_a_visit_rather_than_open_one() -> None:
    """Tests that tax joins fire on Monday, though its own Friday is as empty."""
    asks = (an_ask("a", days=(MONDAY,)), an_ask("b", department="tax", days=(FRIDAY, MONDAY)))
    index = index_problem(Problem(asks=asks, capacities=tuple(capacities(1, "fire", "tax"))))
    board = Board(index)
    fill(board)
    assert len(board.guests) == 1


def test_the_first_plan_keeps_an_enterprise_together() -> None:
    """Tests that three departments that could come on any day all come on one."""
    asks = tuple(an_ask(d, department=d) for d in ("fire", "tax", "water"))
    rows = tuple(capacities(1, "fire", "tax", "water"))
    assert len(first_plan(index_problem(Problem(asks=asks, capacities=rows)), 0).guests) == 1
