"""Sets of asks that have too few days, against every way to place them."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from scheduler.planner.audit import hard_breaches
from scheduler.planner.exchanges import Move, exchange
from scheduler.planner.explain import caps_by_ask
from scheduler.planner.problem import Ask, Capacity, CapRoom, Problem
from scheduler.planner.shortages import Shortage, shortage
from scheduler.planner.solve import solve
from scheduler.planner.tally import Tally
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEEK,
    an_ask,
    best_worth,
    capacities,
    small_problems,
    worth_of,
)


def fits(problem: Problem, names: tuple[str, ...]) -> bool:
    """Whether these asks all find a day by capacity alone, by trying everything."""
    asks = [ask for ask in problem.asks if ask.id in names]
    alone = Problem(asks=tuple(asks), capacities=problem.capacities)
    ways = product(*[ask.open_days() for ask in asks])
    return any(not hard_breaches(alone, zip(asks, days, strict=True)) for days in ways)


def found(problem: Problem, name: str, **days: object) -> Shortage | None:
    """The shortage of an ask in a plan given by its days."""
    tally = Tally(problem, days)  # type: ignore[arg-type]  # a test's own keywords
    return shortage(tally, tally.asks[name], caps_by_ask(problem))


def test_three_share_two_full_days_and_a_fourth_has_nothing_to_do_with_it() -> None:
    """Tests that d, which alone has Tuesday, is not named."""
    asks = (
        an_ask("a", days=(FRIDAY, MONDAY), enterprise="e1"),
        an_ask("b", days=(FRIDAY,), enterprise="e2"),
        an_ask("c", days=(MONDAY,), enterprise="e3"),
        an_ask("d", days=(TUESDAY,), enterprise="e4"),
    )
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire")))
    caught = found(problem, "a", b=FRIDAY, c=MONDAY, d=TUESDAY)
    assert caught is not None
    assert (caught.asks, caught.days) == (("a", "b", "c"), (FRIDAY, MONDAY))
    assert (caught.units, caught.needed, caught.proven) == (2, 3, True)


def test_no_shortage_where_an_exchange_makes_room_and_the_exchange_is_told() -> None:
    """Tests that b moves to Monday, where it is alone: nothing but a's 100 - 10 is gained."""
    asks = (an_ask("a", days=(FRIDAY,)), an_ask("b", days=(FRIDAY, MONDAY), enterprise="yard"))
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire")))
    assert found(problem, "a", b=FRIDAY) is None
    tally = Tally(problem, {"b": FRIDAY})
    room = exchange(tally, tally.asks["a"], {})
    assert room is not None
    assert room.moves == (
        Move(ask="a", before=None, after=FRIDAY),
        Move(ask="b", before=FRIDAY, after=MONDAY),
    )
    assert room.change == -90
    assert tally.days == {"b": FRIDAY}, "nothing moved"


def test_long_asks_are_caught_by_how_many_a_day_holds() -> None:
    """Tests that two days of three units hold one ask of two each, though 4 < 6 units are asked."""
    asks = tuple(an_ask(n, days=(FRIDAY, MONDAY), duration=2, enterprise=n) for n in "abc")
    problem = Problem(asks=asks, capacities=tuple(capacities(3, "fire")))
    caught = found(problem, "c", a=FRIDAY, b=MONDAY)
    assert caught is not None
    assert (caught.asks, caught.proven) == (("a", "b", "c"), True)


def test_a_full_cap_is_named_beside_the_days_and_the_set_is_of_this_plan_only() -> None:
    """Tests that b could move to Monday, but for a cap that has nothing left."""
    asks = (an_ask("a", days=(FRIDAY,)), an_ask("b", days=(FRIDAY, MONDAY), enterprise="yard"))
    cap = CapRoom(
        code="week", key="k", room=0, counts="presence", members=frozenset({("b", MONDAY)})
    )
    problem = Problem(asks=asks, capacities=tuple(capacities(1, "fire")), caps=(cap,))
    caught = found(problem, "a", b=FRIDAY)
    assert caught is not None
    assert (caught.asks, caught.days, caught.proven) == (("a", "b"), (FRIDAY,), False)
    assert [(name, one.day) for name, one in caught.barriers] == [("b", MONDAY)]


