"""``wurao approve``: the yes or no of one role to one request."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from portal.cli.acting import By, Key, act
from portal.cli.command import command
from portal.cli.requests import known_request
from portal.cli.session import Exit, Session, Stop
from portal.messages import Sender
from portal.proof import evidence
from portal.running.service import Service
from portal.wording.words import label
from scheduler import keys
from scheduler.states import RequestState
from schemas.commands import DecideRequest
from schemas.envelope import ActorRole
from schemas.visits import Decision, Paper, Role

_ACTS_AS: Final = {
    Role.HEAD: ActorRole.HEAD,
    Role.LEGAL: ActorRole.LEGAL,
    Role.LEADER: ActorRole.LEADER,
    Role.COORDINATOR: ActorRole.SCHEDULER,
    Role.ENTERPRISE: ActorRole.ENTERPRISE,
}


def add(app: typer.Typer) -> None:
    """Register the command: it is one of its own, no group."""
    command(app, "approve", acts=True)(approve)


async def approve(
    session: Session,
    *,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="申请编号 / request")],
    role: Annotated[Role, typer.Option(help="以何身份 / in which role")] = Role.HEAD,
    refuse: Annotated[bool, typer.Option("--refuse", help="不同意 / say no")] = False,
    lift: Annotated[
        list[str] | None, typer.Option(help="放行的规则 / rules to lift; 默认 / default: 所提请的")
    ] = None,
    on_paper: Annotated[
        bool, typer.Option("--on-paper", help="纸质签批, 由优化办代录 / signed on paper")
    ] = False,
    signatory: Annotated[
        str | None, typer.Option(help="纸质签批的签字人 / who signed the paper")
    ] = None,
    signed_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="纸上的日期 / day on the paper")
    ] = None,
    scan: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="照片 / picture: JPEG, PNG, PDF"
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="理由 / reason")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """审批: 同意或不同意一份申请 / approve or refuse a request."""
    async with session.service() as service:
        state = await known_request(session, service, request)
        decision = DecideRequest(
            request=request,
            role=role,
            decision=Decision.REFUSED if refuse else Decision.APPROVED,
            lifts=tuple(lift or ()),
            on_paper=on_paper,
            signatory=signatory,
            reason=reason,
            paper=await _paper(service, scan, signed_on),
        )
        await act(session, service, decision, _sender(state, role, on_paper, by), key)
        state = await service.queries.get(RequestState, keys.request(request)) or state
    said = label(decision.decision, session.lang)
    session.line(f"{label(role, session.lang)}: {said}")
    if state.approved:
        session.tell("审批已齐", "every approval is given")
    session.result(
        request=request,
        role=role.value,
        decision=decision.decision.value,
        status=state.status.value,
        approved=state.approved,
    )


async def _paper(service: Service, scan: Path | None, signed_on: datetime | None) -> Paper | None:
    """Keep the picture of what was signed on paper; without one the core says what is missing."""
    if scan is None or signed_on is None:
        return None
    body = await asyncio.to_thread(scan.read_bytes)
    try:
        return await evidence.keep(service, body, signed_on.date())
    except evidence.BadScan as bad:
        raise Stop(Exit.USAGE, [str(bad)], {"error": bad.code}) from None


def _sender(state: RequestState, role: Role, on_paper: bool, by: str | None) -> Sender:
    """Return who decides; what was signed on paper is entered by the office."""
    if on_paper:
        return Sender.of(by or "office", ActorRole.SCHEDULER)
    of = {
        Role.HEAD: state.request.department,
        Role.LEGAL: state.request.department,
        Role.ENTERPRISE: state.request.enterprise,
    }.get(role)
    id_ = by or (f"{role.value}.{of}" if of else role.value)
    return Sender.of(id_, _ACTS_AS[role], of)
