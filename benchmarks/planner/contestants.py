"""How each contestant is called, and how what it says becomes a row."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.planner.instances import Instance
from benchmarks.planner.process import Measured, measure
from benchmarks.planner.results import Row
from benchmarks.planner.surroundings import Surroundings
from portal.running.supervisor import program

GRACE_SECONDS: Final = 300
"""What a peer may take beside its solver's seconds: reading, building its model, writing."""
MOST_MIB: Final = 14 * 1024
VERIFY_SECONDS: Final = 1800


def command(contestant: str, problem: Path, plan: Path, seconds: float, seed: int) -> list[str]:
    """Return the command that lets a contestant solve a problem."""
    asked = ["--seconds", f"{seconds:g}", "--seed", str(seed), "--out", str(plan)]
    if contestant == "wurao":
        return [program(), "solve", str(problem), *asked, "--json"]
    return [sys.executable, "-m", f"benchmarks.peers.{contestant}", str(problem), *asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Who solves what, from where to where."""

    suite: str
    instance: Instance
    contestant: str
    seed: int
    problem: Path
    plan: Path


def solved(task: Task, here: Surroundings) -> Row:
    """Let a contestant solve, and the verifier judge; return the row."""
    instance, problem, plan = task.instance, task.problem, task.plan
    words = command(task.contestant, problem, plan, instance.seconds, task.seed)
    load = here.load()
    run = measure(words, most_seconds=2 * instance.seconds + GRACE_SECONDS, most_mib=MOST_MIB)
    told = last_object(run.out)
    judged: Mapping[str, Any] = {}
    if run.code == 0 and not run.killed:
        check = [program(), "plan", "verify", str(problem), str(plan), "--json"]
        judged = last_object(measure(check, most_seconds=VERIFY_SECONDS, most_mib=MOST_MIB).out)
    row = Row(
        suite=task.suite,
        instance=instance.name,
        contestant=task.contestant,
        seed=task.seed,
        seconds=instance.seconds,
        status=status(run, judged),
        wall=run.wall,
        cpu=run.cpu,
        rss_mib=run.rss_mib,
        objective=judged.get("objective"),
        bound=judged.get("bound"),
        gap_percent=judged.get("gap_percent"),
        entries=told.get("entries"),
        unplaced=told.get("unplaced"),
        ok=judged.get("ok"),
        own_bound=told.get("own_bound"),
        load=load,
        command=shown(words),
    )
    return here.stamped(row)


def last_object(out: str) -> Mapping[str, Any]:
    """Return the JSON object that a program ended with, or an empty one."""
    start = 0 if out.startswith("{") else out.find("\n{") + 1
    for text in (out.strip().rpartition("\n")[2], out[start:]):
        try:
            found = json.loads(text)
        except json.JSONDecodeError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def status(run: Measured, judged: Mapping[str, Any]) -> str:
    """Say whether there is a plan that stands, and if not why not."""
    if run.killed:
        return f"no plan: {run.killed}"
    if run.code == 0:
        if not judged:
            return "no verdict"
        return "plan" if judged.get("ok") else "plan refused by the verifier"
    if last_object(run.out).get("objective", 0) is None:
        return "no plan in the time"
    said = (run.err or run.out).strip().rpartition("\n")[2]
    return f"failed ({run.code}): {said[:200]}"


def shown(words: list[str]) -> str:
    """Return a command as one would type it, without this machine's folders."""
    names = {program(): "wurao", sys.executable: ".venv/bin/python"}
    return " ".join(names.get(word, word) for word in words)
