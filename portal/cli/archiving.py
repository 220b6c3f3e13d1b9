"""``wurao audit export``, ``check``, ``import``: archive packages, made here and checked anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from portal.archives.check import Checked
    from portal.archives.make import Packed
    from portal.running.service import Service

_log = structlog.get_logger("wurao.security")

File = Annotated[Path, typer.Argument(metavar="FILE", help="归档包 / the package: .zip")]
First = Annotated[str | None, typer.Option("--from", metavar="DAY", help="起始日 / first day")]
Last = Annotated[str | None, typer.Option("--to", metavar="DAY", help="截止日 / last day")]


def add(app: typer.Typer) -> None:
    """Register the commands."""
    command(app, "export")(export)
    command(app, "check")(check)
    command(app, "import")(import_)
    command(app, "security")(security)


async def export(
    session: Session,
    file: File,
    *,
    visit: Annotated[
        str | None, typer.Option("--visit", metavar="ID", help="一次入企 / a visit")
    ] = None,
    first: First = None,
    last: Last = None,
    whole: Annotated[
        bool, typer.Option("--complete", help="整本台账, 供他处重放 / the whole ledger, to replay")
    ] = False,
) -> None:
    """归档: 一次入企、一段时间或整本台账 / write an archive package of a visit, a period or all."""
    from portal.archives.make import NothingToPackError

    period = (_day(first), _day(last)) if first and last else None
    if [visit is not None, period is not None, whole].count(True) != 1:
        raise typer.BadParameter("--visit ID | --from DAY --to DAY | --complete")
    if file.suffix.casefold() != ".zip":
        raise typer.BadParameter(f"{file.name}: .zip", param_hint="FILE")
    async with session.service() as service:
        try:
            with session.waiting("正在归档", "packing"):
                found = await _made(service, file, visit, period)
        except NothingToPackError as error:
            raise Stop(Exit.REFUSED, [str(error)], {"error": "nothing"}) from None
    _log.info("exported", file=str(found.path), visit=visit, period=period, manifest=found.manifest)
    session.tell(
        f"{found.path}: 记录 {found.entries} 条, 只留摘要 {found.withheld} 条, 文书 {found.papers} 份, "
        f"有存证 {found.sealed} 条",
        f"{found.entries} entries, {found.withheld} by their hash alone, {found.papers} papers, "
        f"{found.sealed} with a proof",
    )
    session.line(f"SHA-256 {found.manifest}")
    session.result(**{**asdict(found), "path": str(found.path)})


async def _made(
    service: Service, file: Path, visit: str | None, period: tuple[date, date] | None
) -> Packed:
    from portal.archives import make

    if visit is not None:
        return await make.of_visit(service, visit, file)
    if period is not None:
        return await make.of_period(service, *period, file)
    return await make.complete(service, file)


async def check(
    session: Session,
    file: File,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY", help="台账或见证人的验证公钥 / a verifier key"),
    ] = None,
) -> None:
    """核验归档包, 不需要台账 / check a package; no ledger is needed."""
    import asyncio

    from portal.archives.check import check as checked

    with _packages():
        found = await asyncio.to_thread(checked, file, key or ())
    _tell(session, found)


async def import_(session: Session, file: File) -> None:
    """核验并收下归档包; 整本台账导入空处 / check a package and take it in."""
    from portal.archives.check import take_in

    async with session.service() as service:
        with _packages(), session.waiting("正在导入", "taking it in"):
            found, entries = await take_in(service, file, session.settings.data / "archive")
    _log.info("imported", file=str(file), kind=found.kind, manifest=found.manifest)
    if entries:
        session.tell(f"已导入 {entries} 条记录", f"{entries} entries taken in")
    _tell(session, found, taken=entries)


async def security(
    session: Session,
    first: First = None,
    last: Last = None,
    purge: Annotated[
        bool, typer.Option("--purge", help="删除期满的月份 / delete months that are over")
    ] = False,
) -> None:
    """安全日志: 登录、拒绝、导出、删除 / the security log; kept six months at least."""
    from portal.matters import privacy
    from portal.running.securitylog import LEAST_MONTHS, security_log
    from schemas.privacy import Keeps

    log = security_log(session.settings.security)
    period = _day(first or "1970-01-01"), _day(last or "9999-12-31")
    lines = list(log.lines(*period))
    for line in lines:
        more = {name: value for name, value in line.items() if name not in {"at", "event"}}
        session.line(f"{line['at']}  {line['event']:<16} {more}")
    gone: list[str] = []
    if purge:
        async with session.service() as service:
            adopted = await privacy.retention(service.queries)
        class_ = adopted.covering(Keeps.SECURITY_LOG) if adopted else None
        gone = log.purge(max(LEAST_MONTHS, class_.months if class_ else LEAST_MONTHS))
        session.tell(f"已删除 {len(gone)} 个月", f"{len(gone)} months deleted")
    session.result(lines=lines, deleted=gone)


def _tell(session: Session, found: Checked, **more: int) -> None:
    session.tell(
        f"归档包完好: {found.kind} {found.about}, 记录 {found.entries} 条, 只留摘要 "
        f"{found.withheld} 条, 文书 {found.papers} 份, 状态 {found.states} 个重算相同",
        f"the package is sound: {found.entries} entries, {found.withheld} by their hash, "
        f"{found.papers} papers, {found.states} states folded anew and the same",
    )
    if found.size:
        who = ", ".join(found.signers) or session.text("未给公钥", "no key was given")
        session.tell(
            f"{found.proven} 条可证在 {found.size} 条的存证点内; 签名: {who}",
            f"{found.proven} entries are proven to be among the {found.size} of the checkpoint",
        )
    if found.retention:
        session.tell(
            f"保管期限 {found.retention['class']}: 至 {found.retention['until']}",
            f"to be kept until {found.retention['until']}",
        )
    session.line(f"SHA-256 {found.manifest}")
    session.result(**{**asdict(found), "signers": list(found.signers), **more})


@contextmanager
def _packages() -> Iterator[None]:
    from portal.archives.package import BadPackageError

    try:
        yield
    except BadPackageError as error:
        raise Stop(
            Exit.REFUSED, [str(error)], {"error": "bad-package", "why": str(error)}
        ) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text}: 2026-12-25") from None
