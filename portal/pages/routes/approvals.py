"""Approvals: what waits for a head or a legal reviewer, and the leader's inbox, a card at a time."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError
from portal.matters.digest import Digest
from portal.pages import escalations as view
from portal.pages.names import names
from portal.pages.routes.requests import allowed
from portal.pages.visitor import Known, Visitor
from portal.pages.waiting import approvals, decides_as, waiting_for
from portal.permissions import Action, reach
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.visits import Decision, Role

router = APIRouter()

_MOST = 50


@router.get("/approvals")
async def list_(visitor: Known) -> Response:
    """审批 / what waits for the visitor's yes or no; a leader is sent to his cards."""
    reach(visitor.me, Action.REQUEST_DECIDE)
    if visitor.me.role is ActorRole.LEADER:
        return visitor.go("/escalations")
    return await _listed(visitor)


async def _listed(visitor: Visitor, failed: tuple[tuple[str, ProblemError], ...] = ()) -> Response:
    waiting = await approvals(visitor.queries, visitor.me)
    enters = visitor.me.role is ActorRole.SCHEDULER
    papers = await waiting_for(visitor.queries, Role.LEADER) if enters else []
    asked = [state.request for state in (*waiting, *papers)]
    known = await names(
        visitor.queries, {r.enterprise for r in asked}, {i for r in asked for i in r.items}
    )
    return visitor.page(
        "approvals.html.j2",
        422 if failed else 200,
        waiting=waiting[:_MOST],
        total=len(waiting),
        papers=papers[:_MOST],
        names=known,
        as_role=decides_as(visitor.me),
        failed=failed,
        given=visitor.request.query_params.get("given", ""),
    )


@router.post("/approvals")
async def several(visitor: Known) -> Response:
    """同意所选 / say yes to several requests at once; what is refused is told one by one."""
    form = await visitor.form()
    role = decides_as(visitor.me)
    if role is None or role is Role.LEADER:
        reach(visitor.me, Action.REQUEST_DECIDE)
        raise ProblemError(403, "denied", ("请逐件决定", "decide one by one"))
    failed: list[tuple[str, ProblemError]] = []
    chosen = form.many("shown" if form.ticked("all") else "request")[:_MOST]
    for id_ in chosen:
        await allowed(visitor, id_, Action.REQUEST_DECIDE)
        command = c.DecideRequest(request=id_, role=role, decision=Decision.APPROVED)
        try:
            await visitor.ask(command)
        except ProblemError as problem:
            failed.append((id_, problem))
    if failed or not chosen:
        return await _listed(visitor, tuple(failed))
    return visitor.go(f"/approvals?given={len(chosen)}")


@router.post("/requests/{request}/decision")
async def decide(visitor: Known, request: PathId) -> Response:
    """审批 / one yes or no of the visitor himself."""
    form = await visitor.form()
    await allowed(visitor, request, Action.REQUEST_DECIDE)
    role, decision = form.choice(Role, "role"), form.choice(Decision, "decision")
    if role is None or decision is None:
        said = ("请选择同意或不同意", "choose yes or no")
        raise ProblemError(422, "bad-input", said)
    if decision is Decision.REFUSED and not form.one("reason"):
        said = ("不同意须写明理由", "a no needs its reason")
        raise ProblemError(422, "reason-missing", said)
    command = c.DecideRequest(
        request=request,
        role=role,
        decision=decision,
        lifts=form.many("lift"),
        reason=form.some("reason"),
    )
    await visitor.ask(command, form.some("key"))
    to = {ActorRole.LEADER: "/escalations"}.get(visitor.me.role, f"/requests/{request}")
    return visitor.go(to, "decided")


@router.get("/escalations")
async def cards(visitor: Known, at: int = 1) -> Response:
    """提级审批 / what waits at a glance, what is due first in front; then one card, one decision."""
    reach(visitor.me, Action.REQUEST_DECIDE)
    today: date = visitor.house.service.clock.now().date()
    digest = Digest.of(await approvals(visitor.queries, visitor.me), today)
    waiting = digest.waiting
    number = min(max(at, 1), max(len(waiting), 1))
    decided = await view.decided(visitor.queries, visitor.me)
    card = await view.card(visitor.queries, waiting[number - 1], today) if waiting else None
    return visitor.page(
        "escalations.html.j2",
        card=card,
        number=number,
        total=len(waiting),
        digest=digest,
        decided=decided,
        names=await names(visitor.queries, {s.request.enterprise for s in (*decided, *waiting)}),
    )
