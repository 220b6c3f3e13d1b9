"""``wurao solve``: find a plan for a problem of the neutral format, and prove how good it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from portal.cli.command import command
from portal.cli.exchanging import Out, ProblemFolder, Seed, faults_told, rounded
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from portal.plans.solving import Solved
    from scheduler.planner.progress import Progress

_EVERY: Final = 1.0  # seconds between two lines of progress


def add(app: typer.Typer) -> None:
    """Register the command: it is one of its own, no group."""
    command(app, "solve")(solve)


async def solve(
    session: Session,
    problem: ProblemFolder,
    *,
    out: Out,
    seconds: Annotated[
        float, typer.Option(min=0, help="整个进程的秒数 / seconds of the whole process")
    ] = 60.0,
    seed: Seed = 0,
    stop: Annotated[
        int | None,
        typer.Option(
            "--stop", min=1, help="止于此步, 不限时 / stop after this step, whatever the time"
        ),
    ] = None,
) -> None:
    """求解问题, 写出计划与证书 / solve a problem; write the plan and its certificate."""
    from portal.plans.control import Control
    from portal.plans.problems import load_problem, store_plan
    from portal.plans.process import peak_mib, process_seconds
    from portal.plans.solving import solve as solve_within

    with faults_told(session):
        begun = process_seconds()
        read = load_problem(problem)
    limit = seconds if stop is None else None
    watch = Control.of_process(limit, process_seconds() - begun, _progress(session))
    solved = solve_within(read, seed=seed, watch=watch, stop=stop)
    store_plan(out, read.statement, solved.plan)
    figures = {
        **_figures(solved),
        "seconds": round(process_seconds(), 2),
        "peak_rss_mb": round(peak_mib(), 1),
    }
    if solved.verdict.breaches:  # never: the checker has found a fault of the planner
        raise Stop(Exit.REFUSED, [_sum(session, figures)], figures)
    session.line(_sum(session, figures))
    session.result(**figures)


def _progress(session: Session) -> Callable[[Progress, float], None]:
    """Return what writes progress to standard error: what got better, at most once a second."""
    told: dict[str, float] = {"at": 0.0, "objective": -1, "bound": -1}

    def tell(seen: Progress, now: float) -> None:
        news = (seen.objective, seen.bound) != (told["objective"], told["bound"])
        if news and now >= told["at"] + _EVERY:
            told.update(at=now, objective=seen.objective, bound=seen.bound)
            session.err.print(
                f"{now:7.1f} s  step {seen.step:6d}  {seen.objective:12d} >= {seen.bound:12d}",
                markup=False,
            )

    return tell


def _figures(solved: Solved) -> dict[str, Any]:
    plan, verdict = solved.plan, solved.verdict
    return {
        "objective": plan.objective,
        "bound": plan.bound,
        "gap_percent": rounded(verdict.gap_percent),
        "entries": plan.entries,
        "unplaced": plan.unplaced,
        "must_unplaced": verdict.value.must_unplaced,
        "pinned_unplaced": verdict.value.pinned_unplaced,
        "levels": [asdict(level) for level in verdict.levels],
        "kind": verdict.bound.kind,
        "proven": solved.proven,
        "seed": plan.seed,
        "step": plan.step,
    }


def _sum(session: Session, figures: dict[str, Any]) -> str:
    gap = "-" if figures["gap_percent"] is None else f"{figures['gap_percent']:.2f} %"
    zh, en = ("; 已证没有更优", "; proven that none is better") if figures["proven"] else ("", "")
    return session.text(
        f"目标 {figures['objective']}, 下界 {figures['bound']}, 差距 {gap}{zh}; "
        f"入企 {figures['entries']}, 未排 {figures['unplaced']}; "
        f"{figures['seconds']} 秒, {figures['peak_rss_mb']} MiB",
        f"objective {figures['objective']}, bound {figures['bound']}, gap {gap}{en}; "
        f"{figures['entries']} entries, {figures['unplaced']} unplaced; "
        f"{figures['seconds']} s, {figures['peak_rss_mb']} MiB",
    )
