"""Enterprises: the search, and one enterprise's page."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from portal.http.house import PathId
from portal.http.problems import not_found
from portal.matters.treatment import offences
from portal.pages.enterprises import SHOWN, search, year
from portal.pages.visitor import Known
from portal.permissions import Action, Reach, Resource, authorize, reach
from scheduler import keys
from schemas.envelope import ActorRole
from schemas.lanes import Lane
from schemas.registry import Enterprise

router = APIRouter()


@router.get("/enterprises")
async def list_(visitor: Known, q: str = "") -> Response:
    """企业 / find an enterprise by its name, code or township."""
    if reach(visitor.me, Action.REGISTER_READ) is Reach.OWN:
        return RedirectResponse(f"/enterprises/{visitor.me.of}", 303)
    found = await search(visitor.queries, q)
    return visitor.page("enterprises.html.j2", q=q, found=found, most=SHOWN)


@router.get("/enterprises/{enterprise}")
async def show(visitor: Known, enterprise: PathId) -> Response:
    """一家企业 / an enterprise's year; to itself without what was not announced."""
    authorize(visitor.me, Action.REGISTER_READ, Resource.owned(enterprise))
    record = await visitor.queries.get(Enterprise, keys.enterprise(enterprise))
    if not isinstance(record, Enterprise):
        raise not_found(enterprise)
    itself = visitor.me.role is ActorRole.ENTERPRISE
    today = visitor.house.service.clock.now().date()
    found = await year(visitor.queries, record, today, None if itself else visitor.me.of)
    return visitor.page(
        "enterprise.html.j2",
        enterprise=record,
        year=found,
        lane=Lane,
        itself=itself,
        marks=record.marks_on(today),
        offences=await offences(visitor.queries, record.id),
        may_ask=visitor.me.role in {ActorRole.CLERK, ActorRole.HEAD},
    )
