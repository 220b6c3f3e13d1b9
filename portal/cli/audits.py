"""``wurao audit``: replay the ledger from zero, and its digest."""

from __future__ import annotations

import typer

from portal import auditing
from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from streams.digest import digest as digest_of

app = typer.Typer(name="audit", help="审计 / audits", no_args_is_help=True)

_SHOWN = 50


@command(app, "replay")
async def replay(session: Session) -> None:
    """从第一条记录起重放, 与查询表逐行比对 / rebuild from zero and compare row by row."""
    async with session.service() as service:
        total = await service.ledger.position() * (2 if service.database else 1)
        with session.progress("重放", "replaying", total=total) as bar:
            found = await auditing.replay(service, bar)
    session.tell(
        f"重放 {found.entries} 条记录, 差异 {len(found.findings)} 处",
        f"{found.entries} entries replayed, {len(found.findings)} differences",
    )
    for finding in found.findings[:_SHOWN]:
        session.line(f"  {finding}")
    if found.damage:
        session.tell(f"台账记录有损: {found.damage}", f"the ledger is damaged: {found.damage}")
    data = {
        "entries": found.entries,
        "differences": len(found.findings),
        "findings": [
            {"table": f.table, "key": f.key, "kind": f.kind, "columns": list(f.columns)}
            for f in found.findings[:_SHOWN]
        ],
        "damage": found.damage,
    }
    if not found.clean:
        raise Stop(Exit.REFUSED, [], data)
    session.result(**data)


@command(app, "digest")
async def digest(session: Session) -> None:
    """台账摘要: 摘要相同, 台账相同 / one SHA-256 over the whole ledger."""
    async with session.service() as service:
        position = await service.ledger.position()
        found = await digest_of(service.ledger.entries(until=position))
    session.line(f"{found}  {position}")
    session.result(digest=found, entries=position)


@command(app, "topic")
async def topic(session: Session) -> None:
    """核对 ledger 主题: 每条一次, 次序不乱 / every entry once and in order in the ledger topic."""
    from portal.stack import NotUpError, broker_address
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
