"""At the gate: the scan page and the rating. No login, no script, a few kilobytes.

These routes know no session and read only what a code or a token stands for. ``portal.gate`` shows the
same pages in a process of its own, in another network zone.
"""

from __future__ import annotations

import io
from typing import Final

import segno
from fastapi import APIRouter, Response

from portal.http.house import PathId, ask
from portal.http.identity import Principal
from portal.http.problems import ProblemError, not_found
from portal.http.routes.visits import readable
from portal.pages.concerns import reported
from portal.pages.faces import Registers, stage, verdict
from portal.pages.forms import Form
from portal.pages.gatepages import Counter, given, no_such_link, not_flooding, receipt, typed
from portal.pages.reporting import REPORTER, problem_of
from portal.pages.reportpages import report_form, report_receipt
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import Action, Resource, authorize
from scheduler import keys
from scheduler.states import VisitState
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.registry import Enterprise

router = APIRouter()

_RATER: Final = Principal(Actor(id="rater", role=ActorRole.ENTERPRISE))


@router.get("/q")
async def ask_code(visitor: Anyone, code: str = "") -> Response:
    """核验 / type a code where no camera is at hand."""
    return visitor.go(typed(code)) if code.strip() else counter(visitor).ask()


@router.get("/q/{code}")
async def scan(visitor: Anyone, code: str) -> Response:
    """扫码核验 / a big plain verdict on a visit code."""
    not_too_often(visitor)
    service = visitor.house.service
    found = await verdict(service.queries, service.credentials, code, service.clock.now())
    return counter(visitor).verdict(found)


@router.get("/q/{code}/problem")
async def ask_report(visitor: Anyone, code: str) -> Response:
    """反映问题 / say what is wrong with a visit whose code was scanned, genuine or not."""
    del code  # it stands in the address, to which the form goes
    return report_form(counter(visitor))


@router.post("/q/{code}/problem")
async def report(visitor: Anyone, code: str) -> Response:
    """Take the report, and give a receipt. Nobody is logged in, nobody need be named."""
    not_too_often(visitor)
    found = reported(await Form.read(visitor.request), code)
    if found is None:
        return report_form(counter(visitor), fault=True)
    not_flooding(visitor.reception.reports, visitor.request, visitor.reception.clock.now())
    service = visitor.house.service
    command = await problem_of(found, service.queries, service.credentials, service.clock.now())
    await ask(visitor.house, REPORTER, command, found.id)
    return visitor.go(f"/q/receipts/{found.number}")


@router.get("/q/receipts/{number}")
async def reported_(visitor: Anyone, number: str) -> Response:
    """回执 / the number of a report, to ask the office by."""
    return report_receipt(counter(visitor), number)


@router.get("/r/{token}")
async def rating(visitor: Anyone, token: str) -> Response:
    """评价 / rate the visit that the token is for; afterwards the receipt."""
    not_too_often(visitor)
    return await _rating_page(visitor, token, await _visit(visitor, token))


@router.post("/r/{token}")
async def rate(visitor: Anyone, token: str) -> Response:
    """Take the rating. The token is the proof: nobody is logged in, nobody is named."""
    not_too_often(visitor)
    state = await _visit(visitor, token)
    found = given(await Form.read(visitor.request))
    if found is None:
        return await _rating_page(visitor, token, state, fault=True)
    command = c.RateVisit(visit=state.id, token=token, rating=found[0], comment=found[1])
    key = f"{state.id}:{receipt(token)}:{found[0].grade.value}"
    await ask(visitor.house, _RATER, command, key)
    return visitor.go(f"/r/{token}")


async def _rating_page(
    visitor: Visitor, token: str, state: VisitState, *, fault: bool = False
) -> Response:
    face = (await Registers.of(visitor.queries, [state])).rating(state)
    proof = bool(visitor.reception.trust)
    return counter(visitor).rating(token, stage(state), face, fault=fault, proof=proof)


async def _visit(visitor: Visitor, token: str) -> VisitState:
    id_ = visitor.house.service.credentials.read_rating_token(token)
    found = await visitor.queries.get(VisitState, keys.visit(id_)) if id_ else None
    if not isinstance(found, VisitState):
        raise no_such_link()
    return found


def counter(visitor: Visitor) -> Counter:
    """Return where a page of the gate is shown."""
    now = visitor.house.service.clock.now()
    return Counter(visitor.tongue, visitor.request.url.path, now)


def not_too_often(visitor: Visitor) -> None:
    """Let an address ask only so often.

    Raises:
        ProblemError: If it asked too often of late.
    """
    not_flooding(visitor.reception.gate, visitor.request, visitor.reception.clock.now())


@router.get("/visits/{visit}/code")
async def code(visitor: Known, visit: PathId) -> Response:
    """出示入企码 / a visit's code, full size, for the enterprise to scan."""
    state = await readable(visitor.house, visitor.who, visit, Action.CODE_SHOW)
    text = code_text(visitor, state)
    return visitor.page("code.html.j2", state=state, text=text, address=visitor.scanned(text))


@router.get("/visits/{visit}/code.svg")
async def code_picture(visitor: Known, visit: PathId) -> Response:
    """入企码二维码 / the code as a picture: the address of its verdict."""
    state = await readable(visitor.house, visitor.who, visit, Action.CODE_SHOW)
    return picture(visitor.scanned(code_text(visitor, state)))


@router.get("/gate-code")
async def gate(visitor: Known) -> Response:
    """企业码 / the poster for the enterprise's gate."""
    record = await _own_enterprise(visitor)
    text = visitor.house.service.credentials.gate_code(record.id)
    return visitor.page("gate-code.html.j2", enterprise=record, text=text)


@router.get("/gate-code.svg")
async def gate_picture(visitor: Known) -> Response:
    """企业码二维码 / the enterprise's own code as a picture."""
    record = await _own_enterprise(visitor)
    return picture(visitor.house.service.credentials.gate_code(record.id))


async def _own_enterprise(visitor: Visitor) -> Enterprise:
    of = visitor.me.of or "-"
    authorize(visitor.me, Action.GATE_CODE_SHOW, Resource.owned(of))
    record = await visitor.queries.get(Enterprise, keys.enterprise(of))
    if not isinstance(record, Enterprise):
        raise not_found(of)
    return record


def code_text(visitor: Visitor, state: VisitState) -> str:
    """Return what stands in a visit's code.

    Raises:
        ProblemError: If the visit has none.
    """
    own = state.code
    if own is None:
        raise ProblemError(409, "no-code", ("这次入企没有赋码", "the visit has no code"))
    return visitor.house.service.credentials.visit_code(
        own.serial, state.id, own.valid_from, own.valid_until
    )


def picture(text: str) -> Response:
    """Return a text as a QR picture that no cache keeps."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=4, border=2, xmldecl=False, light="#fff"
    )
    return Response(
        out.getvalue(), media_type="image/svg+xml", headers={"cache-control": "no-store"}
    )
