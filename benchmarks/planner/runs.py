"""Runs suites: makes each instance once, then lets the contestants at it back to back."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.planner.contestants import MOST_MIB, Task, solved
from benchmarks.planner.instances import REAL, Instance, Suite
from benchmarks.planner.process import measure
from benchmarks.planner.results import Row
from benchmarks.planner.surroundings import Surroundings
from portal.running.supervisor import program

WORK = Path(".wurao") / "bench"
MAKE_SECONDS = 1800


class NoInstance(RuntimeError):  # noqa: N818 - says what is missing
    """An instance cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the suites is to be run; empty means all."""

    names: frozenset[str] = frozenset()
    seeds: tuple[int, ...] = ()
    contestants: frozenset[str] = frozenset()
    real: Path | None = None

    def of(self, suite: Suite) -> Iterable[tuple[Instance, int]]:
        """Yield the instances and seeds of a suite, the seeds of one instance side by side."""
        for instance in suite.instances:
            both = f"{suite.name}/{instance.name}"
            if self.names and not self.names & {suite.name, instance.name, both}:
                continue
            seeds = self.seeds or suite.seeds
            for seed in seeds:
                yield instance, seed

    def among(self, contestants: Sequence[str]) -> list[str]:
        """Return those contestants that are wanted."""
        return [one for one in contestants if not self.contestants or one in self.contestants]


def run(
    suites: Sequence[Suite], wanted: Wanted, here: Surroundings, keep: Callable[[Row], None]
) -> None:
    """Run what is wanted of the suites; keep each row as soon as it is measured."""
    for suite in suites:
        for instance, seed in wanted.of(suite):
            try:
                problem = made(instance, seed, wanted.real)
            except NoInstance as missing:
                sys.stderr.write(f"{suite.name}, {instance.name}: {missing}\n")
                continue
            for contestant in wanted.among(suite.contestants):
                plan = WORK / "plans" / f"{instance.name}-{seed}-{contestant}"
                shutil.rmtree(plan, ignore_errors=True)
                task = Task(
                    suite=suite.name,
                    instance=instance,
                    contestant=contestant,
                    seed=seed,
                    problem=problem,
                    plan=plan,
                )
                row = solved(task, here)
                keep(row)
                tell(row)


def made(instance: Instance, seed: int, real: Path | None) -> Path:
    """Return the folder of an instance, made by the program when it is not there yet.

    Raises:
        NoInstance: If it cannot be made.
    """
    folder = WORK / "problems" / _folder(instance, seed, real)
    if (folder / "problem.json").is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = measure(
        making(instance, seed, folder, real), most_seconds=MAKE_SECONDS, most_mib=MOST_MIB
    )
    if done.code or done.killed:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoInstance(done.killed or (done.err or done.out).strip()[-400:])
    return folder


def _folder(instance: Instance, seed: int, real: Path | None) -> str:
    """Return a name that another law, another seed or other data would change."""
    told = hashlib.sha256(json.dumps(dict(instance.make)).encode())
    if instance.name == REAL:
        seed = 0
        told.update(str(real).encode())
    for path in sorted(Path("scheduler/exchange").glob("*.py")):
        told.update(path.read_bytes())
    return f"{told.hexdigest()[:10]}-{seed}"


def making(instance: Instance, seed: int, folder: Path, real: Path | None) -> list[str]:
    """Return the command that makes an instance.

    Raises:
        NoInstance: If it needs data that were not named.
    """
    if instance.name == REAL:
        if real is None:
            raise NoInstance("left out: name its table with --real")
        return [program(), "bench", "real", str(real), "--out", str(folder)]
    options = []
    for name, value in instance.make.items():
        options += [f"--{name}", *([value] if value else [])]
    return [program(), "bench", "make", *options, "--seed", str(seed), "--out", str(folder)]


def tell(row: Row) -> None:
    """Say what was measured, while the rest is still to come."""
    gap = "" if row.gap_percent is None else f" gap {row.gap_percent:.2f} %"
    worth = row.status if row.objective is None else f"{row.objective:,}{gap}"
    sys.stderr.write(
        f"{row.suite} {row.instance} seed {row.seed} {row.contestant}: {worth}, "
        f"{row.wall:.0f} s, {row.rss_mib} MiB\n"
    )
