"""``wurao up``, ``down``, ``worker``, ``relay``, ``watch``, ``planner``: the processes of an installation on Kafka."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    import asyncio

Names = Annotated[
    list[str] | None, typer.Option("--source", help="来源系统 / a system that sends commands")
]
Parent = Annotated[int | None, typer.Option("--parent", hidden=True, help="end with this process")]
Simulated = Annotated[
    bool, typer.Option("--simulated", help="跟随演示时钟 / follow a demonstration's clock")
]
Port = Annotated[
    int | None,
    typer.Option(
        "--health",
        metavar="PORT",
        min=0,
        max=65535,
        help="本机端口: 运行状况和指标 / a port of this machine for health and metrics",
    ),
]
Member = Annotated[
    str | None,
    typer.Option("--member", help="固定名称, 重启后立即续接 / a fixed name of this worker"),
]


def add(app: typer.Typer) -> None:
    """Register the commands."""
    command(app, "up")(up)
    command(app, "down")(down)
    command(app, "worker")(worker)
    command(app, "relay")(relay)
    command(app, "watch")(watch)
    command(app, "planner")(planner)


async def up(
    session: Session,
    source: Names = None,
    *,
    secure: Annotated[
        bool,
        typer.Option("--secure", help="TLS、密码和访问控制 / with TLS, passwords and access lists"),
    ] = False,
) -> None:
    """启动本机 Kafka 并建立主题 / start the local broker and make the topics."""
    from portal.running.stack import NotUpError
    from portal.running.stack import up as bring_up
    from streams.kafka.jars import NoBroker
    from streams.kafka.passwords import PasswordFileError
    from streams.kafka.topics import TopicError

    try:
        with session.waiting("正在启动 Kafka", "starting the broker"):
            address, report = await bring_up(session.settings, source or (), secure=secure)
    except (NoBroker, NotUpError, PasswordFileError, TopicError) as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "broker"}) from error
    session.tell(
        f"Kafka 在 {address}; 新建主题 {len(report.created)} 个, 已有 {len(report.present)} 个",
        f"the broker is at {address}; {len(report.created)} topics made, {len(report.present)} there",
    )
    for difference in report.differing:
        session.line(f"  {difference}")
    session.result(
        broker=address,
        created=list(report.created),
        present=list(report.present),
        differing=[str(each) for each in report.differing],
    )


async def down(session: Session) -> None:
    """停止本机 Kafka, 数据保留 / stop the local broker; its data stay."""
    import asyncio

    from portal.running.stack import down as bring_down

    stopped = await asyncio.to_thread(bring_down, session.settings)
    if stopped:
        session.tell("Kafka 已停止", "the broker is stopped")
    else:
        session.tell("本机 Kafka 没有在运行", "no local broker was running")
    session.result(stopped=stopped)


async def worker(
    session: Session,
    *,
    bare: Annotated[bool, typer.Option("--bare", help="不用 Faust / without Faust")] = False,
    simulated: Simulated = False,
    member: Member = None,
    health: Port = None,
    parent: Parent = None,
) -> None:
    """接收指令: 从主题到台账 / take commands from the topics into the ledger."""
    from portal.running.processes import WorkerOptions
    from portal.running.processes import worker as work

    options = WorkerOptions(bare=bare, simulated=simulated, member=member, health=health)
    await _until_told(session, lambda stop: work(session.settings, options, stop), parent)


async def planner(
    session: Session,
    *,
    simulated: Simulated = False,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region",
            metavar="DOMAIN",
            help="为哪些地区排程, 可多次 / a domain whose jobs to solve; may be repeated",
        ),
    ] = None,
    claim: Annotated[
        float,
        typer.Option(
            "--claim",
            min=1,
            metavar="SECONDS",
            help="认领时限: 进程中断后任务等多久 / how long a job waits whose planner was killed",
        ),
    ] = 60,
    health: Port = None,
    parent: Parent = None,
) -> None:
    """排程进程: 认领任务, 求解, 交回草案 / claim planning jobs, solve, hand the drafts in."""
    from datetime import timedelta

    from portal.running.processes import PlannerOptions
    from portal.running.processes import planner as plan

    options = PlannerOptions(
        simulated=simulated,
        regions=region or (),
        claim=timedelta(seconds=claim),
        health=health,
    )
    await _until_told(session, lambda stop: plan(session.settings, options, stop), parent)


async def relay(session: Session, health: Port = None, parent: Parent = None) -> None:
    """发布台账: 依次写入各主题 / publish the ledger's entries, in order."""
    from portal.running.processes import relay as publish

    await _until_told(session, lambda stop: publish(session.settings, stop, health), parent)


async def watch(
    session: Session,
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="列出并与台账重放比对 / print, and compare with a replay"),
    ] = False,
    health: Port = None,
    parent: Parent = None,
) -> None:
    """统计与预警: 随台账滚动计数 / keep counters and alerts over the ledger's topic."""
    from portal.running.processes import watch as look

    if check:
        await _checked(session)
    else:
        await _until_told(session, lambda stop: look(session.settings, stop, health), parent)


async def _checked(session: Session) -> None:
    """Print what is counted and what is alarming, and stop with 1 where a replay comes to another."""
    from portal.proof.watching import check
    from portal.running.stack import NotUpError, broker_address

    try:
        broker = broker_address(session.settings)
    except NotUpError as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "not-up"}) from error
    async with session.service() as service:
        found = await check(broker, session.settings.domain, service.ledger)
    for month, counts in sorted(found.counters["counts"].items()):
        for type_, count in sorted(counts.items()):
            session.line(f"{month}  {count:>9,}  {type_}")
    alerts = sorted(found.alerts.values(), key=lambda alert: int(alert["position"]))
    for alert in alerts:
        session.line(f"{alert['since']}  {alert['rule']}  {alert['about']}")
    session.tell(
        f"已计 {found.position} 条, 尚有 {found.behind} 条; 预警 {len(alerts)} 件, "
        f"与重放不同 {len(found.differing)} 处",
        f"{found.position} entries counted, {found.behind} to come; {len(alerts)} alerts, "
        f"{len(found.differing)} differences from the replay",
    )
    data = {
        "position": found.position,
        "behind": found.behind,
        "counts": found.counters["counts"],
        "alerts": alerts,
        "differing": list(found.differing),
    }
    if found.differing:
        raise Stop(Exit.REFUSED, list(found.differing), data)
    session.result(**data)


async def _until_told(
    session: Session,
    body: Callable[[asyncio.Event], Awaitable[None]],
    parent: int | None,
) -> None:
    """Run a process until it is asked to end, and say so where it cannot go on."""
    from portal.running.processes import NoTopicsError, until_told
    from portal.running.stack import NotUpError
    from streams.kafka.access import AWAY
    from streams.patience import EXIT, Outage

    async with until_told(parent) as stop:
        try:
            await body(stop)
        except Outage as outage:
            session.err.print(str(outage), markup=False)
            raise SystemExit(EXIT) from outage
        except AWAY as error:
            # Once it runs it waits for a broker; while it starts it finds none to wait for.
            text = session.text("Kafka 不在", "the broker is away")
            session.err.print(f"{text}: {type(error).__name__}: {error}", markup=False)
            raise SystemExit(EXIT) from error
        except (NotUpError, NoTopicsError) as error:
            raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "not-up"}) from error
    session.result()
