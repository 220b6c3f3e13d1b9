"""The exact model, with all asks free and with some of them fixed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.board import Board
from scheduler.planner.index import index_problem
from scheduler.planner.limits import Limits
from scheduler.planner.model import choose
from scheduler.planner.problem import Ask, CapRoom, Problem
from scheduler.planner.score import price_list, score_of
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    all_plans,
    an_ask,
    capacities,
    small_problems,
    worth_of,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(small_problems(most_asks=4), st.sets(st.integers(0, 3)))
def test_free_asks_are_chosen_best_beside_fixed_ones(problem: Problem, held: set[int]) -> None:
    """Tests that the model sees what fixed asks already open, use and light.

    The fixed ones come from a first, unimproved plan; the best of all plans that agree
    with them is found by trying everything.
    """
    first = solve(problem, limits=Limits(steps=0, whole_options=0)).days()
    index = index_problem(problem)
    fixed = {index.asks[n].id for n in held if n < len(index.asks)} & first.keys()
    free = [n for n, ask in enumerate(index.asks) if ask.id not in fixed]
    board = Board(index)
    for number, ask in enumerate(index.asks):
        for option in index.options[number]:
            if ask.id in fixed and index.days[option.day] == first[ask.id]:
                board.put(number, option)
    answer = choose(
        board, free, price_list(index, free), hints=(None,) * len(free), seed=0, effort=5
    )
    assert answer.choices is not None
    assert answer.proven
    for number, choice in zip(free, answer.choices, strict=True):
        if choice is not None:
            board.put(number, choice)
    best = min(
        worth_of(problem, placed)
        for placed in all_plans(problem)
        if {(ask.id, day) for ask, day in placed if ask.id in fixed}
        == {(name, first[name]) for name in fixed}
    )
    score = score_of(board)
    assert (score.must_unplaced, score.pinned_unplaced) == (
        best.must_unplaced,
        best.pinned_unplaced,
    )
    assert (score.objective, score.weight_unplaced) == (best.objective, best.weight_unplaced)


def beside(fixed: Ask, *free: Ask, caps: tuple[CapRoom, ...] = ()) -> tuple[int, int]:
    """Put one ask on Friday, let the model choose for the rest: how many stay out, and price."""
    problem = Problem(asks=(fixed, *free), capacities=tuple(capacities(2, "fire")), caps=caps)
    index = index_problem(problem)
    board = Board(index)
    board.put(0, index.options[0][0])
    rest = range(1, len(index.asks))
    prices = price_list(index, rest)
    answer = choose(board, rest, prices, hints=(None,) * len(free), seed=0, effort=5)
    assert answer.choices is not None
    return answer.choices.count(None), answer.bound // prices.month


def test_the_load_of_fixed_asks_counts() -> None:
    """Tests that beside 1 of 2 units only one of two more fits: 100 + an entry of its own."""
    free = [an_ask(name, enterprise=name, days=(FRIDAY,)) for name in ("b", "c")]
    assert beside(an_ask("a", days=(FRIDAY,)), *free) == (1, 110)


def test_the_entry_of_fixed_asks_is_paid_already() -> None:
    assert beside(an_ask("a", days=(FRIDAY,)), an_ask("b", days=(FRIDAY,))) == (0, 0)


def test_a_presence_of_fixed_asks_is_counted_once() -> None:
    """Tests that a second ask of a presence that is there takes nothing from its cap.

    Two presences are admitted; one is there, so that only one of Monday and Tuesday is left.
    """
    days = {"a": FRIDAY, "b": FRIDAY, "c": MONDAY, "d": TUESDAY}
    asks = [an_ask(name, days=(day,)) for name, day in days.items()]
    cap = CapRoom(code="c", key="k", room=2, counts="presence", members=frozenset(days.items()))
    assert beside(*asks, caps=(cap,)) == (1, 110)


def test_no_answer_within_no_effort_claims_nothing() -> None:
    """Tests that a model given no effort reports at most what is true of every plan."""
    index = index_problem(Problem(asks=()))
    answer = choose(Board(index), (), price_list(index, ()), hints=(), seed=0, effort=0)
    assert answer.bound == 0
