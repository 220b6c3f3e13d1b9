"""The peers' plain model: on small problems its optimum is that of brute force."""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.peers import cpsat, highs
from benchmarks.peers.command import Asked, Found
from benchmarks.peers.mending import mended
from benchmarks.peers.writing import write
from portal.plans.problems import Problem, load_problem
from scheduler.exchange.files import write_problem
from scheduler.exchange.plan import no_certificate
from scheduler.exchange.rules import chosen_choices, value_of
from scheduler.exchange.statement import Ints, Statement
from scheduler.exchange.verify import verify
from tests.scheduler.exchange.worlds import (
    Sizes,
    all_days,
    drawn_statement,
    plainly_legal,
    plan_of,
)

Solve = Callable[[Problem, Asked], Found]
EXAMPLES = 40 if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else 15


def levels(statement: Statement, day: Ints) -> tuple[int, int, int]:
    value = value_of(statement, day, chosen_choices(statement, day))
    return value.must_unplaced, value.pinned_unplaced, value.objective


def solved(solve: Solve, statement: Statement) -> Found:
    return solve(Problem(statement, ""), Asked(Path(), 10, 1, ""))


@pytest.mark.parametrize("solve", [cpsat.solve, highs.solve], ids=["cpsat", "highs"])
def test_the_plain_model_has_the_optimum_of_brute_force(solve: Solve) -> None:
    for seed in range(EXAMPLES):
        statement = drawn_statement(Random(seed), Sizes())
        best = min(
            levels(statement, day) for day in all_days(statement) if plainly_legal(statement, day)
        )
        found = solved(solve, statement)
        assert found.day is not None
        assert verify(statement, plan_of(statement, found.day, no_certificate(statement))).ok
        assert levels(statement, found.day) == best, seed
        assert found.bound in {None, best[2]}


def test_what_breaks_a_rule_is_taken_out_and_nothing_else() -> None:
    for seed in range(EXAMPLES):
        draw = Random(seed)
        statement = drawn_statement(draw, Sizes())
        day = draw.choice(list(all_days(statement)))
        kept, dropped = mended(statement, day)
        assert verify(statement, plan_of(statement, kept, no_certificate(statement))).ok
        assert dropped == int((kept != day).sum())
        if plainly_legal(statement, day):
            assert dropped == 0
        # Nothing that was taken out would have fitted beside what was kept.
        for request in np.flatnonzero(kept != day).tolist():
            more = kept.copy()
            more[request] = day[request]
            assert not plainly_legal(statement, more)


def test_a_plan_folder_is_read_again_as_what_was_written(tmp_path: Path) -> None:
    statement = drawn_statement(Random(3), Sizes())
    for name, content in write_problem(statement).items():
        (tmp_path / name).write_bytes(content)
    problem = load_problem(tmp_path)
    day = solved(cpsat.solve, problem.statement).day
    assert day is not None
    value = write(problem, day, tmp_path / "plan", seed=4, made={"solver": "cpsat"})
    heading = (tmp_path / "plan" / "plan.json").read_text(encoding="utf-8")
    assert f'"objective": {value.objective}' in heading
    assert problem.digest in heading
