"""Requests: the list, one request with all that happened to it, withdrawal, the day of a visit."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found, view
from portal.http.routes.requests import withdraw_each
from portal.pages import drafts
from portal.pages.names import names
from portal.pages.phase import phase
from portal.pages.requests import PAGE, Filter, listed, workbook
from portal.pages.routes.uploads import download
from portal.pages.uploads import XLSX
from portal.pages.visitor import Known, Visitor
from portal.pages.waiting import decides_as
from portal.permissions import TABLE, Action, Resource, authorize, reach
from scheduler import keys
from scheduler.states import RequestState, RequestStatus
from scheduler.statistics import PLANNED_LANES
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.lanes import HalfDay, Lane
from schemas.visits import Decision, Role

router = APIRouter()

_BEFORE: Final = frozenset({RequestStatus.ACCEPTED.value, RequestStatus.UNDECIDED.value})
"""The stages at which a request can still be taken back."""


@router.get("/requests")
async def list_(visitor: Known) -> Response:
    """入企申请 / the list of requests, filtered."""
    today = visitor.house.service.clock.now().date()
    at = await phase(visitor.queries, today)
    month = at.month if at else keys.month_of(today)
    wanted = Filter.of(visitor.request.query_params, month)
    found = await listed(visitor.queries, visitor.me, wanted)
    may_ask = visitor.me.role in {ActorRole.CLERK, ActorRole.HEAD}
    desk = visitor.reception.desk
    departments = (await names(visitor.queries)).of if visitor.me.of is None else {}
    return visitor.page(
        "requests.html.j2",
        found=found,
        departments=departments,
        statuses=tuple(RequestStatus),
        lanes=tuple(Lane),
        lane=Lane,
        as_status=RequestStatus,
        may_ask=may_ask,
        may_withdraw=may_ask and any(r["status"] in _BEFORE for r in found.shown.rows),
        before=_BEFORE,
        views=await drafts.views(desk, visitor.me),
        drafts=len(await drafts.drafts(desk, visitor.me)) if may_ask else 0,
        longest=drafts.LONGEST_NAME,
    )


@router.post("/requests/views")
async def keep_view(visitor: Known) -> Response:
    """保存筛选 / keep the filter of the list under a name."""
    form = await visitor.form()
    wanted = Filter.of(dict(parse_qsl(form.one("query"))), "")
    name = form.one("name")
    if not name:
        raise ProblemError(422, "bad-input", ("请给筛选起个名字", "give the filter a name"))
    now = visitor.house.service.clock.now()
    await drafts.keep_view(visitor.reception.desk, visitor.me, name, wanted.query, now)
    return visitor.go(f"/requests?{wanted.query}", "view-kept")


@router.post("/requests/views/{view}")
async def drop_view(visitor: Known, view: PathId) -> Response:
    """删除筛选 / throw a saved filter away."""
    await visitor.form()
    await drafts.drop_view(visitor.reception.desk, visitor.me, view)
    return visitor.go("/requests", "dropped")


@router.get("/requests/export.xlsx")
async def export(visitor: Known) -> Response:
    """导出 / the requests of the filter as a workbook; it can be handed in again."""
    wanted = Filter.of(visitor.request.query_params, "")
    body = await workbook(visitor.queries, visitor.me, wanted, visitor.tongue.lang)
    return download(body, XLSX, "入企申请.xlsx")


@router.get("/requests/{request}")
async def show(visitor: Known, request: PathId) -> Response:
    """一份申请 / one request, with its rules, approvals and ways out."""
    state = await allowed(visitor, request, Action.REQUEST_READ)
    asked = state.request
    known = await names(visitor.queries, [asked.enterprise], asked.items)
    role = decides_as(visitor.me)
    return visitor.page(
        "request.html.j2",
        state=state,
        names=known,
        objections=tuple(map(view, state.objections)),
        given={a.role.value for a in state.approvals if a.decision is Decision.APPROVED},
        roles={r.value: r for r in Role},
        may=_may(visitor, state),
        role_asked=role if role and role.value in state.approvals_needed else None,
        halves=tuple(HalfDay),
    )


def _may(visitor: Visitor, state: RequestState) -> frozenset[str]:
    """Return what the page offers; the core decides again on what is asked."""
    me, asked = visitor.me, state.request
    mine = me.of is None or me.of in {asked.department, asked.enterprise}
    waiting = state.status in {RequestStatus.ACCEPTED, RequestStatus.UNDECIDED}
    offers = {
        "withdraw": Action.REQUEST_WITHDRAW if waiting and me.of == asked.department else None,
        "decide": Action.REQUEST_DECIDE if waiting and decides_as(me) else None,
        "paper": Action.REQUEST_DECIDE if waiting and me.role is ActorRole.SCHEDULER else None,
        "see-paper": Action.PAPER_READ,
        "confirm": Action.REQUEST_CONFIRM if waiting and not state.confirmed else None,
        "arrange": Action.VISIT_ARRANGE
        if state.status is RequestStatus.ACCEPTED
        and state.approved
        and asked.lane not in PLANNED_LANES
        else None,
    }
    if asked.lane is Lane.STATUTORY and waiting and state.approved:
        offers["arrange"] = Action.VISIT_ARRANGE
    return frozenset(
        name for name, action in offers.items() if action and mine and me.role in TABLE[action]
    )


@router.post("/requests/withdrawals")
async def withdraw_several(visitor: Known) -> Response:
    """撤回所选 / take several requests back for one reason; each is answered for itself."""
    form = await visitor.form()
    reach(visitor.me, Action.REQUEST_WITHDRAW)
    chosen, reason = form.many("request")[:PAGE], form.one("reason")
    if not chosen or not reason:
        said = ("请勾选申请并写明理由", "tick requests and give a reason")
        raise ProblemError(422, "bad-input", said)
    answers = await withdraw_each(visitor.house, visitor.who, chosen, reason, form.some("key"))
    found = await visitor.queries.get_many([keys.request(each.request) for each in answers])
    states = {state.id: state for state in found.values()}
    return visitor.page(
        "withdrawals.html.j2",
        answers=answers,
        states=states,
        names=await names(visitor.queries, {s.request.enterprise for s in states.values()}),
    )


@router.post("/requests/{request}/withdrawal")
async def withdraw(visitor: Known, request: PathId) -> Response:
    """撤回 / take a request back."""
    form = await visitor.form()
    await allowed(visitor, request, Action.REQUEST_WITHDRAW)
    await visitor.ask(
        c.WithdrawRequest(request=request, reason=form.one("reason")), form.some("key")
    )
    return visitor.go(f"/requests/{request}", "withdrawn")


@router.post("/requests/{request}/confirmation")
async def confirm(visitor: Known, request: PathId) -> Response:
    """企业确认 / the enterprise confirms that it asked."""
    form = await visitor.form()
    await allowed(visitor, request, Action.REQUEST_CONFIRM)
    await visitor.ask(c.ConfirmOnCall(request=request), form.some("key"))
    return visitor.go(f"/requests/{request}", "confirmed")


@router.post("/requests/{request}/arrangement")
async def arrange(visitor: Known, request: PathId) -> Response:
    """安排计划外入企 / set the day of an approved visit outside the month's plan."""
    form = await visitor.form()
    await allowed(visitor, request, Action.VISIT_ARRANGE)
    day = form.day("day")
    if day is None:
        raise ProblemError(422, "bad-input", ("请选择日期", "choose a day"))
    command = c.ArrangeVisit(request=request, day=day, half=form.choice(HalfDay, "half"))
    await visitor.ask(command, form.some("key"))
    state = await allowed(visitor, request, Action.REQUEST_READ)
    return visitor.go(f"/visits/{state.visit}", "arranged")


async def allowed(visitor: Visitor, id_: str, action: Action) -> RequestState:
    """Return a request that the visitor may see and do this to.

    Raises:
        ProblemError: If there is none of this id.
        Denied: If he may not.
    """
    state = await visitor.queries.get(RequestState, keys.request(id_))
    if not isinstance(state, RequestState):
        raise not_found(id_)
    asked = state.request
    owners = [asked.department, *([asked.enterprise] if asked.lane is Lane.ON_CALL else [])]
    authorize(visitor.me, Action.REQUEST_READ, Resource.owned(*owners))
    authorize(visitor.me, action, Resource.owned(*owners))
    return state
