"""违法线索 between departments and counties; 法制审核 of what a visit leads to."""

from __future__ import annotations

from fastapi import APIRouter

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.matters import leads
from portal.permissions import Action, reach
from scheduler import keys
from scheduler.leads import LeadState
from scheduler.states import VisitState
from schemas import lead_commands as c
from schemas.base import Frozen, Id, Text
from schemas.leads import Lead, LeadReply
from schemas.visits import Decision, LegalReview

router = APIRouter(prefix="/leads", tags=["leads 违法线索"], route_class=StrictRoute)


class ReceiptBody(Frozen):
    """Another county's receipt; a department here needs none."""

    receipt: Text | None = None


class ReviewBody(Frozen):
    """What the legal reviewer says to a department's major decision."""

    department: Id
    decision: Decision
    reason: Text


async def _seen(stands: House, who: Who, id_: str) -> LeadState:
    return there(await leads.lead(stands.service.queries, who.actor, id_), id_)


@router.get("", responses=SEE)
async def list_(stands: In, who: Who) -> tuple[LeadState, ...]:
    """线索, 未办结的在前 / leads, the open ones first."""
    reach(who.actor, Action.LEAD_READ)
    return await leads.listed(stands.service.queries, who.actor)


@router.post("", status_code=201, responses=CHANGE)
async def hand_over(asks: Asks, body: Lead) -> LeadState:
    """移送 / hand a lead over with its evidence."""
    command = c.HandOverLead(lead=body)
    id_ = await asks.change(Action.LEAD_WORK, command, body.sender)
    return await _seen(asks.stands, asks.who, id_)


@router.post("/reviews/{visit}", status_code=201, responses=CHANGE)
async def review(asks: Asks, visit: PathId, body: ReviewBody) -> tuple[LegalReview, ...]:
    """法制审核 / the legal review before a major decision."""
    command = c.ReviewOutcome(visit=visit, **body.model_dump())
    await asks.change(Action.OUTCOME_REVIEW, command, body.department)
    return there(
        await asks.stands.service.queries.get(VisitState, keys.visit(visit)), visit
    ).reviews


@router.get("/{lead}", responses=SEE)
async def show(stands: In, who: Who, lead: PathId) -> LeadState:
    """一条线索 / one lead."""
    return await _seen(stands, who, lead)


@router.post("/{lead}/receipt", responses=CHANGE)
async def receive(asks: Asks, lead: PathId, body: ReceiptBody) -> LeadState:
    """签收 / sign for a lead."""
    to = (await _seen(asks.stands, asks.who, lead)).lead.to
    command = c.ReceiveLead(lead=lead, receipt=body.receipt)
    await asks.change(Action.LEAD_WORK, command, to)
    return await _seen(asks.stands, asks.who, lead)


@router.post("/{lead}/reply", responses=CHANGE)
async def answer(asks: Asks, lead: PathId, body: LeadReply) -> LeadState:
    """答复 / say what came of it."""
    to = (await _seen(asks.stands, asks.who, lead)).lead.to
    command = c.ReplyLead(lead=lead, reply=body)
    await asks.change(Action.LEAD_WORK, command, to)
    return await _seen(asks.stands, asks.who, lead)
