"""Single events on a planned province: a warm planner answers them, the verifier judges the end."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.planner.contestants import (
    MOST_MIB,
    VERIFY_SECONDS,
    last_object,
    shown,
    status,
)
from benchmarks.planner.happenings import KINDS, blocks
from benchmarks.planner.instances import REPLAN, Instance
from benchmarks.planner.process import Measured, measure
from benchmarks.planner.results import Row
from benchmarks.planner.runs import WORK, NoInstance, Wanted, made
from benchmarks.planner.surroundings import Surroundings
from portal.plans.problems import load_plan, load_problem
from portal.running.supervisor import program
from scheduler.planner.replan.event_files import write_events

MOST_SECONDS: Final = 1800
PLANNED: Final = 300
"""Numbered steps of the plan that is published: two cycles of a province. Seconds would end a busy machine's
plan before its first cycle, which is no plan that anybody would publish."""


def run(wanted: Wanted, here: Surroundings, keep: Callable[[Row], None]) -> None:
    """Plan each province that is wanted, let events happen to it, and keep a row for each kind."""
    for instance, seed in wanted.of(REPLAN):
        try:
            problem = made(instance, seed, wanted.real)
            plan = _planned(instance, seed, problem)
        except NoInstance as missing:
            sys.stderr.write(f"{REPLAN.name}, {instance.name}: {missing}\n")
            continue
        for row in _rows(instance, seed, (problem, plan), here):
            keep(row)
            sys.stderr.write(f"{row.instance} seed {seed}: {row.status}, worst {row.cpu:.2f} s\n")


def _planned(instance: Instance, seed: int, problem: Path) -> Path:
    """Return the folder of the plan that is published, solved if it is not there yet.

    Raises:
        NoInstance: If there is none, or none as good as is asked of the instance.
    """
    plan = WORK / "plans" / f"{instance.name}-{seed}-{PLANNED}-{problem.name}"
    if not (plan / "plan.json").is_file():
        words = [program(), "solve", str(problem), "--stop", str(PLANNED), "--seed", str(seed)]
        words += ["--out", str(plan), "--json"]
        done = measure(words, most_seconds=MOST_SECONDS, most_mib=MOST_MIB)
        told = last_object(done.out)
        if done.code or done.killed or not good(instance, told):
            shutil.rmtree(plan, ignore_errors=True)
            raise NoInstance(done.killed or (done.err or done.out).strip()[-400:])
    return plan


def good(instance: Instance, told: Mapping[str, Any]) -> bool:
    """Whether a plan is certified as closely as the instance asks, so that events have a plan to upset."""
    gap = told.get("gap_percent")
    return gap is not None and (instance.gap is None or gap <= instance.gap)


def _rows(
    instance: Instance, seed: int, folders: tuple[Path, Path], here: Surroundings
) -> Iterator[Row]:
    problem, plan = folders
    statement = load_problem(problem).statement
    drawn = list(blocks(statement, load_plan(plan, statement), seed))
    out = WORK / "replans" / plan.name
    out.mkdir(parents=True, exist_ok=True)
    events = out / "events.csv"
    events.write_bytes(write_events(event for _, block in drawn for event in block))
    words = [program(), "replan", str(problem), str(plan), "--events", str(events)]
    words += ["--out", str(out), "--json"]
    load = here.load()
    done = measure(words, most_seconds=MOST_SECONDS, most_mib=MOST_MIB)
    judged = _judged(done)
    answers = list(last_object(done.out).get("answers", []))
    for kind, block in drawn:
        told, answers = answers[: len(block)], answers[len(block) :]
        row = Row(
            suite=REPLAN.name,
            instance=f"{instance.name}: {KINDS[kind]}",
            contestant="wurao",
            seed=seed,
            seconds=instance.seconds,
            status=status(done, judged),
            rss_mib=done.rss_mib,
            ok=judged.get("ok"),
            load=load,
            command=shown(words),
            **sums(told),
        )
        yield here.stamped(row)


def sums(told: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a row says of the answers to one kind: the worst of each, the gap at both ends."""
    if not told:
        return {"wall": 0.0, "cpu": 0.0}
    return {
        "wall": max(answer["seconds"] for answer in told),
        "cpu": max(answer["cpu_seconds"] for answer in told),
        "events": len(told),
        "moved": max(answer["moved_beyond_hit"] for answer in told),
        "unplaced": sum(len(answer["unplaced"]) for answer in told),
        "objective": told[-1]["objective"],
        "bound": told[-1]["bound"],
        "gap_before": told[0]["gap_before"],
        "gap_percent": told[-1]["gap_after"],
    }


def _judged(done: Measured) -> Mapping[str, Any]:
    told = last_object(done.out)
    if done.code or done.killed or "plan" not in told:
        return {}
    check = [program(), "plan", "verify", told["problem"], told["plan"], "--json"]
    return last_object(measure(check, most_seconds=VERIFY_SECONDS, most_mib=MOST_MIB).out)
