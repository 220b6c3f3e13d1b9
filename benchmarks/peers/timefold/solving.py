"""Timefold Solver for Java, community edition, on one thread (more are sold).

The model is in java/, the configurations that were tried in configs/; docs/decisions/0102 tells
which was chosen and why.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.peers.command import Asked, Found
from benchmarks.peers.timefold.jars import HERE, WHEEL, NoTimefold, class_path, java
from portal.plans.problems import Problem

FOLDER = HERE / "configs"
BEST = "best"
CONFIGS = (BEST, *sorted(path.stem for path in FOLDER.glob("*.xml")))
WEEK = 7
HEAP = "-Xmx6g"


def chosen(config: str, days: int) -> str:
    """Return the configuration's name: for "best", what was best on problems of that horizon."""
    if config != BEST:
        return config
    return "late-5" if days <= WEEK else "late-20"


def solve(problem: Problem, asked: Asked) -> Found:
    """Let Java read the folder, solve, and tell the days.

    A Java that ends without days (for want of memory) has no plan.
    """
    statement = problem.statement
    try:
        path = class_path()
    except NoTimefold as error:
        sys.exit(str(error))
    config = chosen(asked.config, len(statement.days))
    most = statement.max_departments or len(statement.departments)
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "days.csv"
        numbers = [statement.entry, statement.unplaced, most, asked.seconds, asked.seed]
        done = subprocess.run(
            [java(), HEAP, "-XX:+UseParallelGC", "-cp", path, "duel.Main", str(asked.problem),
             *map(str, numbers), str(FOLDER / f"{config}.xml"), str(out)],
            stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        version = WHEEL.read_text(encoding="utf-8").partition("==")[2].split()[0]
        told = {"version": version, "config": config, "score": done.stdout.strip()}
        if done.returncode:
            return Found(None, None, told)
        place_of = {name: number for number, name in enumerate(statement.ids)}
        day = np.full(statement.requests, -1, np.int32)
        with out.open(encoding="utf-8", newline="") as file:
            for name, number in csv.reader(file):
                day[place_of[name]] = int(number)
    return Found(day, None, told)