def test_where_caps_alone_stand_in_the_way_there_is_no_shortage() -> None:
    cap = CapRoom(
        code="year", key="k", room=0, counts="presence", members=frozenset({("a", FRIDAY)})
    )
    problem = Problem(
        asks=(an_ask("a", days=(FRIDAY,)),), capacities=tuple(capacities(1, "fire")), caps=(cap,)
    )
    assert found(problem, "a") is None


@st.composite
def unit_asks(draw: st.DrawFn) -> Problem:
    """Up to six asks of one unit of one department, and up to two units on each of four days."""
    days = WEEK[:4]
    count = draw(st.integers(1, 6))
    asks = tuple(
        Ask(
            id=f"a{n}",
            enterprise=f"e{n}",
            department="fire",
            days=tuple(draw(st.sets(st.sampled_from(days), min_size=1, max_size=3))),
        )
        for n in range(count)
    )
    rows = tuple(Capacity(department="fire", day=d, units=draw(st.integers(0, 2))) for d in days)
    return Problem(asks=asks, capacities=rows)


@given(unit_asks())
def test_unit_asks_are_caught_in_a_minimal_set(problem: Problem) -> None:
    """Tests that the set cannot be placed, and that all of it but any one can."""
    solution = solve(problem)
    tally = Tally(problem, solution.days())
    for left in solution.unplaced:
        caught = shortage(tally, tally.asks[left.ask], {})
        assert caught is not None
        assert caught.proven
        assert left.ask in caught.asks
        assert not fits(problem, caught.asks)
        assert all(fits(problem, most) for most in combinations(caught.asks, len(caught.asks) - 1))
        assert caught.needed == caught.units + 1


@given(small_problems())
def test_what_is_called_proven_cannot_be_placed(problem: Problem) -> None:
    """Tests with durations, pins and caps that a proven set never fits, whatever else happens."""
    solution = solve(problem)
    tally, caps = Tally(problem, solution.days()), caps_by_ask(problem)
    for left in solution.unplaced:
        caught = shortage(tally, tally.asks[left.ask], caps)
        if caught is not None and caught.proven:
            assert not fits(problem, caught.asks)


@given(small_problems())
def test_an_exchange_keeps_every_rule_and_its_change_is_exact(problem: Problem) -> None:
    """Tests every way to make room, from plans that leave one ask more out than they must."""
    days = solve(problem).days()
    caps = caps_by_ask(problem)
    for gone in days:
        fewer = {name: day for name, day in days.items() if name != gone}
        tally = Tally(problem, fewer)
        room = exchange(tally, tally.asks[gone], caps)
        assert room is not None, "its old day is free"
        after = fewer | {move.ask: move.after for move in room.moves}
        placed = [(ask, after[ask.id]) for ask in problem.asks if ask.id in after]
        before = [(ask, fewer[ask.id]) for ask in problem.asks if ask.id in fewer]
        assert not hard_breaches(problem, placed)
        gained = worth_of(problem, placed).objective - worth_of(problem, before).objective
        assert gained == room.change


@given(small_problems(4))
def test_no_exchange_betters_the_best_plan(problem: Problem) -> None:
    """Tests that who is left out of an optimal plan could come in at a loss at most."""
    solution = solve(problem)
    placed = [(a, solution.days()[a.id]) for a in problem.asks if a.id in solution.days()]
    if worth_of(problem, placed) != best_worth(problem):
        return
    tally, caps = Tally(problem, solution.days()), caps_by_ask(problem)
    for left in solution.unplaced:
        room = exchange(tally, tally.asks[left.ask], caps)
        assert room is None or room.change >= 0
