"""``wurao scan``: at the gate, both codes are read; afterwards the officers leave."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.acting import By, Key, act, missing, officer
from portal.cli.command import command
from portal.cli.session import Session
from portal.cli.visits import Visit, known
from scheduler.states import VisitStatus
from schemas.commands import ScanIn, ScanOut

app = typer.Typer(name="scan", help="扫码 / scans at the gate", no_args_is_help=True)


@command(app, "in", acts=True)
async def scan_in(
    session: Session,
    *,
    code: Annotated[str, typer.Option(help="入企码 / the officers' visit code, as read")],
    gate: Annotated[str, typer.Option(help="企业码 / the enterprise's own code, as read")],
    department: Annotated[
        list[str] | None, typer.Option(help="实到部门 / who came; 默认全部 / default: all")
    ] = None,
    officer_: Annotated[
        list[str] | None, typer.Option("--officer", help="实到人员 / officers who came")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="当时没有网络 / was offline")] = False,
    late_reason: Annotated[str | None, typer.Option(help="补录原因 / why it comes late")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """扫码入企 / enter: the visit's code and the enterprise's own, read together."""
    async with session.service() as service:
        genuine = service.credentials.read_visit_code(code)
        if genuine is None:
            raise missing(session, "入企码不是真的", "the visit code is not genuine")
        state = await known(session, service, genuine[1])
        came = tuple(department or state.line.departments)
        named = [o for p in state.line.parts if p.department in came for o in p.officers]
        if not (officer_ or named):
            raise missing(session, "尚未派员", "no officers have been named yet")
        asked = ScanIn(
            visit=state.id,
            code=code,
            gate=gate,
            departments=came,
            officers=tuple(officer_ or named),
            offline=offline,
            late_reason=late_reason,
        )
        await act(session, service, asked, officer(state.line.lead, by), key)
        state = await known(session, service, state.id)
    session.tell(f"已入企 {state.line.enterprise}", f"entered {state.line.enterprise}")
    if state.absent:
        absent = ", ".join(state.absent)
        session.tell(f"应到未到: {absent}", f"did not come: {absent}")
    session.result(
        visit=state.id,
        status=state.status.value,
        enterprise=state.line.enterprise,
        departments=list(came),
        absent=list(state.absent),
    )


@command(app, "out", acts=True)
async def scan_out(session: Session, visit: Visit, by: By = None, key: Key = None) -> None:
    """扫码离企 / leave."""
    async with session.service() as service:
        state = await known(session, service, visit)
        await act(session, service, ScanOut(visit=visit), officer(state.line.lead, by), key)
    session.tell("已离企", "left")
    session.result(visit=visit, status=VisitStatus.LEFT.value)
