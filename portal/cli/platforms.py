"""``wurao platform``: another platform's checks come in under its own numbers, our answers go out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from portal import platform
from portal.cli.command import command
from portal.cli.imports import summary
from portal.cli.session import Exit, Session, Stop

app = typer.Typer(
    name="platform", help="上级平台: 外码先行 / another platform's numbers", no_args_is_help=True
)

Out = Annotated[Path, typer.Argument(metavar="OUT", help=".csv | .jsonl")]


@command(app, "exchange", acts=True)
async def exchange(
    session: Session,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="平台导出的检查 / its export, CSV, XLSX")
    ],
    out: Out,
) -> None:
    """收检查码, 回检查结论和计划 / take its checks, bind its numbers, answer each; repeat at will."""
    _may_be_written(out)
    async with session.service() as service:
        with session.progress("导入", "importing") as bar:
            found = await platform.exchange(service, file, out, at=session.now, progress=bar)
    summary(session, found.report)
    session.tell(
        f"已答复 {found.answers} 个检查码, 新绑定 {found.bound} 个: {out}",
        f"{found.answers} numbers answered, {found.bound} bound now: {out}",
    )
    told = {"file": str(out), "answers": found.answers, "bound": found.bound}
    if not found.report.clean:
        raise Stop(Exit.BAD_ROWS, [], {**told, **found.report.plain()})
    session.result(**told, rows=found.report.rows, taken=found.report.taken)


@command(app, "export")
async def export(
    session: Session,
    out: Out,
    month: Annotated[str, typer.Option(help="月份 / month: 2026-12")],
) -> None:
    """一个月的检查与计划, 交监管平台 / a month's checks and plan, for a supervision platform."""
    _may_be_written(out)
    async with session.service() as service:
        rows = await platform.month(service.queries, month, out)
    session.tell(f"已导出 {rows} 行: {out}", f"{rows} rows exported: {out}")
    session.result(file=str(out), rows=rows)


def _may_be_written(out: Path) -> None:
    if out.suffix not in platform.FORMATS:
        raise typer.BadParameter(" | ".join(platform.FORMATS), param_hint="OUT")
