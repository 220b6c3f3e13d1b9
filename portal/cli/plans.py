"""``wurao plan``: close a month, solve it, put the draft to the departments, publish it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from portal.cli.acting import By, Key, Month, act, clerk, missing, office
from portal.cli.command import bad_values, command
from portal.cli.searching import (
    Ending,
    Memory,
    Pins,
    Seconds,
    Steps,
    drafted,
    limits_of,
    pins_of,
)
from portal.cli.session import Session
from portal.plans import planning
from portal.running.service import Service
from portal.wording.words import label
from scheduler import keys
from scheduler.states import DraftState, MonthState
from schemas.commands import AnswerPlan, CloseMonth, PublishPlan
from schemas.plans import Answer, AnswerKind, PlanBody, Unplaced

app = typer.Typer()

Version = Annotated[
    int | None,
    typer.Option("--version", min=1, help="第几版 / version; 默认最新 / default: newest"),
]
Names = dict[str, str]


@command(app, "close", acts=True)
async def close(session: Session, month: Month, by: By = None, key: Key = None) -> None:
    """截止该月申请 / close the month's requests."""
    async with session.service() as service:
        with bad_values():
            asked = CloseMonth(month=month)
        await act(session, service, asked, office(by), key)
    session.tell(f"{month}: 申请已截止", f"{month}: requests are closed")
    session.result(month=month, closed=True)


@command(app, "solve", acts=True)
async def solve(
    session: Session,
    *,
    month: Month,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 / seed")] = 0,
    steps: Steps = None,
    seconds: Seconds = None,
    memory: Memory = None,
    pin: Pins = None,
    by: By = None,
    key: Key = None,
) -> None:
    """排程并提交草案 / plan the month and submit the draft."""
    order = planning.Order(
        month=month,
        earliest=session.now.date(),
        seed=seed,
        limits=limits_of(steps),
        pins=pins_of(pin),
    )
    async with session.service() as service:
        version, body, ended = await drafted(
            session, service, order, Ending(seconds=seconds, memory=memory, by=by, key=key)
        )
    summary(session, month, version, body)
    session.result(month=month, version=version, ended=ended, **figures(body))


@command(app, "show")
async def show(session: Session, month: Month, version: Version = None) -> None:
    """查看一版计划 / show a version of the plan."""
    async with session.service() as service:
        draft = await _draft(session, service, month, version)
        state = await service.queries.get(MonthState, keys.month(month)) or MonthState()
        names = {r["id"]: r["name"] for r in await service.queries.rows("enterprise")}
    summary(session, month, draft.version, draft.body)
    _board(session, draft.body, names)
    for unplaced in draft.body.unplaced:
        session.line(_reason(session, unplaced))
    if state.published == draft.version:
        session.tell("已发布", "published")
    else:
        session.tell(f"反馈截止 {draft.answer_by}", f"answers until {draft.answer_by}")
    session.result(
        month=month,
        version=draft.version,
        published=state.published == draft.version,
        answer_by=str(draft.answer_by),
        **figures(draft.body),
        lines=[line.model_dump(mode="json") for line in draft.body.lines],
        unplaced_requests=[each.model_dump(mode="json") for each in draft.body.unplaced],
        answers=[answer.model_dump(mode="json") for answer in draft.answers],
    )


@command(app, "answer", acts=True)
async def answer(
    session: Session,
    *,
    month: Month,
    visit: Annotated[list[str], typer.Argument(metavar="VISIT...", help="入企编号 / visits")],
    department: Annotated[str, typer.Option(help="部门 / department")],
    kind: Annotated[AnswerKind, typer.Option("--kind", help="答复 / answer")] = AnswerKind.ACCEPT,
    reason: Annotated[str | None, typer.Option(help="理由 / reason, 不同意时必填")] = None,
    version: Version = None,
    by: By = None,
    key: Key = None,
) -> None:
    """部门反馈: 同意, 或不同意日期、合并、牵头 / a department answers the draft."""
    async with session.service() as service:
        draft = await _draft(session, service, month, version, newest=True)
        with bad_values():
            given = tuple(
                Answer(department=department, visit=each, kind=kind, reason=reason)
                for each in visit
            )
            asked = AnswerPlan(month=month, version=draft.version, answers=given)
        await act(session, service, asked, clerk(department, by), key)
    session.tell(f"已反馈 {len(visit)} 项", f"{len(visit)} answers taken")
    session.result(month=month, version=draft.version, answers=len(visit), kind=kind.value)


