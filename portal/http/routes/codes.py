"""Codes: issued, revoked, bound, and shown as text and as a picture."""

from __future__ import annotations

import io

import segno
from fastapi import APIRouter, Response

from portal.http.changing import CHANGE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.identity import Principal
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented
from portal.http.routes.visits import Reason, readable
from portal.http.views import CodeView, visit_view
from portal.permissions import Action, Resource, authorize
from scheduler import keys
from scheduler.states import VisitState
from schemas import commands as c
from schemas.base import Frozen, Id
from schemas.registry import Enterprise

router = APIRouter(tags=["codes 赋码"], route_class=StrictRoute)

_SHOW = documented(401, 403, 404, 409)
_PICTURE = {200: {"content": {"image/svg+xml": {}}, "description": "QR"}, **_SHOW}


class ShownCode(Frozen):
    """What stands in the QR code, and when it is valid."""

    text: str
    code: CodeView


class GateCode(Frozen):
    """An enterprise's own code, for the poster at its gate."""

    enterprise: str
    text: str


class BindingBody(Frozen):
    """The number of an external 检查码."""

    external: Id


@router.post("/visits/{visit}/code", status_code=201, responses=CHANGE)
async def issue(asks: Asks, visit: PathId) -> ShownCode:
    """赋码 / issue the visit's code, once every department has named its officers."""
    await readable(asks.stands, asks.who, visit, Action.CODE_ISSUE)
    await asks.ask(c.IssueCode(visit=visit))
    return _shown(
        asks.stands, await readable(asks.stands, asks.who, visit, Action.CODE_ISSUE), asks.who
    )


@router.get("/visits/{visit}/code", responses=_SHOW)
async def show(stands: In, who: Who, visit: PathId) -> ShownCode:
    """出示入企码 / a visit's code."""
    return _shown(stands, await readable(stands, who, visit, Action.CODE_SHOW), who)


@router.get("/visits/{visit}/code.svg", responses=_PICTURE, response_class=Response)
async def picture(stands: In, who: Who, visit: PathId) -> Response:
    """入企码二维码 / the code as a QR picture."""
    state = await readable(stands, who, visit, Action.CODE_SHOW)
    return _svg(_shown(stands, state, who).text)


@router.post("/visits/{visit}/code/revocation", responses=CHANGE)
async def revoke(asks: Asks, visit: PathId, body: Reason) -> CodeView:
    """作废 / revoke a code; it shows red from then on."""
    await readable(asks.stands, asks.who, visit, Action.CODE_REVOKE)
    await asks.ask(c.RevokeCode(visit=visit, reason=body.reason))
    return _code(await readable(asks.stands, asks.who, visit, Action.CODE_REVOKE), asks.who)


@router.post("/visits/{visit}/code/binding", responses=CHANGE)
async def bind(asks: Asks, visit: PathId, body: BindingBody) -> CodeView:
    """绑定外部检查码 / bind the number of an external system."""
    await readable(asks.stands, asks.who, visit, Action.CODE_BIND)
    await asks.ask(c.BindCode(visit=visit, external=body.external))
    return _code(await readable(asks.stands, asks.who, visit, Action.CODE_BIND), asks.who)


@router.get("/enterprises/{enterprise}/gate-code", responses=_SHOW)
async def gate(stands: In, who: Who, enterprise: PathId) -> GateCode:
    """企业码 / the enterprise's own code: its own to show, never the officers'."""
    return await _gate(stands, who, enterprise)


@router.get("/enterprises/{enterprise}/gate-code.svg", responses=_PICTURE, response_class=Response)
async def gate_picture(stands: In, who: Who, enterprise: PathId) -> Response:
    """企业码二维码 / the enterprise's own code as a QR picture."""
    return _svg((await _gate(stands, who, enterprise)).text)


async def _gate(stands: House, who: Principal, enterprise: str) -> GateCode:
    authorize(who.actor, Action.GATE_CODE_SHOW, Resource.owned(enterprise))
    found = await stands.service.queries.get(Enterprise, keys.enterprise(enterprise))
    state = there(found, enterprise)
    return GateCode(enterprise=state.id, text=stands.service.credentials.gate_code(state.id))


def _code(state: VisitState, who: Principal) -> CodeView:
    found = visit_view(state, who.actor).code
    if found is None:
        said = ("这次入企没有赋码", "the visit has no code")
        raise ProblemError(409, "no-code", said, about=keys.visit(state.id))
    return found


def _shown(stands: House, state: VisitState, who: Principal) -> ShownCode:
    code = _code(state, who)
    text = stands.service.credentials.visit_code(
        code.serial, state.id, code.valid_from, code.valid_until
    )
    return ShownCode(text=text, code=code)


def _svg(text: str) -> Response:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, xmldecl=False)
    # A code is shown, not kept: no cache between us and the phone holds it.
    return Response(
        out.getvalue(), media_type="image/svg+xml", headers={"cache-control": "no-store"}
    )
