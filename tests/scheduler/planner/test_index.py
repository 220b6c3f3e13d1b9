"""What is left of a problem before any search."""

from scheduler.planner.index import index_problem
from scheduler.planner.problem import CapRoom, Problem
from tests.scheduler.planner.worlds import FRIDAY, MONDAY, TUESDAY, an_ask, capacities


def test_days_on_which_an_ask_could_not_even_stand_alone_are_gone() -> None:
    """Tests no capacity on Friday, too little on Monday, an exhausted cap on Tuesday."""
    rows = capacities(1, "fire", days=(MONDAY,)) + capacities(9, "fire", days=(TUESDAY,))
    spent = CapRoom(code="c", key="k", room=0, counts="entry", members=frozenset({("b", TUESDAY)}))
    asks = (an_ask("a", duration=2), an_ask("b", duration=2))
    index = index_problem(Problem(asks=asks, capacities=tuple(rows), caps=(spent,)))
    assert [[index.days[o.day] for o in options] for options in index.options] == [[TUESDAY], []]
    assert index.hopeless() == (1,)
    assert index.option_count() == 1


def test_a_limit_that_cannot_bind_makes_no_counter() -> None:
    """Tests that two marks under a limit of two are not counted at all."""
    asks = (an_ask("a", days=(FRIDAY,)), an_ask("b", days=(MONDAY,)))
    members = frozenset({("a", FRIDAY), ("b", MONDAY)})
    caps = (CapRoom(code="c", key="k", room=2, counts="presence", members=members),)
    index = index_problem(Problem(asks=asks, caps=caps, max_departments=1))
    assert index.limits == ()


def test_the_days_with_the_least_delay_come_first() -> None:
    asks = (an_ask("a", months_off=(2, 0, 1)),)
    index = index_problem(Problem(asks=asks, capacities=tuple(capacities(1, "fire"))))
    assert [index.days[option.day] for option in index.options[0]] == [MONDAY, TUESDAY, FRIDAY]
