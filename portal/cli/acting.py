"""Handing one command in, and telling what became of it. Who acts is said in one place."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from portal.cli.session import Exit, Session, Stop
from portal.messages import Sender, fresh_id
from portal.running.service import Service
from portal.wording.refusals import as_json, lines, objections_of, rejected
from schemas.commands import Command
from schemas.envelope import ActorRole
from streams.delivery import FileChannel
from streams.ports import Effect

By = Annotated[
    str | None,
    typer.Option("--by", metavar="ID", help="办理人编号 / id of the person who acts"),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--id", metavar="ID", help="本次操作的编号, 重复提交只生效一次 / a key: once, however often"
    ),
]
Month = Annotated[str, typer.Argument(metavar="MONTH", help="月份 / month: 2026-12")]

OFFICE: Final = "office"


def office(by: str | None = None) -> Sender:
    """Return the office that coordinates 优化办."""
    return Sender.of(by or OFFICE, ActorRole.SCHEDULER)


def clerk(department: str, by: str | None = None) -> Sender:
    """Return a department's clerk."""
    return Sender.of(by or f"clerk.{department}", ActorRole.CLERK, department)


def officer(department: str, by: str | None = None) -> Sender:
    """Return a department's officer at the gate."""
    return Sender.of(by or f"officer.{department}", ActorRole.OFFICER, department)


def enterprise(uscc: str, by: str | None = None) -> Sender:
    """Return an enterprise on its own channel."""
    return Sender.of(by or f"enterprise.{uscc}", ActorRole.ENTERPRISE, uscc)


async def act(
    session: Session, service: Service, command: Command, sender: Sender, key: str | None = None
) -> Effect:
    """Hand a command in; return its effect when it was accepted.

    Raises:
        Stop: If it was refused, with every rule in the way, its origin and the ways out.
    """
    raw = sender.message(command, id_=key or fresh_id(), at=session.now)
    effect = (await service.submit([raw]))[0]
    # A gateway that is away must not fail what is decided already: the server tells people then.
    if session.settings.notify_url is None:
        await service.deliver(FileChannel(session.settings.outbox / "notifications.jsonl"))
    if effect.status != "accepted":
        raise refusal(session, effect)
    return effect


async def hand_in(
    session: Session, command: Command, sender: Sender, key: str | None, called: str = "id"
) -> None:
    """Hand a command in and say no more than that it is on record, and under which id.

    Raises:
        Stop: If it was refused.
    """
    async with session.service() as service:
        effect = await act(session, service, command, sender, key)
    session.tell("已登记", "recorded")
    session.result(**{called: identity(effect.about)})


def refusal(session: Session, effect: Effect) -> Stop:
    """Return what ends a command that was refused."""
    objections = objections_of(effect) or (rejected(effect),)
    told = [session.text("退回", "refused") + f": {effect.about}", *lines(objections, session.lang)]
    data: dict[str, Any] = {
        "status": effect.status,
        "about": effect.about,
        "objections": as_json(objections),
    }
    return Stop(Exit.REFUSED, told, data)


def missing(session: Session, zh: str, en: str) -> Stop:
    """Return what ends a command that asked for something unknown."""
    return Stop(Exit.REFUSED, [session.text(zh, en)], {"error": "unknown", "messages": [zh, en]})


def identity(about: str) -> str:
    """Return the id in a stream's name."""
    return about.partition("/")[2]
