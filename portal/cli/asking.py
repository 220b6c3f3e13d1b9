"""``wurao plan ask`` and ``stop``: a plan that a planner process makes, followed over Kafka."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from portal.cli.acting import Key, Month
from portal.cli.command import bad_values, command
from portal.cli.searching import Memory, Seconds, Steps, limits_of
from portal.cli.session import Exit, Session, Stop
from portal.messages import fresh_id

if TYPE_CHECKING:
    from streams.jobs import Jobs

SOURCE = "planner"
Job = Annotated[str, typer.Argument(metavar="JOB", help="任务编号 / the job, as ask prints it")]


def add(app: typer.Typer) -> None:
    """Register the commands with those of plans."""
    command(app, "ask", acts=True)(ask)
    command(app, "stop")(stop)


async def ask(
    session: Session,
    *,
    month: Month,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 / seed")] = 0,
    steps: Steps = None,
    seconds: Seconds = None,
    memory: Memory = None,
    wait: Annotated[
        bool, typer.Option(help="等到有结果, 并显示进展 / show the progress until it is done")
    ] = True,
    key: Key = None,
) -> None:
    """请排程进程排该月 / ask the planner processes for the month's plan."""
    from portal.plans.planner import Wanted
    from scheduler import keys
    from scheduler.states import MonthState
    from streams.ports import CommandKey

    broker = _broker(session) if wait else None  # before anything is posted
    async with session.service() as service:
        jobs = _jobs(session, service.database)
        with bad_values():
            state = await service.queries.get(MonthState, keys.month(month)) or MonthState()
            version = state.drafted + 1
            wanted = Wanted(
                key=CommandKey(SOURCE, key or fresh_id()),
                at=session.now,
                month=month,
                version=version,
                earliest=session.now.date(),
                seed=seed,
                limits=limits_of(steps),
                seconds=seconds,
                memory_mib=memory,
            )
        job = wanted.job
        await jobs.post(job)
        session.tell(f"任务 {job.id}", f"job {job.id}")
        if broker is None:
            session.result(job=job.id)
            return
        await _follow(session, broker, jobs, job.id)
        outcome = await jobs.outcome(job.id)
    if outcome != "accepted":
        raise Stop(Exit.REFUSED, [f"{job.id}: {outcome}"], {"job": job.id, "outcome": outcome})
    session.tell(f"{month}: 第 {version} 版草案已就绪", f"{month}: draft {version} is there")
    session.result(job=job.id, month=month, version=version, outcome=outcome)


async def stop(session: Session, job: Job) -> None:
    """让任务提前结束, 取当时最好的 / let a job end now with the best plan so far."""
    async with session.service() as service:
        jobs = _jobs(session, service.database)
        await jobs.stop(job)
        stopping = await jobs.stopping(job)
    if not stopping:
        told = session.text(f"{job}: 没有此任务, 或已完成", f"{job}: no such job, or it is done")
        raise Stop(Exit.REFUSED, [told], {"error": "no-job", "job": job})
    session.tell(f"{job}: 即将结束", f"{job}: ends at its next step")
    session.result(job=job, stopping=True)


def _jobs(session: Session, database: Any) -> Jobs:  # noqa: ANN401 - known where Postgres is imported
    from streams.postgres.jobs import PostgresJobs

    if database is None:
        told = session.text("任务需要数据库: 设置 WURAO_DSN", "jobs need a database: set WURAO_DSN")
        raise Stop(Exit.ENVIRONMENT, [told], {"error": "no-database"})
    return PostgresJobs(database)


def _broker(session: Session) -> str:
    from portal.running.stack import NotUpError, broker_address

    try:
        return broker_address(session.settings)
    except NotUpError as error:
        raise Stop(Exit.ENVIRONMENT, [str(error)], {"error": "not-up"}) from error


async def _follow(session: Session, broker: str, jobs: Jobs, job: str) -> None:
    """Show a search as its planner tells of it, until its job is done."""
    from schemas.searches import PARTS
    from streams.kafka.searches import reports

    async def done() -> bool:
        return await jobs.outcome(job) is not None

    with session.progress("排程", "planning") as bar:
        async for seen in reports(broker, session.settings.domain, job=job, until=done):
            gap = "-" if seen.gap is None else f"{100 * seen.gap / PARTS:.2f} %"
            zh = f"排程 目标 {seen.objective} 下界 {seen.bound} 差距 {gap} 未排 {seen.unplaced}"
            en = f"planning {seen.objective} bound {seen.bound} gap {gap}"
            bar.says(f"{session.text(zh, en)}  {seen.millis / 1000:.0f} s", seen.step)
