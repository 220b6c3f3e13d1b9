"""企业的权利: the list, what is coming, and a visit declined on one of the grounds."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError
from portal.http.routes.visits import readable
from portal.matters.rights import GROUNDS, ORIGIN, RIGHTS, declined
from portal.pages.names import names
from portal.pages.visitor import Anyone, Known
from portal.permissions import Action, Resource, authorize, reach
from schemas.envelope import ActorRole

router = APIRouter()


@router.get("/rights")
async def show(visitor: Anyone) -> Response:
    """企业的权利 / what an enterprise may insist on; to an enterprise with what is announced to it."""
    coming = []
    if visitor.actor is not None and visitor.actor.role is ActorRole.ENTERPRISE:
        coming = await visitor.queries.rows(
            "visit", enterprise=visitor.actor.of, status="published", announced=True
        )
    return visitor.page(
        "rights.html.j2",
        rights=RIGHTS,
        grounds=GROUNDS,
        origin=ORIGIN,
        coming=sorted(coming, key=lambda row: row["day"]),
        names=await names(visitor.queries),
    )


@router.post("/visits/{visit}/decline")
async def decline(visitor: Known, visit: PathId) -> Response:
    """拒绝入企 / the enterprise declines a visit; the office has it as a problem, with its clock."""
    reach(visitor.me, Action.PROBLEM_REPORT)
    state = await readable(visitor.house, visitor.who, visit, Action.VISIT_READ)
    authorize(visitor.me, Action.PROBLEM_WORD, Resource.owned(state.line.enterprise))
    form = await visitor.form()
    if form.one("ground") not in GROUNDS:
        raise ProblemError(422, "bad-input", ("请选择理由", "choose a ground"))
    told = await visitor.ask(
        declined(state, form.one("ground"), form.some("text")), form.some("key")
    )
    return visitor.go(f"/problems/{told.id}", "problem-reported")
