"""``wurao annual``: the year's plan of a department, from filing to publication (年初备案)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from portal.cli.acting import By, Key, act, clerk, missing, office
from portal.cli.command import bad_values, command
from portal.cli.session import Exit, Session, Stop
from portal.importing.annual import read_lines
from portal.importing.faults import BadFile
from portal.matters import annual as filed
from portal.running.service import Service
from portal.wording.words import label
from scheduler import keys
from scheduler.annual.states import AnnualState
from schemas import annual_commands as c
from schemas.annual import AnnualLine
from schemas.visits import Decision

app = typer.Typer(name="annual", help="年初备案 / annual plans", no_args_is_help=True)

Department = Annotated[str, typer.Argument(metavar="DEPARTMENT", help="部门 / department")]
Year = Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2100, help="年份 / year")]


@command(app, "file", acts=True)
async def file(
    session: Session,
    *,
    department: Department,
    year: Year,
    sheet: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, XLS, ODS")],
    reason: Annotated[
        str | None, typer.Option(help="调整理由 / why an approved plan is amended")
    ] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """备案或调整; 一行一条 / file a plan or amend it; one row, one line."""
    lines = _lines(session, sheet)
    with bad_values():
        asked = c.FileAnnual(department=department, year=year, lines=lines, reason=reason)
    async with session.service() as service:
        await act(session, service, asked, clerk(department, by), key)
        state = await _known(session, service, department, year)
    session.tell(
        f"已备案: {len(lines)} 行, 第 {state.filed.version} 版",
        f"filed: {len(lines)} lines, version {state.filed.version}",
    )
    session.result(**_told(state))


def _lines(session: Session, sheet: Path) -> tuple[AnnualLine, ...]:
    try:
        rows = read_lines(sheet)
    except BadFile as bad:
        raise Stop(Exit.REFUSED, [bad.told(session.lang)], {"error": "bad-file"}) from None
    faults = [f"{row.number}: {f.told(session.lang)}" for row in rows for f in row.faults]
    if faults:
        raise Stop(Exit.REFUSED, faults, {"error": "bad-rows", "rows": faults})
    return tuple(row.value for row in rows if row.value is not None)


@command(app, "decide", acts=True)
async def decide(
    session: Session,
    *,
    department: Department,
    year: Year,
    refuse: Annotated[
        str | None, typer.Option("--refuse", metavar="REASON", help="退回的理由 / send it back")
    ] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """批准等待的版本, 或者退回 / approve the version that waits, or send it back."""
    async with session.service() as service:
        state = await _known(session, service, department, year)
        asked = c.DecideAnnual(
            department=department,
            year=year,
            version=state.filed.version,
            decision=Decision.REFUSED if refuse else Decision.APPROVED,
            reason=refuse,
        )
        await act(session, service, asked, office(by), key)
        state = await _known(session, service, department, year)
    session.tell(label(state.status, session.lang), label(state.status, session.lang))
    session.result(**_told(state))


@command(app, "publish", acts=True)
async def publish(
    session: Session, *, department: Department, year: Year, by: By = None, key: Key = None
) -> None:
    """公布已批准的版本 / publish the approved version."""
    asked = c.PublishAnnual(department=department, year=year)
    async with session.service() as service:
        await act(session, service, asked, office(by), key)
        state = await _known(session, service, department, year)
    session.tell("已公布", "published")
    session.result(**_told(state))


@command(app, "list")
async def list_(
    session: Session,
    *,
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="年份 / year")] = None,
) -> None:
    """各部门备案、引用和计划外情况 / who filed, how much was asked for, how much off-plan."""
    today = session.now.date()
    async with session.service() as service:
        rows = await filed.plans(service.queries, year or today.year, today)
    columns = [("部门", "department"), ("状态", "status"), ("计划行", "lines")]
    columns += [("户次", "entries"), ("引用", "cited"), ("计划外", "off-plan"), ("逾期", "late")]
    session.table(
        columns,
        [
            (
                row.department,
                label(row.status, session.lang)
                if row.status
                else session.text("未备案", "not filed"),
                row.lines,
                row.entries,
                row.cited,
                row.off_plan,
                session.text("是", "yes") if row.late else "",
            )
            for row in rows
        ],
    )
    session.result(plans=[{name: getattr(row, name) for name in row.__slots__} for row in rows])


@command(app, "show")
async def show(session: Session, *, department: Department, year: Year) -> None:
    """一个部门的年度计划 / one plan, line by line."""
    async with session.service() as service:
        state = await _known(session, service, department, year)
        uses = await filed.uses_of(service.queries, department, year)
    stands = state.approved or state.filed
    session.table(
        [
            ("计划行", "line"),
            ("事项", "items"),
            ("月份", "months"),
            ("户次", "n"),
            ("引用", "cited"),
        ],
        [
            (
                line.id,
                ", ".join(line.items),
                ", ".join(map(str, line.months)),
                line.number,
                uses.of(line.id),
            )
            for line in stands.lines
        ],
    )
    session.result(**_told(state), cited=dict(uses.by_line), off_plan=uses.off_plan)


async def _known(session: Session, service: Service, department: str, year: int) -> AnnualState:
    state = await service.queries.get(AnnualState, keys.annual(department, year))
    if state is None:
        what = f"{department} {year}"
        raise missing(session, f"没有年度计划: {what}", f"there is no annual plan: {what}")
    return state


def _told(state: AnnualState) -> dict[str, Any]:
    return {
        "department": state.department,
        "year": state.year,
        "version": state.filed.version,
        "status": state.status.value,
        "late": state.late,
        "approved": state.approved.version if state.approved else None,
        "published": state.published or None,
        "lines": [line.model_dump(mode="json") for line in (state.approved or state.filed).lines],
    }
