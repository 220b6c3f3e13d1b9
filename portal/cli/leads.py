"""``wurao lead``: leads between bodies with receipt and reply; legal review before major decisions."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.acting import By, Key, clerk, hand_in, office
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import leads
from portal.messages import Sender
from schemas import lead_commands as c
from schemas.enterprise_problems import Proof
from schemas.envelope import ActorRole
from schemas.leads import Lead, LeadOutcome, LeadReply
from schemas.visits import Decision

app = typer.Typer(name="lead", help="违法线索 / leads", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="LEAD", help="线索编号 / id of the lead")]
To = Annotated[
    str | None, typer.Option("--department", help="接收部门, 外县的不填 / who got it; none abroad")
]


def _got(department: str | None, by: str | None) -> Sender:
    return clerk(department, by) if department else office(by)


@command(app, "list")
async def list_(session: Session) -> None:
    """线索, 未办结的在前 / leads, the open ones first."""
    async with session.service() as service:
        rows = await leads.listed(service.queries, office().actor)
    session.table(
        [("编号", "id"), ("线索", "lead"), ("移送", "from"), ("接收", "to"), ("状态", "status")],
        [(s.id, s.lead.title, s.lead.sender, s.lead.to, s.status.value) for s in rows],
    )
    session.result(leads=[{"id": s.id, "status": s.status.value} for s in rows])


@command(app, "hand-over", acts=True)
async def hand_over(
    session: Session,
    *,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="线索 / in short")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="看到了什么 / what was seen")],
    sender: Annotated[str, typer.Option("--from", help="移送部门 / who hands it over")],
    to: Annotated[str, typer.Option(help="接收单位 / who gets it")],
    evidence: Annotated[list[Path], typer.Option(help="证据文件, 可多次 / a file, several times")],
    county: Annotated[str | None, typer.Option(help="外县代码 / another county's code")] = None,
    firm: Annotated[str | None, typer.Option("--enterprise", help="信用代码 / credit code")] = None,
    visit: Annotated[str | None, typer.Option(help="发现它的入企 / the visit")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """移送, 台账只记证据的文件名和 SHA-256 / hand a lead over; the ledger keeps names and hashes."""
    with bad_values():
        proofs = tuple(
            Proof(name=file.name, digest=hashlib.sha256(file.read_bytes()).hexdigest())
            for file in evidence
        )
        lead = Lead(
            sender=sender,
            to=to,
            county=county,
            title=title,
            text=text,
            enterprise=firm,
            visit=visit,
            evidence=proofs,
        )
    await hand_in(session, c.HandOverLead(lead=lead), clerk(sender, by), key)


@command(app, "receive", acts=True)
async def receive(
    session: Session,
    *,
    lead: Id,
    department: To = None,
    receipt: Annotated[str | None, typer.Option(help="外县回执 / another county's receipt")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """签收 / sign for a lead."""
    await hand_in(session, c.ReceiveLead(lead=lead, receipt=receipt), _got(department, by), key)


@command(app, "reply", acts=True)
async def reply(
    session: Session,
    *,
    lead: Id,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="怎么处理 / what was done")],
    outcome: Annotated[LeadOutcome, typer.Option(help="办理结果 / what came of it")],
    department: To = None,
    case: Annotated[str | None, typer.Option(help="案号 / number of the case")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """答复 / say what came of it."""
    with bad_values():
        asked = c.ReplyLead(lead=lead, reply=LeadReply(outcome=outcome, text=text, case=case))
    await hand_in(session, asked, _got(department, by), key)


@command(app, "review", acts=True)
async def review(
    session: Session,
    *,
    visit: Annotated[str, typer.Argument(metavar="VISIT", help="入企编号 / id of the visit")],
    department: Annotated[str, typer.Option(help="部门编号 / the department")],
    reason: Annotated[str, typer.Option(help="意见 / the opinion")],
    refuse: Annotated[bool, typer.Option(help="不通过 / it does not pass")] = False,
    by: By = None,
    key: Key = None,
) -> None:
    """法制审核: 重大执法决定登记之前 / legal review, before a major decision is recorded."""
    decision = Decision.REFUSED if refuse else Decision.APPROVED
    asked = c.ReviewOutcome(visit=visit, department=department, decision=decision, reason=reason)
    sender = Sender.of(by or f"legal.{department}", ActorRole.LEGAL, department)
    await hand_in(session, asked, sender, key)
