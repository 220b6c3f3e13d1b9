"""Problem folders in, plan folders out: what every peer shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.exchange.files import PROBLEM_FILES, digest, read_problem
from scheduler.exchange.plan import Plan, no_certificate
from scheduler.exchange.plan_files import write_plan
from scheduler.exchange.rules import Value, chosen_choices, value_of
from scheduler.exchange.statement import Ints, Statement


@dataclass(frozen=True, slots=True)
class Given:
    """A problem as read from its folder."""

    statement: Statement
    digest: str


def read(folder: Path) -> Given:
    """Read a problem's folder.

    Raises:
        BadFiles: With everything that is wrong with the files.
    """
    paths = [folder / name for name in PROBLEM_FILES]
    files = {path.name: path.read_bytes() for path in paths if path.is_file()}
    return Given(read_problem(files), digest(files))


def write(given: Given, day: Ints, folder: Path, *, seed: int, made: Mapping[str, Any]) -> Value:
    """Write a plan's folder; return what it is worth.

    It has no certificate and claims no bound: what a peer says of its own bound, nobody can check.
    """
    statement = given.statement
    value = value_of(statement, day, chosen_choices(statement, day))
    plan = Plan(
        problem=given.digest,
        day=day,
        objective=value.objective,
        bound=0,
        entries=value.entries,
        unplaced=value.unplaced,
        seed=seed,
        step=0,
        certificate=no_certificate(statement),
        made=made,
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in write_plan(statement, plan).items():
        (folder / name).write_bytes(content)
    return value
