"""``wurao audit``: replay the ledger from zero, its digest, and its topic held against it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop, at
from portal.wording.words import label

if TYPE_CHECKING:
    from portal.proof.auditing import Audited
    from streams.logs import Log

app = typer.Typer()

_SHOWN: Final = 50
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

From = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="postgres|kafka|FILE",
        help="从哪里读台账: 数据库, ledger 主题, 或导出文件 / where entries are read",
    ),
]


def _place(text: str) -> int | datetime:
    if text.isdigit():
        return int(text)
    try:
        # A day alone means its end: all that was on record by then.
        return at(f"{text}T23:59:59.999999" if _DAY.fullmatch(text) else text)
    except ValueError:
        raise typer.BadParameter(f"{text}: 2026-12-25, 2026-12-25T09:00, 1234") from None


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="TIME|POSITION",
        help="看那一刻或那一条时的状态, 不作比对 / states as of then; nothing is compared",
    ),
]


@command(app, "replay")
async def replay(
    session: Session,
    states: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STATE]...",
            help="visit/ID, request/ID, quota/..., plan/MONTH; 末尾 / 表示全部 / ending in / for all",
        ),
    ] = None,
    source: From = "postgres",
    as_of: AsOf = None,
) -> None:
    """从第一条记录起重放, 与查询表逐行比对 / rebuild from zero and compare row by row."""
    if as_of is not None:
        await _past(session, source, _place(as_of), states or ())
        return
    from portal.proof import auditing

    async with session.service() as service:
        log = await log_of(session, source)
        total = await service.ledger.position() * (2 if service.database else 1)
        with session.progress("重放", "replaying", total=total) as bar:
            found = await auditing.replay(service, bar, log)
    _tell(session, found)
    data = {
        "entries": found.entries,
        "events_per_second": found.rate,
        "seconds": round(found.seconds, 3),
        "comparing_seconds": round(found.comparing, 3),
        "from": source,
        "root": found.head.root.hex() if found.head else None,
        "differences": len(found.findings),
        "findings": [
            {
                "table": f.table,
                "key": f.key,
                "kind": f.kind,
                "columns": list(f.columns),
                "position": f.position,
                "event": f.event,
            }
            for f in found.findings[:_SHOWN]
        ],
        "damage": found.damage,
        "behind": found.behind,
    }
    if not found.clean:
        raise Stop(Exit.REFUSED, [], data)
    session.result(**data)


def _tell(session: Session, found: Audited) -> None:
    session.tell(
        f"重放 {found.entries} 条记录, 每秒 {found.rate} 条, 差异 {len(found.findings)} 处",
        f"{found.entries} entries replayed, {found.rate} a second, "
        f"{len(found.findings)} differences",
    )
    if found.head:
        root = found.head.root.hex()
        session.tell(f"记录树的根 {root}", f"root of the tree over the entries {root}")
    for finding in found.findings[:_SHOWN]:
        session.line(f"  {finding}")
    if found.damage:
        session.tell(f"台账记录有损: {found.damage}", f"the ledger is damaged: {found.damage}")
    if found.behind:
        session.tell(
            f"所读的台账还缺最后 {found.behind} 条, 未作比对",
            f"what was read lacks the last {found.behind} entries, so nothing was compared",
        )


async def log_of(session: Session, source: str) -> Log | None:
    """Return where entries are to be read, ``None`` for the ledger itself.

    Raises:
        Stop: If there is no broker, or no such file.
    """
    if source == "postgres":
        return None
    if source != "kafka":
        from streams.logs import FileLog

        if not (path := Path(source)).is_file():
            raise typer.BadParameter(f"{source}: 没有这个文件 / there is no such file")
        return FileLog(path)
    from portal.running.stack import NotUpError, broker_address
    from streams.kafka import naming
    from streams.kafka.log import TopicLog

    try:
        return TopicLog(broker_address(session.settings), naming.ledger(session.settings.domain))
    except NotUpError as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "not-up"}) from error


async def _past(
    session: Session, source: str, at: int | datetime, states: tuple[str, ...] | list[str]
) -> None:
    import json

    from portal.proof import past

    log = await log_of(session, source)
    try:
        with session.progress("重放", "replaying") as bar:
            if log is not None:
                found = await past.as_of(log, at, states, bar)
            else:
                async with session.service() as service:
                    found = await past.as_of(service.ledger, at, states, bar)
    except past.UnknownKindError as error:
        raise typer.BadParameter(str(error)) from None
    recorded = found.recorded.isoformat() if found.recorded else "-"
    session.tell(
        f"截至第 {found.position} 条 (记录于 {recorded})",
        f"as of entry {found.position}, recorded {recorded}",
    )
    shown = {
        key: {"written_by": found.written.get(key), "state": past.plain(state)}
        for key, state in found.states.items()
    }
    for key, each in shown.items():
        session.line(f"{key}  <- {each['written_by']}")
        session.line(json.dumps(each["state"], ensure_ascii=False, indent=2))
    session.result(position=found.position, recorded=found.recorded, states=shown)


@command(app, "digest")
async def digest(session: Session) -> None:
    """台账摘要: 摘要相同, 台账相同 / one SHA-256 over the whole ledger."""
    from streams.digest import digest as digest_of

    async with session.service() as service:
        position = await service.ledger.position()
        found = await digest_of(service.ledger.entries(until=position))
    session.line(f"{found}  {position}")
    session.result(digest=found, entries=position)


@command(app, "topic")
async def topic(session: Session) -> None:
    """核对 ledger 主题: 每条一次, 次序不乱 / every entry once and in order in the ledger topic."""
    from portal.running.stack import NotUpError, broker_address
    from streams.kafka import naming
    from streams.kafka.audit import check_topic

    try:
        broker = broker_address(session.settings)
    except NotUpError as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "not-up"}) from error
    async with session.service() as service:
        name = naming.ledger(session.settings.domain)
        found = await check_topic(broker, name, service.ledger)
    counts = {
        "entries": found.entries,
        "records": found.records,
        "last": found.last,
        "behind": found.behind,
        "missing": list(found.missing),
        "repeated": list(found.repeated),
        "disordered": list(found.disordered),
        "different": list(found.different),
    }
    for what, count in counts.items():
        session.line(f"{what:<11} {count}")
    if not found.clean:
        raise Stop(Exit.REFUSED, [], counts)
    session.result(**counts)


@command(app, "papers")
async def papers(session: Session) -> None:
    """纸质批示清单 / decisions entered from paper: the day on each, who entered it, its picture."""
    from portal.proof.evidence import signed

    async with session.service() as service:
        found = await signed(service)
    columns = [
        ("申请", "request"),
        ("角色", "role"),
        ("签字人", "signatory"),
        ("签批日期", "signed on"),
        ("录入人", "entered by"),
        ("录入时间", "entered"),
        ("照片", "picture"),
    ]
    here = {True: session.text("已存", "kept"), False: session.text("缺", "missing")}
    rows = [
        (
            each.request.id,
            label(each.approval.role, session.lang),
            each.approval.by,
            str(each.approval.paper.signed_on) if each.approval.paper else "-",
            each.approval.entered_by or "-",
            each.approval.at.isoformat(),
            here[each.kept],
        )
        for each in found
    ]
    session.table(columns, rows)
    session.result(
        papers=[
            {
                "request": each.request.id,
                "approval": each.approval.model_dump(mode="json"),
                "kept": each.kept,
            }
            for each in found
        ]
    )
