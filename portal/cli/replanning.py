"""``wurao replan``: let events happen to a planned problem, moving only what must move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portal.cli.command import command
from portal.cli.exchanging import Out, PlanFolder, ProblemFolder, faults_told, rounded
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from portal.plans.replanning import Replanned, Timed


def add(app: typer.Typer) -> None:
    """Register the command: it is one of its own, no group."""
    command(app, "replan")(replan)


async def replan(
    session: Session,
    problem: ProblemFolder,
    plan: PlanFolder,
    *,
    events: Annotated[
        Path,
        typer.Option("--events", metavar="FILE", exists=True, help="事件表 / table of events"),
    ],
    out: Out,
    change: Annotated[
        int, typer.Option(min=0, help="每项申请改期的代价, 分 / points of each request that moves")
    ] = 20,
    moved: Annotated[
        int,
        typer.Option(min=0, help="一事至多另动几项 / most requests moved beside those hit by one"),
    ] = 10,
    first_day: Annotated[
        int, typer.Option(min=0, help="不改到此日号之前 / nobody moves to a day number before it")
    ] = 0,
) -> None:
    """逐件应对事件, 只动必须动的 / answer events one by one, moving only what must move."""
    from portal.plans.process import peak_mib, process_seconds
    from portal.plans.replanning import replan as replan_all
    from scheduler.planner.replan.events import Limits
    from scheduler.planner.replan.warm import BrokenPlan

    limits = Limits(change=change, moved=moved, first_day=first_day)
    try:
        with faults_told(session), session.waiting("正在应对事件", "answering events"):
            done = replan_all(problem, plan, events, out, limits)
    except BrokenPlan as broken:
        text = session.text("计划不守规则", "the plan breaks rules")
        data = {"error": "broken-plan", "messages": [str(broken)]}
        raise Stop(Exit.REFUSED, [f"{text} ({broken})"], data) from None
    answers = [_figures(timed) for timed in done.answers]
    for timed, figures in zip(done.answers, answers, strict=True):
        session.line(_told(session, timed, figures))
    sums = {**_sums(done), "seconds": round(process_seconds(), 2)}
    if not done.verdict.ok:  # never: the checker has found a fault of the planner
        raise Stop(Exit.REFUSED, [_sum(session, sums)], sums)
    session.line(_sum(session, sums))
    session.result(**sums, peak_rss_mb=round(peak_mib(), 1), answers=answers)


def _figures(timed: Timed) -> dict[str, Any]:
    answer = timed.answer
    return {
        "line": timed.line.number,
        "event": timed.kind,
        "hit": list(answer.hit),
        "moved": [
            {"request": move.request, "before": move.before, "after": move.after}
            for move in answer.moved
        ],
        "placed": [{"request": request, "day": day} for request, day in answer.placed],
        "unplaced": list(answer.unplaced),
        "moved_beyond_hit": answer.beyond,
        "objective": answer.after.objective,
        "bound": answer.after.bound,
        "gap_before": rounded(answer.before.gap_percent),
        "gap_after": rounded(answer.after.gap_percent),
        "seconds": round(timed.seconds, 4),
        "cpu_seconds": round(timed.cpu_seconds, 4),
    }


def _told(session: Session, timed: Timed, figures: dict[str, Any]) -> str:
    counts = [len(figures[name]) for name in ("hit", "moved", "placed", "unplaced")]
    hit, moved, placed, unplaced = counts
    gap = _percent(figures["gap_after"])
    return session.text(
        f"{timed.line.number} {timed.kind}: 直接受影响 {hit}, 改期 {moved} (另动 {timed.answer.beyond}), "
        f"排入 {placed}, 落空 {unplaced}; 差距 {gap}; {timed.seconds:.2f} 秒",
        f"{timed.line.number} {timed.kind}: {hit} hit, {moved} moved ({timed.answer.beyond} beside), "
        f"{placed} placed, {unplaced} left out; gap {gap}; {timed.seconds:.2f} s",
    )


def _sums(done: Replanned) -> dict[str, Any]:
    plan, verdict = done.plan, done.verdict
    return {
        "objective": plan.objective,
        "bound": plan.bound,
        "gap_percent": rounded(verdict.gap_percent),
        "entries": plan.entries,
        "unplaced": plan.unplaced,
        "problem": str(done.problem_folder),
        "plan": str(done.plan_folder),
    }


def _sum(session: Session, sums: dict[str, Any]) -> str:
    gap = _percent(sums["gap_percent"])
    return session.text(
        f"目标 {sums['objective']}, 下界 {sums['bound']}, 差距 {gap}; "
        f"入企 {sums['entries']}, 未排 {sums['unplaced']}; {sums['problem']}, {sums['plan']}",
        f"objective {sums['objective']}, bound {sums['bound']}, gap {gap}; "
        f"{sums['entries']} entries, {sums['unplaced']} unplaced; {sums['problem']}, {sums['plan']}",
    )


def _percent(gap: float | None) -> str:
    return "-" if gap is None else f"{gap:.2f} %"
