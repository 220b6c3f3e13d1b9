"""Timefold reads the folders as they are meant, and its plans stand before the verifier."""

from pathlib import Path
from random import Random

import pytest

from benchmarks.peers.command import Asked
from benchmarks.peers.timefold import solving
from portal.problems import load_problem
from scheduler.exchange.files import write_problem
from scheduler.exchange.plan import no_certificate
from scheduler.exchange.rules import chosen_choices, value_of
from scheduler.exchange.statement import Ints
from scheduler.exchange.verify import verify
from tests.scheduler.exchange.worlds import (
    Sizes,
    all_days,
    drawn_statement,
    plainly_legal,
    plan_of,
)

SIZES = Sizes(requests=6, enterprises=2, departments=2, parties=2, days=3, caps=2)


@pytest.mark.lane("timefold")
@pytest.mark.parametrize("config", solving.CONFIGS)
@pytest.mark.parametrize("seed", [1, 4])
def test_on_a_small_problem_it_has_the_optimum(tmp_path: Path, config: str, seed: int) -> None:
    for name, content in write_problem(drawn_statement(Random(seed), SIZES)).items():
        (tmp_path / name).write_bytes(content)
    problem = load_problem(tmp_path)
    statement = problem.statement
    found = solving.solve(problem, Asked(tmp_path, 2, 1, config))
    assert found.day is not None
    assert verify(statement, plan_of(statement, found.day, no_certificate(statement))).ok

    def levels(day: Ints) -> tuple[int, int, int]:
        value = value_of(statement, day, chosen_choices(statement, day))
        return value.must_unplaced, value.pinned_unplaced, value.objective

    best = min(levels(day) for day in all_days(statement) if plainly_legal(statement, day))
    assert levels(found.day) == best
