"""纸质批示: what was signed on paper is entered with its day and its picture, and listed for the auditor."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError
from portal.http.routes.evidence import picture
from portal.pages.names import names
from portal.pages.routes.requests import allowed
from portal.pages.visitor import Known
from portal.permissions import Action, Resource, authorize, reach
from portal.proof import evidence
from schemas import commands as c
from schemas.visits import Decision, Role

router = APIRouter()


@router.post("/requests/papers")
async def enter(visitor: Known) -> Response:
    """录入纸质审批 / enter a decision that was signed on paper; its picture is kept first."""
    form, sent = await visitor.upload()
    request = form.one("request")
    await allowed(visitor, request, Action.REQUEST_DECIDE)
    role, decision = form.choice(Role, "role"), form.choice(Decision, "decision")
    day = form.day("signed_on")
    if role is None or decision is None or day is None or sent is None:
        said = ("请填签批日期，选照片，再选同意或不同意", "give the day, a picture, and yes or no")
        raise ProblemError(422, "bad-input", said)
    if decision is Decision.REFUSED and not form.one("reason"):
        raise ProblemError(422, "reason-missing", ("不同意须写明理由", "a no needs its reason"))
    command = c.DecideRequest(
        request=request,
        role=role,
        decision=decision,
        on_paper=True,
        signatory=form.some("signatory"),
        reason=form.some("reason"),
        paper=await evidence.keep(visitor.house.service, sent.body, day),
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/requests/{request}", "decided")


@router.get("/requests/{request}/signed/{role}")
async def show(visitor: Known, request: PathId, role: Role) -> Response:
    """批示照片 / the picture that a role's decision on paper rests on."""
    state = await allowed(visitor, request, Action.REQUEST_READ)
    authorize(visitor.me, Action.PAPER_READ, Resource.owned(state.request.department))
    return await picture(visitor.house.service, state, role)


@router.get("/audit/papers")
async def list_(visitor: Known) -> Response:
    """纸质批示清单 / every decision that was entered from paper, with its day and its picture."""
    reach(visitor.me, Action.AUDIT_READ)
    found = await evidence.signed(visitor.house.service)
    known = await names(visitor.queries, {each.request.request.enterprise for each in found})
    return visitor.page("paper-decisions.html.j2", found=found, names=known)
