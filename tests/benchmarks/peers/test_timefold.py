"""Timefold reads the folders as they are meant, and its plans stand before the verifier."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.peers.command import Asked
from benchmarks.peers.timefold import solving
from portal.plans.problems import load_problem
from scheduler.exchange.files import write_problem
from scheduler.exchange.plan import no_certificate
from scheduler.exchange.rules import chosen_choices, value_of
from scheduler.exchange.verify import verify
from tests.scheduler.exchange.worlds import Sizes, drawn_statement, plan_of

SIZES = Sizes(requests=6, enterprises=2, departments=2, parties=2, days=3, caps=2)


@pytest.mark.lane("timefold")
@pytest.mark.parametrize("config", solving.CONFIGS)
@pytest.mark.parametrize("seed", [1, 4])
def test_its_plan_stands_and_is_worth_what_it_says(tmp_path: Path, config: str, seed: int) -> None:
    for name, content in write_problem(drawn_statement(Random(seed), SIZES)).items():
        (tmp_path / name).write_bytes(content)
    problem = load_problem(tmp_path)
    statement = problem.statement
    found = solving.solve(problem, Asked(tmp_path, 1, 1, config))
    assert found.day is not None
    assert verify(statement, plan_of(statement, found.day, no_certificate(statement))).ok
    value = value_of(statement, found.day, chosen_choices(statement, found.day))
    # It does not know of requests without any choice.
    unknown = np.diff(statement.choice_first) == 0
    first = value.must_unplaced - int(statement.must[unknown].sum())
    medium = -1_000_000 * first - value.pinned_unplaced
    soft = int(statement.leave[unknown].sum()) - value.objective
    assert found.told["score"] == f"0hard/{medium}medium/{soft}soft"
