"""Runs the planner on public instances with published values, and judges what it says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from portal.importing.faults import bad_file
from portal.plans.control import Control
from scheduler.exchange.facility_bound import value_bound
from scheduler.exchange.public import PublicTextError, read_assignment, read_location
from scheduler.exchange.rules import Breaches, chosen_choices, judge, value_of
from scheduler.exchange.statement import Statement
from scheduler.planner.engine.build import build
from scheduler.planner.facility.block import block_of, places_of
from scheduler.planner.facility.solve import solve_block

READERS = {"sscflp": read_location, "gap": read_assignment}
VALUES = "values.csv"

_LAYOUT = (
    f"文件夹应名为 {' 或 '.join(READERS)}, 内有 {VALUES} 及各例文本",
    f"a folder called {' or '.join(READERS)} holds {VALUES} and the instances' texts",
)
_LOCATION = (
    "6 14 26 26 26 26 26 26 155 129 180 137 128 104 10 3 4 5 4 10 10 8 3 3 5 6 8 7 "
    "15 9 41 44 1 6 27 23 53 31 25 25 39 35 10 44 45 57 47 17 19 38 39 41 52 17 56 0 4 58 "
    "56 17 8 18 2 53 39 35 14 28 11 46 28 1 15 42 31 22 15 5 36 39 31 55 55 12 36 37 14 17 "
    "29 44 17 43 39 13 23 49 50 39 0 40 13 49 54 25 57 45 19 52 23 6 35 50"
)
_ASSIGNMENT = (
    "3 8 26 16 19 25 12 16 12 19 29 12 17 18 28 14 20 15 10 25 11 15 19 19 12 29 9 10 12 14 5 6 "
    "13 14 7 8 13 9 7 13 7 9 11 10 5 5 13 12 13 10 23 23 23"
)
_WARM_STEPS = 60


@dataclass(frozen=True, slots=True)
class Published:
    """An instance and the bounds that were published for it, in points."""

    name: str
    file: Path
    kind: str
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class Row:
    """What came out on one instance.

    Parameters
    ----------
    value, bound
        Points of the plan and of the bound, both reckoned by the verifier's code.
    gap_percent
        The value against the published upper bound.
    proven
        Value and bound are equal.
    sound
        The plan keeps every rule, places everything, and neither costs less than the published
        lower bound nor is bounded above the published upper one.
    steps, seconds
        Steps taken, and time from the read problem to the plan.
    """

    instance: str
    value: int
    bound: int
    published_lower: int
    published_upper: int
    gap_percent: float
    proven: bool
    sound: bool
    seed: int
    steps: int
    seconds: float

    def told(self) -> dict[str, Any]:
        """Return the row as what is printed."""
        return asdict(self)


def instances(folder: Path, only: str | None = None) -> list[Published]:
    """List the instances of a folder with a `values.csv`, or of its folders that have one.

    ``only`` keeps those whose name contains it. Raises `BadFile` if there is no such table.
    """
    tables = [
        path for path in (folder / VALUES, *sorted(folder.glob(f"*/{VALUES}"))) if path.exists()
    ]
    if not tables:
        raise bad_file(f"{folder}: 没有 {VALUES}", f"{folder}: no {VALUES}", *_LAYOUT)
    found = []
    for table in tables:
        kind = table.parent.name
        if kind not in READERS:
            raise bad_file(f"{kind}: 未知的格式", f"{kind}: an unknown format", *_LAYOUT)
        with table.open(encoding="utf-8", newline="") as lines:
            found += [
                Published(
                    name=row["instance"],
                    file=table.parent / f"{row['instance']}.txt",
                    kind=kind,
                    lower=int(row["lower"]),
                    upper=int(row["upper"]),
                )
                for row in csv.DictReader(lines)
            ]
    return [each for each in found if only is None or only in each.name]


def rows(
    listed: list[Published], seconds: float, *, seed: int = 0, steps: int = 1 << 40, jobs: int = 1
) -> Iterator[Row]:
    """Run each instance for so many seconds or steps, in order; ``jobs`` at a time."""
    run = partial(measure, seconds=seconds, seed=seed, steps=steps)
    if jobs == 1:
        yield from map(run, listed)
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield from pool.map(run, listed)


def measure(instance: Published, seconds: float, seed: int, steps: int) -> Row:
    """Run one instance."""
    _warm_up()
    try:
        statement = READERS[instance.kind](instance.name, instance.file.read_text("utf-8"))
    except PublicTextError as error:
        where = f"{instance.file}: {error}"
        raise bad_file(where, where, *_LAYOUT) from None
    control = Control(seconds=seconds)
    built = build(statement)
    block = block_of(built.points)
    outcome = solve_block(block, seed=seed, steps=steps, watch=control)
    took = control.seconds
    days = built.days_of(places_of(block, outcome.places))
    values = outcome.values.copy()
    values[built.ask_request] = outcome.values
    bound = value_bound(statement, values)
    breaches = Breaches()
    chosen = chosen_choices(statement, days)
    judge(statement, days, chosen, breaches)
    found = value_of(statement, days, chosen)
    return Row(
        instance=instance.name,
        value=found.objective,
        bound=bound,
        published_lower=instance.lower,
        published_upper=instance.upper,
        gap_percent=round(100 * (found.objective - instance.upper) / instance.upper, 4),
        proven=found.objective == bound,
        sound=not breaches.total
        and not found.unplaced
        and found.objective >= instance.lower
        and bound <= instance.upper,
        seed=seed,
        steps=outcome.step,
        seconds=round(took, 2),
    )


def _warm_up() -> None:
    """Compile everything, so that no instance pays for the first run on a machine.

    Bounds of these stay below their best plans: the work takes every kind of step.
    """
    for read, text in ((read_location, _LOCATION), (read_assignment, _ASSIGNMENT)):
        statement: Statement = read("toy", text)
        solve_block(block_of(build(statement).points), steps=_WARM_STEPS)
