"""What is proven of each term: never more than the best plan has, and all of it on small worlds."""

import numpy as np
from hypothesis import given, settings

from scheduler.exchange.verify import verify
from scheduler.planner.claims import claim_of
from scheduler.planner.columns import statement_of
from scheduler.planner.counting import least_left_out, least_weight
from scheduler.planner.engine.build import build
from scheduler.planner.exact import choose
from scheduler.planner.instance import NOWHERE
from scheduler.planner.limits import Limits
from scheduler.planner.problem import Problem
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import (
    FRIDAY,
    MONDAY,
    all_plans,
    an_ask,
    best_worth,
    capacities,
    small_problems,
    worth_of,
    worth_of_plan,
)

FEW = settings(max_examples=40, deadline=None, derandomize=True)


@FEW
@given(small_problems(most_asks=4))
def test_the_bound_on_entries_holds_for_the_same_asks(problem: Problem) -> None:
    """Tests that no plan that places the same asks has fewer entries than the bound."""
    for whole_options in (0, 400):
        solution = solve(problem, limits=Limits(steps=40, whole_options=whole_options))
        same = set(solution.days())
        entries = min(
            len({(ask.enterprise, day, ask.party) for ask, day in placed})
            for placed in all_plans(problem)
            if {ask.id for ask, _ in placed} == same
        )
        assert solution.entries_bound <= entries
        if whole_options:
            assert solution.entries_bound == entries


@FEW
@given(small_problems(most_asks=4))
def test_counting_never_claims_more_than_the_best_plan_leaves_out(problem: Problem) -> None:
    statement = statement_of(problem)
    points = build(statement).points
    order = build(statement).ask_request
    least = least_left_out(points, np.ones(points.asks, np.bool_))
    plans = list(all_plans(problem))
    assert least.sum() <= len(problem.asks) - max(map(len, plans))
    lightest = min(worth_of(problem, placed).weight_unplaced for placed in plans)
    assert least_weight(points, statement.weight[order], least) <= lightest


def test_counting_finds_those_beyond_all_capacity() -> None:
    """Tests that of 1 + 2 + 3 units, 5 units of room leave one out, and one is hopeless."""
    asks = [an_ask(f"a{n}", duration=n, enterprise=f"e{n}", weight=n) for n in (1, 2, 3)]
    asks.append(an_ask("never", days=(), weight=7))
    rows = tuple(capacities(3, "fire", days=(FRIDAY,)) + capacities(2, "fire", days=(MONDAY,)))
    statement = statement_of(Problem(asks=tuple(asks), capacities=rows))
    built = build(statement)
    least = least_left_out(built.points, np.ones(4, np.bool_))
    assert least.tolist() == [2]
    # The hopeless one's 7, and of the three the lightest.
    assert least_weight(built.points, statement.weight[built.ask_request], least) == 8


@FEW
@given(small_problems(most_asks=4))
def test_the_exact_model_equals_trying_everything(problem: Problem) -> None:
    built = build(statement_of(problem))
    nobody = np.full(built.points.asks, NOWHERE, np.int32)
    found = choose(built.points, nobody, seed=0, effort=5)
    cheapest = min(worth_of(problem, placed).objective for placed in all_plans(problem))
    assert found.proven
    assert found.bound == cheapest


@FEW
@given(small_problems(most_asks=4))
def test_the_independent_verifier_finds_plan_and_bound_as_told(problem: Problem) -> None:
    """Tests rules, objective, entries and the bound by prices of every plan by another program."""
    statement = statement_of(problem)
    solution = solve(problem, limits=Limits(steps=40))
    claim = claim_of(
        statement,
        solution.days(),
        solution.certificate,
        objective=solution.objective,
        bound=solution.bound,
        entries=len(solution.visits),
    )
    verdict = verify(statement, claim)
    assert not verdict.breaches
    false = {told.name for told in verdict.claims}
    assert false <= ({"bound"} if solution.certificate.kind == "search" else set())


@FEW
@given(small_problems(most_asks=4))
def test_what_a_step_limit_cuts_short_is_still_sound(problem: Problem) -> None:
    solution = solve(problem, limits=Limits(steps=1, whole_options=0))
    assert worth_of_plan(problem, solution) >= best_worth(problem)


def test_a_visit_of_two_departments_makes_four_departments_two_entries() -> None:
    departments = ("fire", "tax", "water", "work")
    asks = tuple(an_ask(name, department=name) for name in departments)
    problem = Problem(asks=asks, capacities=tuple(capacities(1, *departments)), max_departments=2)
    assert solve(problem).entries_bound == 2
