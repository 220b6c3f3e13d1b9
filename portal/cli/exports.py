"""``wurao export``: what is on record, as workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from portal.cli.command import command
from portal.cli.session import Session
from portal.exporting import export

app = typer.Typer(name="export", help="导出 / export workbooks", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help=".xlsx")]
Month = Annotated[str | None, typer.Option(help="月份 / month")]


@command(app, "requests")
async def requests(
    session: Session,
    file: File,
    month: Month = None,
    department: Annotated[str | None, typer.Option(help="部门 / department")] = None,
) -> None:
    """入企申请, 改好可再导入 / requests; the file can be changed and imported again."""
    await _export(session, "requests", file, month=month, department=department)


@command(app, "visits")
async def visits(
    session: Session,
    file: File,
    month: Month = None,
    enterprise: Annotated[str | None, typer.Option(help="统一社会信用代码 / USCC")] = None,
) -> None:
    """入企台账 / visits, station by station."""
    await _export(session, "visits", file, month=month, enterprise=enterprise)


async def _export(session: Session, what: str, file: Path, **stated: str | None) -> None:
    if file.suffix.casefold() != ".xlsx":
        raise typer.BadParameter(f"{file.name}: .xlsx", param_hint="FILE")
    equals = {name: value for name, value in stated.items() if value is not None}
    async with session.service() as service:
        with session.progress("导出", "exporting") as bar:
            rows = await export(
                service.queries, what, file, lang=session.lang, progress=bar, **equals
            )
    session.tell(f"已导出 {rows} 行: {file}", f"{rows} rows exported: {file}")
    session.result(file=str(file), rows=rows)
