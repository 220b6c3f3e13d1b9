"""Caps on presences: several asks of a department at an enterprise on one day count once.

Worlds are small enough for the auditor to judge every plan; caps bind in nearly all of them.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.verify import verify
from scheduler.planner.audit import audit
from scheduler.planner.columns import statement_of
from scheduler.planner.engine.build import build
from scheduler.planner.engine.outcome import plan_of
from scheduler.planner.engine.run import run
from scheduler.planner.limits import Limits
from scheduler.planner.problem import Ask, CapRoom, Problem
from scheduler.planner.progress import keep_going
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import (
    WEEK,
    an_ask,
    best_worth,
    capacities,
    small_problems,
    worth_of_plan,
)

DAYS = WEEK[:3]
MANY = settings(max_examples=60, deadline=None, derandomize=True)
QUICK = Limits(steps=3)


@st.composite
def crowded_groups(draw: st.DrawFn) -> Problem:
    """Up to six asks of one or two departments at one enterprise, each pair with a cap."""
    asks = tuple(
        an_ask(
            f"a{n}",
            department=draw(st.sampled_from(["fire", "fire", "tax"])),
            party=draw(st.sampled_from(["check", "check", "check", "service"])),
            duration=draw(st.integers(0, 2)),
            days=(days := tuple(draw(st.lists(st.sampled_from(DAYS), unique=True, min_size=1)))),
            months_off=tuple(draw(st.integers(0, 12)) for _ in days),
            must=draw(st.sampled_from([False, False, True])),
            weight=draw(st.integers(0, 2)),
        )
        for n in range(draw(st.integers(2, 6)))
    )
    rows = capacities(draw(st.integers(2, 4)), "fire", "tax", days=DAYS)
    caps = tuple(_presences(asks, d, draw(st.integers(0, 2))) for d in ("fire", "tax"))
    return Problem(asks=asks, capacities=tuple(rows), caps=caps)


def _presences(asks: tuple[Ask, ...], department: str, room: int) -> CapRoom:
    own = [ask for ask in asks if ask.department == department]
    members = frozenset((ask.id, day) for ask in own for day in ask.days)
    return CapRoom(code="cap-of-two", key=department, room=room, counts="presence", members=members)


@MANY
@given(crowded_groups())
def test_the_planner_is_as_good_as_trying_everything(problem: Problem) -> None:
    solution = solve(problem, limits=QUICK)
    best = best_worth(problem)
    assert worth_of_plan(problem, solution) == best
    assert solution.bound == best.objective
    assert audit(problem, solution) == ()


@MANY
@given(st.one_of(crowded_groups(), small_problems()), st.integers(0, 3))
def test_the_search_keeps_caps_and_its_certificate_is_checked(problem: Problem, seed: int) -> None:
    statement = statement_of(problem)
    built = build(statement)
    outcome = run(built, seed=seed, watch=keep_going, steps=130)
    plan = plan_of(statement, built, outcome, problem="", seed=seed, made={})
    verdict = verify(statement, plan)
    assert verdict.ok, (verdict.breaches, verdict.claims)
    assert verdict.bound.points <= best_worth(problem).objective
    assert [level.bound <= level.value for level in verdict.levels] == [True] * 4


def test_one_presence_serves_all_asks_of_a_department_that_day() -> None:
    asks = tuple(an_ask(f"a{n}", days=DAYS) for n in range(4))
    problem = Problem(
        asks=asks,
        capacities=tuple(capacities(4, "fire", days=DAYS)),
        caps=(_presences(asks, "fire", 1),),
    )
    solution = solve(problem, limits=QUICK)
    assert len(set(solution.days().values())) == 1
    assert len(solution.days()) == 4


def test_a_presence_of_two_parties_counts_once() -> None:
    asks = tuple(an_ask(f"a{n}", days=DAYS, party=p) for n, p in enumerate(("check", "service")))
    problem = Problem(
        asks=asks,
        capacities=tuple(capacities(2, "fire", days=DAYS)),
        caps=(_presences(asks, "fire", 1),),
    )
    days = solve(problem, limits=QUICK).days()
    assert len(days) == 2
    assert len(set(days.values())) == 1
