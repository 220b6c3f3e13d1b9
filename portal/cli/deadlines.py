"""``wurao deadline``: what is due when, and letting pass what is over."""

from __future__ import annotations

import typer

from portal.cli.command import command
from portal.cli.session import Session
from streams.timers import Timer

app = typer.Typer(name="deadline", help="办理时限 / deadlines", no_args_is_help=True)


@command(app, "list")
async def list_(session: Session) -> None:
    """未办结的时限, 先到期的在前 / open deadlines, the next due first."""
    async with session.service() as service:
        waiting = await Timer(service.queries, service.submit, service.clock).waiting()
    columns = [
        ("到期", "due"),
        ("状态", "standing"),
        ("规则", "rule"),
        ("事项", "about"),
        ("责任人", "owner"),
    ]
    rows = []
    for judged in waiting:
        day = str(judged.due.day)
        if judged.due.provisional:
            day += session.text(
                f" (待 {judged.due.awaits} 年日历)", f" (awaits {judged.due.awaits})"
            )
        state = judged.deadline
        rows.append(
            (day, judged.standing.value, state.rule, state.about, f"{state.owner} {state.to}")
        )
    session.table(columns, rows)
    session.result(
        deadlines=[
            {
                "id": judged.deadline.id,
                "rule": judged.deadline.rule,
                "about": judged.deadline.about,
                "owner": judged.deadline.owner,
                "to": judged.deadline.to,
                "due": str(judged.due.day),
                "provisional": judged.due.provisional,
                "standing": judged.standing.value,
            }
            for judged in waiting
        ]
    )


@command(app, "run")
async def run(session: Session) -> None:
    """记录已过期的时限, 并发出通知 / record what has passed, and tell people."""
    from portal.matters import digest
    from portal.notifying import channel_of
    from portal.pages.reception import Reception

    channel = channel_of(session.settings)
    async with session.service() as service:
        lapsed = await service.tick()
        told = await service.deliver(channel)
        desk = Reception.of(service).desk
        told += await digest.tell(service, desk, channel, session.settings.digest_hours)
    session.tell(f"过期 {lapsed} 项, 通知 {told} 条", f"{lapsed} lapsed, {told} notices sent")
    session.result(lapsed=lapsed, notices=told)
