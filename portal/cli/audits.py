"""``wurao audit``: replay the ledger from zero, and its digest."""

from __future__ import annotations

from typing import Annotated

import typer

from portal import auditing
from portal.cli.acting import Month, missing
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


@command(app, "resolve")
async def resolve(
    session: Session,
    month: Month,
    version: Annotated[int | None, typer.Option(min=1, help="第几版 / version")] = None,
) -> None:
    """按台账重做一次排程, 与发布的计划比对 / plan again from the ledger and compare."""
    from portal import resolving

    async with session.service() as service:
        try:
            with session.progress("重做", "planning again") as bar:
                found = await resolving.resolve(service, month, version, bar)
        except resolving.NotOnRecordError as error:
            zh, _, en = str(error).partition(" / ")
            raise missing(session, zh, en) from None
    verdict = found.verdict
    if found.equal:
        session.tell(
            f"{month} 第 {found.version} 版: 重做到第 {found.step} 步, 计划完全相同",
            f"version {found.version}: planned again to step {found.step}, the very same plan",
        )
    elif verdict is not None:
        session.tell(
            f"重做的计划不同 ({found.solver} / {found.engine}); 独立核验: 违规 "
            f"{verdict.breaches_total} 处, 目标 {verdict.value.objective}, 价格可证下界 "
            f"{verdict.bound.points}",
            f"another plan came of it ({found.solver} / {found.engine}); verified on its own: "
            f"{verdict.breaches_total} breaches, objective {verdict.value.objective}, bound by its "
            f"prices {verdict.bound.points}",
        )
    data = {
        "month": month,
        "version": found.version,
        "equal": found.equal,
        "stands": found.stands,
        "seed": found.seed,
        "step": found.step,
        "solver": found.solver,
        "engine": found.engine,
        "snapshot": found.snapshot,
        "entries": found.cut,
        "breaches": verdict.breaches_total if verdict else 0,
        "claims": [c.name for c in verdict.claims] if verdict else [],
        "bound_by_prices": verdict.bound.points if verdict else None,
    }
    if not found.stands:
        raise Stop(Exit.REFUSED, [], data)
    session.result(**data)


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
