"""``wurao code``: issue, show, revoke; and the enterprise's own gate code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import segno
import typer

from portal.cli.acting import By, Key, act, clerk, missing
from portal.cli.command import command
from portal.cli.session import Session
from portal.cli.visits import Reason, Visit, known
from portal.running.service import Service
from scheduler import keys
from scheduler.states import VisitState
from schemas.commands import BindCode, IssueCode, RevokeCode
from schemas.registry import Enterprise

app = typer.Typer(name="code", help="赋码 / codes", no_args_is_help=True)

Picture = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help="写成 .svg 或 .png / write an .svg or .png file"),
]


@command(app, "issue", acts=True)
async def issue(
    session: Session, visit: Visit, to: Picture = None, by: By = None, key: Key = None
) -> None:
    """赋码: 各部门派员后 / issue the code once every department has named its officers."""
    async with session.service() as service:
        state = await known(session, service, visit)
        await act(session, service, IssueCode(visit=visit), clerk(state.line.lead, by), key)
        state = await known(session, service, visit)
        _show(session, service, state, to)


@command(app, "show")
async def show(session: Session, visit: Visit, to: Picture = None) -> None:
    """出示入企码 / show a visit's code."""
    async with session.service() as service:
        _show(session, service, await known(session, service, visit), to)


@command(app, "revoke", acts=True)
async def revoke(
    session: Session, visit: Visit, reason: Reason, by: By = None, key: Key = None
) -> None:
    """作废入企码 / revoke a code; it shows red from then on."""
    async with session.service() as service:
        state = await known(session, service, visit)
        asked = RevokeCode(visit=visit, reason=reason)
        await act(session, service, asked, clerk(state.line.lead, by), key)
    session.tell("已作废", "revoked")
    session.result(visit=visit, revoked=True)


@command(app, "bind", acts=True)
async def bind(
    session: Session,
    visit: Visit,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="外部检查码 / external number")],
    by: By = None,
    key: Key = None,
) -> None:
    """绑定外部检查码 / bind the number of an external system."""
    async with session.service() as service:
        state = await known(session, service, visit)
        asked = BindCode(visit=visit, external=number)
        await act(session, service, asked, clerk(state.line.lead, by), key)
    session.tell("已绑定", "bound")
    session.result(visit=visit, external=number)


@command(app, "gate")
async def gate(
    session: Session,
    enterprise: Annotated[str, typer.Argument(metavar="USCC", help="统一社会信用代码")],
    to: Picture = None,
) -> None:
    """企业码: 贴在企业门口 / the enterprise's own code, for its gate."""
    async with session.service() as service:
        state = await service.queries.get(Enterprise, keys.enterprise(enterprise))
        if state is None:
            raise missing(session, f"没有这家企业: {enterprise}", f"no enterprise {enterprise}")
        text = service.credentials.gate_code(state.id)
    session.line(f"{state.name}  {state.id}")
    _picture(session, text, to)
    session.result(enterprise=state.id, gate=text, file=str(to) if to else None)


def _show(session: Session, service: Service, state: VisitState, to: Path | None) -> None:
    code = state.code
    if code is None:
        raise missing(session, "这次入企还没有赋码", "the visit has no code yet")
    text = service.credentials.visit_code(code.serial, state.id, code.valid_from, code.valid_until)
    session.tell(
        f"入企 {state.id}, 有效期 {code.valid_from:%Y-%m-%d %H:%M} 至 {code.valid_until:%H:%M}",
        f"visit {state.id}, valid {code.valid_from:%Y-%m-%d %H:%M} to {code.valid_until:%H:%M}",
    )
    if code.approval_to_follow:
        session.tell("审批须补办", "its approval must follow")
    if state.code_revoked:
        session.tell("此码已作废", "this code is revoked")
    _picture(session, text, to)
    session.result(
        visit=state.id,
        serial=code.serial,
        code=text,
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        revoked=state.code_revoked,
        approval_to_follow=code.approval_to_follow,
        file=str(to) if to else None,
    )


def _picture(session: Session, text: str, to: Path | None) -> None:
    """Draw the QR code into a file or on the terminal, with its text for reading aloud."""
    qr = segno.make(text, error="m", micro=False)
    if to is None:
        if not session.json:
            qr.terminal(compact=True)
        session.line(text)
        return
    if to.suffix.lower() not in {".svg", ".png"}:
        raise typer.BadParameter(".svg | .png", param_hint="--to")
    qr.save(str(to), scale=8, border=4)
    session.tell(f"已写入 {to}", f"written to {to}")
