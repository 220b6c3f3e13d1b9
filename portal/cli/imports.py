"""``wurao import``: sheets and documents from people who keep them in spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, get_args

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from portal.importing import counter
from portal.importing.history import Evidence
from portal.importing.run import Report
from portal.wording.refusals import as_json, lines, objections_of
from streams.ports import Effect

app = typer.Typer(name="import", help="导入 / import sheets and documents", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV (UTF-8, GBK), XLSX, XLS, ODS")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="只预演, 不写入 / tell what would happen, write nothing")
]


@command(app, "departments")
async def departments(session: Session, file: File, dry_run: DryRun = False) -> None:
    """部门 / departments."""
    await _sheet(session, "departments", file, dry_run)


@command(app, "officers")
async def officers(session: Session, file: File, dry_run: DryRun = False) -> None:
    """执法人员 / officers."""
    await _sheet(session, "officers", file, dry_run)


@command(app, "enterprises")
async def enterprises(session: Session, file: File, dry_run: DryRun = False) -> None:
    """企业 / enterprises."""
    await _sheet(session, "enterprises", file, dry_run)


@command(app, "items")
async def items(session: Session, file: File, dry_run: DryRun = False) -> None:
    """检查事项 / inspection items."""
    await _sheet(session, "items", file, dry_run)


@command(app, "requests", acts=True)
async def requests(session: Session, file: File, dry_run: DryRun = False) -> None:
    """入企申请 / visit requests."""
    await _sheet(session, "requests", file, dry_run)


@command(app, "problems", acts=True)
async def problems(session: Session, file: File, dry_run: DryRun = False) -> None:
    """企业问题: 短信、电话访问、圆桌会议等 / problems that enterprises told of."""
    await _sheet(session, "problems", file, dry_run)


@command(app, "pairings", acts=True)
async def pairings(session: Session, file: File, dry_run: DryRun = False) -> None:
    """包联名单 / officials paired with enterprises."""
    await _sheet(session, "pairings", file, dry_run)


@command(app, "tiers", acts=True)
async def tiers(session: Session, file: File, dry_run: DryRun = False) -> None:
    """每月红黑榜和风险分级 / the month's credit tiers and risk classes."""
    await _sheet(session, "tiers", file, dry_run)


@command(app, "history")
async def history(
    session: Session,
    file: File,
    evidence: Annotated[
        str,
        typer.Option(
            "--evidence",
            help="依据 / evidence: registered, reported, estimated, generated",
        ),
    ] = "registered",
    dry_run: DryRun = False,
) -> None:
    """去年入企记录, 作为对比基数 / last year's visits, as the baseline."""
    if evidence not in get_args(Evidence):
        raise typer.BadParameter(", ".join(get_args(Evidence)), param_hint="--evidence")
    async with session.service() as real:
        service = real.trial() if dry_run else real
        with session.progress("导入", "importing") as bar:
            report = await counter.import_history(
                service,
                file,
                at=session.now,
                evidence=evidence,  # type: ignore[arg-type]  # checked above
                dry_run=dry_run,
                progress=bar,
            )
    _tell(session, report)


@command(app, "calendars")
async def calendars(
    session: Session,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="YAML")],
) -> None:
    """工作日历 / working calendars."""
    async with session.service() as service:
        found = await counter.import_calendars(service, files, at=session.now)
    _documents(session, [(str(path), effect) for path, effect in found])


@command(app, "policy")
async def policy(
    session: Session,
    names: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="YAML 或随附名称 / or a shipped policy's name"),
    ],
    as_if_from: Annotated[
        datetime | None,
        typer.Option("--as-if-from", formats=["%Y-%m-%d"], help="视同自该日起施行 / as if from"),
    ] = None,
) -> None:
    """政策规则包: 由低到高 / a stack of policies, lowest first."""
    day = as_if_from.date() if as_if_from else None
    async with session.service() as service:
        adopted, effect = await counter.import_policy(
            service, names, at=session.now, as_if_from=day
        )
    stack = " < ".join(f"{layer.policy} v{layer.version}" for layer in adopted.layers)
    _documents(session, [(stack, effect)])


async def _sheet(session: Session, kind: str, file: Path, dry_run: bool) -> None:
    async with session.service() as real:
        service = real.trial() if dry_run else real
        with session.progress("导入", "importing") as bar:
            report = await counter.import_sheet(
                service, kind, file, at=session.now, dry_run=dry_run, progress=bar
            )
    _tell(session, report)


def _tell(session: Session, report: Report) -> None:
    """Tell what became of a file.

    Raises:
        Stop: If rows have to be mended: exit code 3, the report told all the same.
    """
    summary(session, report)
    columns = [
        ("行", "row"),
        ("列", "column"),
        ("内容", "value"),
        ("问题与办法", "reason and fix"),
    ]
    rows = [
        (
            fault.row,
            fault.column,
            fault.value[:40],
            session.text(
                f"{fault.reason.zh}; {fault.fix.zh}", f"{fault.reason.en}; {fault.fix.en}"
            ),
        )
        for fault in report.faults
    ]
    if rows:
        session.table(columns, rows)
    if report.handback:
        session.tell(
            f"有问题的行已写回 {report.handback}, 改好后原样再导入即可",
            f"rows to be mended are in {report.handback}; correct it and import it again",
        )
    if not report.clean:
        raise Stop(Exit.BAD_ROWS, [], report.plain())
    session.result(**report.plain())


def summary(session: Session, report: Report) -> None:
    """Tell in numbers what became of a file."""
    if report.dry_run:
        session.tell("预演, 未写入任何内容", "a dry run: nothing was written")
    session.tell(
        f"{report.path.name} ({report.encoding}): {report.rows} 行, 接收 {report.taken}, "
        f"已有 {report.repeated}, 退回 {report.refused}, 有误 {report.faulty}, "
        f"提醒 {report.warnings}",
        f"{report.rows} rows: {report.taken} taken, {report.repeated} known, "
        f"{report.refused} refused, {report.faulty} faulty, {report.warnings} warnings",
    )
    for heading, near in report.unknown_columns:
        zh, en = (f", 是否“{near}”?", f", did you mean {near}?") if near else ("", "")
        session.tell(f"不认得的列“{heading}”, 已忽略{zh}", f"unknown column {heading} ignored{en}")


def _documents(session: Session, found: Sequence[tuple[str, Effect | None]]) -> None:
    """Tell what became of documents.

    Raises:
        Stop: If one was refused.
    """
    refused = [effect for _, effect in found if effect and effect.status != "accepted"]
    for name, effect in found:
        if effect is None:
            session.tell(f"{name}: 已在使用", f"{name}: in use already")
        elif effect.status == "accepted":
            session.tell(f"{name}: 已启用", f"{name}: adopted")
        else:
            session.line(f"{name}: {session.text('退回', 'refused')}")
            for line in lines(objections_of(effect), session.lang):
                session.line(line)
    listed = [
        {
            "document": name,
            "status": effect.status if effect else "repeated",
            "objections": as_json(objections_of(effect)) if effect else [],
        }
        for name, effect in found
    ]
    if refused:
        raise Stop(Exit.REFUSED, [], {"documents": listed})
    session.result(documents=listed)
