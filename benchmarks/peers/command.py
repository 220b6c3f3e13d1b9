"""The command that every peer is: PROBLEM --seconds S --seed K --out PLAN.

The seconds are the solver's own: reading, building the model and starting a virtual machine come on
top. That favours the peers, and never us.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers.mending import mended
from benchmarks.peers.writing import write
from portal.plans.problems import Problem, load_problem
from scheduler.exchange.faults import BadFiles
from scheduler.exchange.statement import Ints


@dataclass(frozen=True, slots=True)
class Asked:
    """What a peer is asked for."""

    problem: Path
    seconds: float
    seed: int
    config: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a peer found: days (or none at all), its own bound (or none), and what it says."""

    day: Ints | None
    bound: int | None
    told: Mapping[str, object] = field(default_factory=dict)


def run(name: str, solve: Callable[[Problem, Asked], Found], configs: tuple[str, ...] = ()) -> None:
    """Read a problem, solve it, write the plan and print one JSON object about it.

    The process ends with 1 if the problem is bad and with 2 if no plan was found.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.peers.{name}")
    parser.add_argument("problem", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    if configs:
        parser.add_argument("--config", choices=configs, default=configs[0])
    words = parser.parse_args()
    asked = Asked(words.problem, words.seconds, words.seed, vars(words).get("config", ""))
    start = time.perf_counter()
    try:
        problem = load_problem(asked.problem)
    except (BadFiles, OSError) as faults:
        sys.exit(str(faults))
    found = solve(problem, asked)
    told = {"peer": name, **found.told, "own_bound": found.bound}
    if found.day is None:
        print(json.dumps({**told, "objective": None}))
        sys.exit(2)
    day, dropped = mended(problem.statement, found.day)
    made = {"solver": name, "own_bound": found.bound, **found.told}
    value = write(problem, day, words.out, seed=asked.seed, made=made)
    memory = max(resource.getrusage(who).ru_maxrss for who in _WHOSE)
    print(
        json.dumps(
            {
                **told,
                "objective": value.objective,
                "entries": value.entries,
                "unplaced": value.unplaced,
                "dropped": dropped,
                "seconds": round(time.perf_counter() - start, 2),
                "peak_rss_mb": memory // 1024,
            }
        )
    )


_WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
