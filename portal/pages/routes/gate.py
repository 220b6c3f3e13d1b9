"""At the gate: the scan page and the rating. No login, no script, a few kilobytes.

These routes know no session and read only what a code or a token stands for, so that they can run in
a process of their own, in another network zone.
"""

from __future__ import annotations

import hashlib
import io
from typing import Final

import segno
from fastapi import APIRouter, Response

from portal.http.authorize import Action, Resource, authorize
from portal.http.house import PathId, ask
from portal.http.identity import Principal
from portal.http.problems import ProblemError, not_found
from portal.http.routes.visits import readable
from portal.pages.forms import Form
from portal.pages.frame import html
from portal.pages.verdict import verdict
from portal.pages.visitor import Anyone, Known, Visitor
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.registry import Enterprise
from schemas.visits import Grade, Rating

router = APIRouter()

_RATER: Final = Principal(Actor(id="rater", role=ActorRole.ENTERPRISE))
_LONGEST: Final = 1024


@router.get("/q")
async def ask_code(visitor: Anyone, code: str = "") -> Response:
    """核验 / type a code where no camera is at hand."""
    if code.strip():
        return visitor.go(f"/q/{''.join(code.split())[:_LONGEST]}")
    return _small(visitor, "gate-ask.html.j2")


@router.get("/q/{code}")
async def scan(visitor: Anyone, code: str) -> Response:
    """扫码核验 / a big plain verdict on a visit code."""
    not_too_often(visitor)
    service = visitor.house.service
    found = await verdict(service.queries, service.credentials, code, service.clock.now())
    return _small(visitor, "gate-verdict.html.j2", verdict=found)


@router.get("/r/{token}")
async def rating(visitor: Anyone, token: str) -> Response:
    """评价 / rate the visit that the token is for; afterwards the receipt."""
    not_too_often(visitor)
    state = await _visit(visitor, token)
    return await _rating_page(visitor, token, state)


@router.post("/r/{token}")
async def rate(visitor: Anyone, token: str) -> Response:
    """Take the rating. The token is the proof: nobody is logged in, nobody is named."""
    not_too_often(visitor)
    state = await _visit(visitor, token)
    form = await Form.read(visitor.request)
    grade = form.choice(Grade, "grade")
    if grade is None:
        return await _rating_page(visitor, token, state, fault=True)
    command = c.RateVisit(
        visit=state.id,
        token=token,
        rating=Rating(
            grade=grade, beyond_items=form.ticked("beyond"), forward=form.ticked("forward")
        ),
        comment=form.some("comment"),
    )
    await ask(visitor.house, _RATER, command, f"{state.id}:{_receipt(token)}:{grade.value}")
    return visitor.go(f"/r/{token}")


async def _rating_page(
    visitor: Visitor, token: str, state: VisitState, *, fault: bool = False
) -> Response:
    rows = await visitor.queries.rows("department", id=sorted(state.line.departments))
    return _small(
        visitor,
        "gate-rating.html.j2",
        422 if fault else 200,
        token=token,
        day=state.line.day,
        departments=[row["name"] for row in rows],
        rated=state.rated,
        open=state.status is VisitStatus.LEFT and state.rated is None,
        grades=tuple(Grade),
        receipt=_receipt(token),
        fault=fault,
    )


async def _visit(visitor: Visitor, token: str) -> VisitState:
    id_ = visitor.house.service.credentials.read_rating_token(token)
    found = await visitor.queries.get(VisitState, keys.visit(id_)) if id_ else None
    if not isinstance(found, VisitState):
        said = ("评价链接不对，请从本企业收到的通知打开", "this is no rating link of ours")
        raise ProblemError(404, "token-forged", said)
    return found


def _receipt(token: str) -> str:
    """Return the receipt's number: the same for the same rating, and no way back to the token."""
    plain = hashlib.sha256(f"receipt {token}".encode()).hexdigest()[:12].upper()
    return "-".join(plain[n : n + 4] for n in range(0, 12, 4))


def _small(visitor: Visitor, template: str, status: int = 200, **values: object) -> Response:
    now = visitor.house.service.clock.now()
    path = visitor.request.url.path
    answer = html(template, visitor.tongue, status, now=now, path=path, **values)
    answer.headers["cache-control"] = "no-store"
    # The address holds a code or a token: it goes to nobody else.
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


def not_too_often(visitor: Visitor) -> None:
    """Let an address ask only so often.

    Raises:
        ProblemError: If it asked too often of late.
    """
    now, client = visitor.reception.clock.now(), visitor.request.client
    key = client.host if client else "-"
    if visitor.reception.gate.full(key, now):
        said = ("请求过于频繁，请稍后再试", "too many requests, come again")
        raise ProblemError(429, "too-often", said, headers={"retry-after": "60"})
    visitor.reception.gate.count(key, now)


@router.get("/visits/{visit}/code")
async def code(visitor: Known, visit: PathId) -> Response:
    """出示入企码 / a visit's code, full size, for the enterprise to scan."""
    state = await readable(visitor.house, visitor.who, visit, Action.CODE_SHOW)
    text = code_text(visitor, state)
    return visitor.page(
        "code.html.j2", state=state, text=text, address=f"{visitor.base()}/q/{text}"
    )


@router.get("/visits/{visit}/code.svg")
async def code_picture(visitor: Known, visit: PathId) -> Response:
    """入企码二维码 / the code as a picture: the address of its verdict."""
    state = await readable(visitor.house, visitor.who, visit, Action.CODE_SHOW)
    return picture(f"{visitor.base()}/q/{code_text(visitor, state)}")


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
