"""违法线索 between departments and counties; 法制审核 of what a visit leads to."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.authorize import Action, reach
from portal.http.changing import CHANGE, SEE, change, there
from portal.http.house import House, In, Key, PathId, Who
from portal.http.limits import StrictRoute
from portal.matters import leads
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
async def hand_over(
    stands: In, who: Who, body: Lead, reply: Response, key: Key = None
) -> LeadState:
    """移送 / hand a lead over with its evidence."""
    command = c.HandOverLead(lead=body)
    told = await change(stands, who, Action.LEAD_WORK, command, key, body.sender)
    reply.headers.update(told.headers)
    return await _seen(stands, who, told.id)


@router.post("/reviews/{visit}", status_code=201, responses=CHANGE)
async def review(
    stands: In, who: Who, visit: PathId, body: ReviewBody, key: Key = None
) -> tuple[LegalReview, ...]:
    """法制审核 / the legal review before a major decision."""
    command = c.ReviewOutcome(visit=visit, **body.model_dump())
    await change(stands, who, Action.OUTCOME_REVIEW, command, key, body.department)
    return there(await stands.service.queries.get(VisitState, keys.visit(visit)), visit).reviews


@router.get("/{lead}", responses=SEE)
async def show(stands: In, who: Who, lead: PathId) -> LeadState:
    """一条线索 / one lead."""
    return await _seen(stands, who, lead)


@router.post("/{lead}/receipt", responses=CHANGE)
async def receive(
    stands: In, who: Who, lead: PathId, body: ReceiptBody, key: Key = None
) -> LeadState:
    """签收 / sign for a lead."""
    to = (await _seen(stands, who, lead)).lead.to
    command = c.ReceiveLead(lead=lead, receipt=body.receipt)
    await change(stands, who, Action.LEAD_WORK, command, key, to)
    return await _seen(stands, who, lead)


@router.post("/{lead}/reply", responses=CHANGE)
async def answer(stands: In, who: Who, lead: PathId, body: LeadReply, key: Key = None) -> LeadState:
    """答复 / say what came of it."""
    to = (await _seen(stands, who, lead)).lead.to
    command = c.ReplyLead(lead=lead, reply=body)
    await change(stands, who, Action.LEAD_WORK, command, key, to)
    return await _seen(stands, who, lead)
