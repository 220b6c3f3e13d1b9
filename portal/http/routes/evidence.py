"""Decisions that were signed on paper: their pictures, handed in and shown, and the list of them all."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field

from portal.http.house import In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented, not_found
from portal.permissions import Action, Resource, authorize, reach
from portal.proof import evidence
from portal.running.service import Service
from scheduler import keys
from scheduler.states import RequestState
from schemas.base import Frozen, Instant
from schemas.visits import Decision, Role, ScanMedia

router = APIRouter(tags=["papers 纸质批示"], route_class=StrictRoute)

UPLOAD: Final = "/api/v1/scans"
"""Where a picture may come."""

_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
_BODY: Final = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _FILE}},
}
"""Of what kind the file is, its first bytes say."""

_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media.value: _FILE for media in ScanMedia}}
}


class ScanView(Frozen):
    """A picture that was taken in: what a decision says of it, but for the day on the paper."""

    sha256: str
    media: ScanMedia
    size: int


class PaperView(Frozen):
    """A decision that was signed on paper. ``kept``: its picture is here."""

    request: str
    department: str
    role: Role
    decision: Decision
    signatory: str
    signed_on: date | None
    entered_by: str | None
    entered: Instant
    days: int | None = Field(description="calendar days from the paper to its entry")
    sha256: str | None
    kept: bool


@router.post(
    "/scans",
    status_code=201,
    responses=documented(400, 401, 403, 413, 415),
    openapi_extra=_BODY,
)
async def keep(stands: In, who: Who, request: Request) -> ScanView:
    """上传批示照片 / hand in the picture of a paper; a decision names it within a day, or it goes."""
    authorize(who.actor, Action.REQUEST_DECIDE, Resource())
    kept = await evidence.keep(
        stands.service, await request.body(), stands.service.clock.now().date()
    )
    return ScanView(sha256=kept.sha256, media=kept.media, size=kept.size)


@router.get("/papers", responses=documented(401, 403))
async def list_(stands: In, who: Who) -> tuple[PaperView, ...]:
    """纸质批示清单 / every decision that was entered from paper, the newest first; for the auditor."""
    reach(who.actor, Action.AUDIT_READ)
    return tuple(map(_view, await evidence.signed(stands.service)))


@router.get(
    "/requests/{request}/papers/{role}",
    response_class=Response,
    responses={**documented(401, 403, 404, 409, 422), **_PICTURE},
)
async def show(stands: In, who: Who, request: PathId, role: Role) -> Response:
    """批示照片 / the picture that a role's decision on paper rests on."""
    state = await stands.service.queries.get(RequestState, keys.request(request))
    if not isinstance(state, RequestState):
        raise not_found(request)
    authorize(who.actor, Action.PAPER_READ, Resource.owned(state.request.department))
    return await picture(stands.service, state, role)


async def picture(service: Service, state: RequestState, role: Role) -> Response:
    """Return the picture of a role's paper as a browser may show it: alone, without any right.

    Raises:
        ProblemError: If there is none.
        BadScan: If it is not the one that the ledger names.
    """
    paper = evidence.signed_as(state, role)
    body = await evidence.read(service, paper.sha256) if paper else None
    if paper is None or body is None:
        raise not_found(f"{state.id}/{role.value}")
    kept = "attachment" if paper.media is ScanMedia.PDF else "inline"
    headers = {
        "content-disposition": f'{kept}; filename="{paper.sha256[:12]}.{paper.media.name.lower()}"',
        "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    }
    return Response(body, media_type=paper.media.value, headers=headers)


def _view(signed: evidence.Signed) -> PaperView:
    approval, paper = signed.approval, signed.approval.paper
    return PaperView(
        request=signed.request.id,
        department=signed.request.request.department,
        role=approval.role,
        decision=approval.decision,
        signatory=approval.by,
        signed_on=paper.signed_on if paper else None,
        entered_by=approval.entered_by,
        entered=approval.at,
        days=signed.days,
        sha256=paper.sha256 if paper else None,
        kept=signed.kept,
    )