@command(app, "publish", acts=True)
async def publish(
    session: Session, month: Month, version: Version = None, by: By = None, key: Key = None
) -> None:
    """发布: 按台账再审一遍, 不符则退回 / publish, audited again against the ledger."""
    async with session.service() as service:
        draft = await _draft(session, service, month, version, newest=True)
        asked = PublishPlan(month=month, version=draft.version)
        await act(session, service, asked, office(by), key)
    session.tell(
        f"{month} 第 {draft.version} 版已发布: {len(draft.body.lines)} 次入企",
        f"{month} version {draft.version} is published: {len(draft.body.lines)} visits",
    )
    session.result(month=month, version=draft.version, **figures(draft.body))


async def _draft(
    session: Session, service: Service, month: str, version: int | None, *, newest: bool = False
) -> DraftState:
    """Return the version asked for, else the published one; ``newest`` looks past that."""
    state = await service.queries.get(MonthState, keys.month(month)) or MonthState()
    wanted = version or (not newest and state.published) or state.drafted
    draft = await service.queries.get(DraftState, keys.draft(month, wanted))
    if draft is None:
        raise missing(session, f"{month} 还没有计划", f"there is no plan of {month} yet")
    return draft


def figures(body: PlanBody) -> dict[str, Any]:
    """Return what programs are told of a plan."""
    worth = body.worth
    return {
        "entries": len(body.lines),
        "entries_bound": worth.entries_bound,
        "joint_visits": sum(len(line.parts) > 1 for line in body.lines),
        "placed": sum(len(part.requests) for line in body.lines for part in line.parts),
        "unplaced": len(body.unplaced),
        "objective": worth.objective,
        "bound": worth.bound,
        "levels": [level.model_dump() for level in worth.levels],
        "seed": worth.seed,
        "step": worth.step,
        "solver": worth.solver,
        "snapshot": body.snapshot,
    }


def summary(session: Session, month: str, version: int, body: PlanBody) -> None:
    """Say in two sentences what a plan amounts to."""
    told = figures(body)
    fewer = max(0, told["entries"] - told["entries_bound"])
    session.tell(
        f"{month} 第 {version} 版: 入企 {told['entries']} 次, 其中联合 "
        f"{told['joint_visits']} 次, 排入申请 {told['placed']} 份, 未排 "
        f"{told['unplaced']} 份",
        f"version {version}: {told['entries']} entries, {told['joint_visits']} of them "
        f"joint, {told['placed']} requests placed, {told['unplaced']} without a day",
    )
    session.tell(
        f"排入同样的申请, 任何计划最多再少 {fewer} 次入企",
        f"with the same requests placed, no plan has more than {fewer} entries fewer",
    )


def _board(session: Session, body: PlanBody, names: Names) -> None:
    columns = [
        ("日期", "day"),
        ("企业", "enterprise"),
        ("牵头", "lead"),
        ("部门", "departments"),
        ("事项", "items"),
        ("入企", "visit"),
    ]
    rows = [
        (
            line.day,
            names.get(line.enterprise, line.enterprise),
            line.lead,
            ", ".join(line.departments),
            sum(len(part.items) for part in line.parts),
            line.visit,
        )
        for line in sorted(body.lines, key=lambda line: (line.day, line.enterprise))
    ]
    session.table(columns, rows)
    days = Counter(line.day for line in body.lines)
    session.line("  ".join(f"{day}: {number}" for day, number in sorted(days.items())))


def _reason(session: Session, unplaced: Unplaced) -> str:
    lang = session.lang
    days = ", ".join(
        f"{r.day} {label(r.cause, lang)}" + (f" {r.load}/{r.limit}" if r.limit else "")
        for r in unplaced.days[:5]
    )
    ways = "; ".join(_way(session, unplaced))
    head = session.text("未排", "no day")
    out = session.text("解决办法", "ways out")
    return f"{head} {unplaced.request} ({unplaced.department}): {days}. {out}: {ways or '-'}"


def _way(session: Session, unplaced: Unplaced) -> Sequence[str]:
    return [
        label(way.remedy, session.lang) + (f" {way.day}" if way.day else "")
        for way in unplaced.ways_out
    ]
