"""``wurao callback``: bad ratings that wait for a call, and what became of them."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.acting import By, Key, act, hand_in, office, officer
from portal.cli.command import command
from portal.cli.session import Session
from portal.matters import callbacks
from schemas import callback_commands as c
from schemas.alerts import Finding

app = typer.Typer(name="callback", help="差评回访 / bad ratings called back", no_args_is_help=True)

Callback = Annotated[str, typer.Argument(metavar="CALLBACK", help="回访编号 / id of the callback")]


@command(app, "list")
async def list_(session: Session) -> None:
    """待回访的差评, 等得最久的在前 / bad ratings that wait for a call, the longest first."""
    async with session.service() as service:
        found = await callbacks.waiting(service)
        known = await callbacks.listed(service, office().actor)
    session.table(
        [("入企", "visit"), ("评价日期", "rated"), ("期限", "due"), ("逾期", "late")],
        [
            (each.visit.id, each.rated, each.due.day if each.due else "", "是" if each.late else "")
            for each in found
        ],
    )
    session.result(
        waiting=[
            {
                "visit": each.visit.id,
                "rated": str(each.rated),
                "due": str(each.due.day) if each.due else None,
                "late": each.late,
            }
            for each in found
        ],
        callbacks=[
            {"id": state.id, "visit": state.visit, "reached": state.reached, "to": state.to}
            for state in known
        ],
    )


@command(app, "record", acts=True)
async def record(
    session: Session,
    *,
    visit: Annotated[str, typer.Argument(metavar="VISIT", help="入企编号 / id of the visit")],
    reached: Annotated[bool, typer.Option("--reached/--unreached", help="是否联系上 / reached")],
    callback: Annotated[
        str | None, typer.Option(help="再次回访的编号 / the callback, when called before")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="经同意转告给 / to whom, with consent: a second person")
    ] = None,
    passed_on: Annotated[str | None, typer.Option(help="转告的内容 / what is passed on")] = None,
    note: Annotated[str | None, typer.Option(help="记录, 加密保存 / a note, kept sealed")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """登记回访; 写明 --to 即为企业同意转告 / record a call; ``--to`` means that it may be passed on."""
    asked = c.RecordCallback(
        visit=visit,
        callback=callback,
        reached=reached,
        consent=to is not None,
        to=to,
        passed_on=passed_on,
        note=note,
    )
    await hand_in(session, asked, office(by), key, "callback")


@command(app, "answer", acts=True)
async def answer(
    session: Session,
    *,
    callback: Callback,
    department: Annotated[str, typer.Option(help="部门 / department")],
    person: Annotated[str, typer.Option(help="被转告人 / to whom it was passed on")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="答复 / the answer")],
    key: Key = None,
) -> None:
    """被转告人答复 / the second person of the department answers."""
    asked = c.AnswerCallback(callback=callback, text=text)
    await hand_in(session, asked, officer(department, person), key, "callback")


@command(app, "close", acts=True)
async def close(
    session: Session,
    *,
    callback: Callback,
    finding: Annotated[Finding, typer.Argument(help="结论 / finding")],
    reason: Annotated[str, typer.Option(help="理由 / reason")],
    by: By = None,
    key: Key = None,
) -> None:
    """办结 / close a callback, above the department."""
    async with session.service() as service:
        asked = c.CloseCallback(callback=callback, finding=finding, reason=reason)
        await act(session, service, asked, office(by), key)
    session.tell("已办结", "closed")
    session.result(callback=callback, finding=finding.value)
