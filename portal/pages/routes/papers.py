"""Papers: 审批表, 检查通知书, 现场笔录, 结果告知, to edit and to print."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.http.routes.visits import readable
from portal.http.views import OFFICE
from portal.pages.matters import may
from portal.pages.papers import FORMATS, KINDS, known, set_as
from portal.pages.routes.gate import code_text
from portal.pages.routes.requests import allowed
from portal.pages.routes.uploads import download
from portal.pages.visitor import Known, Visitor
from portal.papers import build
from portal.papers.paper import Paper
from portal.permissions import Action
from scheduler.states import VisitState
from schemas.envelope import ActorRole
from schemas.visits import Part

router = APIRouter()


@router.get("/requests/{request}/papers/approval.{format_}")
async def approval(visitor: Known, request: PathId, format_: str) -> Response:
    """审批表 / the form that asks for a visit, with what each role said to it."""
    if format_ not in FORMATS or visitor.me.role is ActorRole.ENTERPRISE:
        raise not_found(request)
    state = await allowed(visitor, request, Action.REQUEST_READ)
    asked = state.request
    around = await known(
        visitor.queries,
        enterprise=asked.enterprise,
        items=asked.items,
        officers=(),
        day=asked.window.first,
    )
    return await _file("approval", build.approval(state, around), state.id, format_)


@router.get("/visits/{visit}/papers/{kind}.{format_}")
async def of_visit(
    visitor: Known, visit: PathId, kind: str, format_: str, department: str = ""
) -> Response:
    """通知书、笔录、告知书 / a paper of a visit; record and result are one department's own."""
    if format_ not in FORMATS or kind not in KINDS or kind == "approval":
        raise not_found(kind)
    state = await readable(visitor.house, visitor.who, visit, Action.VISIT_READ)
    return await _file(kind, await _paper(visitor, state, kind, department), state.id, format_)


async def _paper(visitor: Visitor, state: VisitState, kind: str, department: str) -> Paper:
    line = state.line
    around = await known(
        visitor.queries,
        enterprise=line.enterprise,
        items=tuple(item for part in line.parts for item in part.items),
        officers=tuple(id_ for part in line.parts for id_ in part.officers),
        day=line.day,
    )
    if kind == "notice":
        return build.notice(state, around, _address(visitor, state))
    part = part_for(visitor, state, department)
    if kind == "record":
        if visitor.me.role is ActorRole.ENTERPRISE:
            raise not_found(kind)
        return build.record(state, part, around)
    try:
        return build.result(state, part, around)
    except LookupError:
        said = ("检查结果还没有登记", "the result is not on record yet")
        raise ProblemError(409, "no-outcome", said) from None


def _address(visitor: Visitor, state: VisitState) -> str | None:
    """Return what the code on the paper says: for those alone who may show it, while it is valid."""
    if state.code is None or state.code_revoked:
        return None
    if not may(visitor, Action.CODE_SHOW):
        return None
    return visitor.scanned(code_text(visitor, state))


def part_for(visitor: Visitor, state: VisitState, department: str) -> Part:
    """Return the department's part that a reader asks for: his own, else any, else the lead's.

    Raises:
        ProblemError: If he asks for another department's.
    """
    everyones = visitor.me.role in OFFICE or visitor.me.role is ActorRole.ENTERPRISE
    wanted = (department or state.line.lead) if everyones else (visitor.me.of or "")
    found = next((part for part in state.line.parts if part.department == wanted), None)
    if found is None or (department and department != wanted):
        raise not_found(department)
    return found


async def _file(kind: str, paper: Paper, id_: str, format_: str) -> Response:
    body, type_ = await set_as(paper, format_)
    return download(body, type_, f"{KINDS[kind]}-{id_[:12]}.{format_}")
