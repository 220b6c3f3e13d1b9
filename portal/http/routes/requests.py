"""Requests: submitted, looked at, decided, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, Key, PathId, Who, ask
from portal.http.identity import Principal
from portal.http.limits import StrictRoute
from portal.http.paging import MOST, Cursor, Limit, Page, after, cursor
from portal.http.problems import ObjectionView, ProblemError, documented, not_found, view
from portal.http.views import RequestView, request_view
from portal.matters.company import going
from portal.messages import Sender, content_id, fresh_id
from portal.permissions import Action, Denied, Reach, Resource, authorize, reach
from portal.proof.evidence import paper_of
from portal.wording.refusals import objections_of
from scheduler import keys
from scheduler.states import RequestState, RequestStatus
from schemas import commands as c
from schemas.base import Bilingual, Frozen, Id, Month, Text
from schemas.envelope import ActorRole
from schemas.lanes import HalfDay, Lane
from schemas.visits import Decision, Request, Role

router = APIRouter(prefix="/requests", tags=["requests 入企申请"], route_class=StrictRoute)

_SUBMIT = documented(400, 401, 403, 409, 413, 422)


class Filters(Frozen):
    """Which requests a list shows; of a department's reader always its own."""

    month: Month | None = None
    department: Id | None = None
    enterprise: Id | None = None
    status: RequestStatus | None = None
    lane: Lane | None = None
    approved: bool | None = None
    limit: Limit = 50
    cursor: Cursor = None


class Reason(Frozen):
    """Why."""

    reason: Text


class SeveralBody(Frozen):
    """Requests to take back, all for the same reason."""

    requests: tuple[Id, ...] = Field(min_length=1, max_length=MOST)
    reason: Text


class Withdrawn(Frozen):
    """What became of one of several: taken back, or what stood in the way."""

    request: str
    withdrawn: bool
    code: str | None = None
    said: Bilingual | None = None
    objections: tuple[ObjectionView, ...] = ()


class PaperBody(Frozen):
    """The day on a paper, and the hash of its picture, which was handed in at ``/scans``."""

    signed_on: date
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class DecisionBody(Frozen):
    """A yes or a no in one role.

    Where the office enters what was signed on paper, ``signatory`` signed it and ``paper`` is the
    evidence.
    """

    role: Role
    decision: Decision
    lifts: tuple[Id, ...] = Field(default=(), max_length=20)
    on_paper: bool = False
    signatory: Id | None = None
    reason: Text | None = None
    paper: PaperBody | None = None


class ArrangementBody(Frozen):
    """The day of a visit outside the month's plan."""

    day: date
    half: HalfDay | None = None


class Arranged(Frozen):
    """The request, and the visit that was arranged for it."""

    request: RequestView
    visit: str


class GoingView(Frozen):
    """Another department that goes, or wants to go, there; ``fits`` says that one visit would do for both."""

    department: str
    first: date
    last: date
    fixed: bool
    fits: bool


class Judged(Frozen):
    """What would become of a request, and who else goes there: nothing was submitted."""

    accepted: bool
    objections: tuple[ObjectionView, ...]
    going: tuple[GoingView, ...] = ()


@router.post("", status_code=201, responses=_SUBMIT)
async def submit(asks: Asks, body: Request) -> RequestView:
    """提交入企申请 / submit a request: accepted, or refused with every rule in the way."""
    _may_submit(asks.who, body)
    id_ = await asks.ask(c.SubmitRequest(request=body))
    asks.reply.headers["location"] = f"/api/v1/requests/{id_}"
    return await _view(asks.stands, id_)


@router.post("/check", responses=_SUBMIT)
async def check(stands: In, who: Who, body: Request) -> Judged:
    """预检: 不提交 / which rules would stand in the way, and who else goes there; nothing is submitted."""
    _may_submit(who, body)
    trial = stands.service.trial()
    sender = Sender(who.source, who.actor)
    command = c.SubmitRequest(request=body)
    raw = sender.message(command, id_=fresh_id(), at=trial.clock.now())
    effect = (await trial.submit([raw]))[0]
    against = tuple(map(view, objections_of(effect)))
    # An enterprise learns of visits when they are announced to it, not by asking for one.
    outside = who.actor.role is ActorRole.ENTERPRISE
    others = () if outside else await going(stands.service.queries, body)
    return Judged(
        accepted=effect.status == "accepted",
        objections=against,
        going=tuple(
            GoingView(**{name: getattr(each, name) for name in GoingView.model_fields})
            for each in others
        ),
    )


@router.post("/withdrawals", responses=_SUBMIT)
async def withdraw_several(
    stands: In, who: Who, body: SeveralBody, key: Key = None
) -> tuple[Withdrawn, ...]:
    """撤回多份: 逐份答复 / take several back; each is answered for itself, and none undoes another."""
    reach(who.actor, Action.REQUEST_WITHDRAW)
    return await withdraw_each(stands, who, body.requests, body.reason, key)


async def withdraw_each(
    stands: House, who: Principal, requests: Sequence[str], reason: str, key: str | None
) -> tuple[Withdrawn, ...]:
    """Take requests back one by one; the same key again has the same effects and answers."""
    answers: list[Withdrawn] = []
    for id_ in dict.fromkeys(requests):
        own = None if key is None else content_id((key, id_))
        try:
            await _allowed(stands, who, id_, Action.REQUEST_WITHDRAW)
            await ask(stands, who, c.WithdrawRequest(request=id_, reason=reason), own)
        except ProblemError as problem:
            answers.append(_kept(id_, problem))
        except Denied:
            # What is not his does not exist for him, one by one or among several.
            answers.append(_kept(id_, not_found(id_)))
        else:
            answers.append(Withdrawn(request=id_, withdrawn=True))
    return tuple(answers)


def _kept(id_: str, problem: ProblemError) -> Withdrawn:
    against = tuple(map(view, problem.objections))
    return Withdrawn(
        request=id_, withdrawn=False, code=problem.code, said=problem.said, objections=against
    )


@router.get("", responses=documented(400, 401, 403, 422))
async def list_(stands: In, who: Who, filters: Annotated[Filters, Query()]) -> Page[RequestView]:
    """申请列表 / list requests, in order of their ids."""
    equals = _equals(who, filters)
    found = await stands.service.queries.find(
        "request",
        limit=filters.limit,
        after=after(filters.cursor, "request", equals),
        **equals,
    )
    states: list[RequestState] = [state for _, state in found]
    rows = [{"id": state.id} for state in states]
    return Page(
        items=tuple(map(request_view, states)),
        next=cursor(rows, filters.limit, "request", equals),
    )


@router.get("/{request}", responses=SEE)
async def show(stands: In, who: Who, request: PathId) -> RequestView:
    """一份申请 / one request."""
    return request_view(await _readable(stands, who, request))


@router.post("/{request}/withdrawal", responses=CHANGE)
async def withdraw(asks: Asks, request: PathId, body: Reason) -> RequestView:
    """撤回 / take a request back."""
    await _allowed(asks.stands, asks.who, request, Action.REQUEST_WITHDRAW)
    command = c.WithdrawRequest(request=request, reason=body.reason)
    return await _view(asks.stands, await asks.ask(command))


@router.post("/{request}/confirmation", responses=CHANGE)
async def confirm(asks: Asks, request: PathId) -> RequestView:
    """企业确认 / the enterprise confirms that it asked."""
    await _allowed(asks.stands, asks.who, request, Action.REQUEST_CONFIRM)
    return await _view(asks.stands, await asks.ask(c.ConfirmOnCall(request=request)))


@router.post("/{request}/approvals", responses=CHANGE)
async def decide(asks: Asks, request: PathId, body: DecisionBody) -> RequestView:
    """审批 / say yes or no in one of the roles that the approval matrix asks for."""
    await _allowed(asks.stands, asks.who, request, Action.REQUEST_DECIDE)
    stated = body.paper
    paper = None
    if stated is not None:
        paper = await paper_of(asks.stands.service, stated.sha256, stated.signed_on)
    command = c.DecideRequest(request=request, **(dict(body) | {"paper": paper}))
    return await _view(asks.stands, await asks.ask(command))


@router.post("/{request}/arrangement", status_code=201, responses=CHANGE)
async def arrange(asks: Asks, request: PathId, body: ArrangementBody) -> Arranged:
    """安排计划外入企 / arrange an approved visit outside the month's plan."""
    await _allowed(asks.stands, asks.who, request, Action.VISIT_ARRANGE)
    command = c.ArrangeVisit(request=request, day=body.day, half=body.half)
    await asks.ask(command)
    state = await _known(asks.stands, request)
    if state.visit is None:
        raise not_found(request)
    asks.reply.headers["location"] = f"/api/v1/visits/{state.visit}"
    return Arranged(request=request_view(state), visit=state.visit)


def _may_submit(who: Principal, body: Request) -> None:
    calls = who.actor.role is ActorRole.ENTERPRISE
    owner = body.enterprise if calls else body.department
    authorize(who.actor, Action.REQUEST_SUBMIT, Resource.owned(owner))
    if calls and body.lane is not Lane.ON_CALL:
        said = ("企业只能预约入企", "an enterprise asks for visits on call only")
        raise ProblemError(403, "wrong-lane", said)
    if body.generated:
        said = ("generated 只用于演示数据", "generated is for demonstration data only")
        raise ProblemError(422, "generated", said)


def _equals(who: Principal, filters: Filters) -> dict[str, Any]:
    """Return the conditions of a list: what was asked for, within what the reader may see."""
    stated = filters.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
    if reach(who.actor, Action.REQUEST_READ) is Reach.OWN:
        mine = "enterprise" if who.actor.role is ActorRole.ENTERPRISE else "department"
        if stated.setdefault(mine, who.actor.of) != who.actor.of:
            stated[mine] = []  # nobody else's: the list is empty
        if mine == "enterprise" and stated.setdefault("lane", "on_call") != "on_call":
            stated["lane"] = []
    return stated


async def _known(stands: House, id_: str) -> RequestState:
    return there(await stands.service.queries.get(RequestState, keys.request(id_)), id_)


async def _readable(stands: House, who: Principal, id_: str) -> RequestState:
    return await _allowed(stands, who, id_, Action.REQUEST_READ)


async def _allowed(stands: House, who: Principal, id_: str, action: Action) -> RequestState:
    """Return a request that somebody may see and do this to."""
    state = await _known(stands, id_)
    asked = state.request
    owners = [asked.department, *([asked.enterprise] if asked.lane is Lane.ON_CALL else [])]
    authorize(who.actor, Action.REQUEST_READ, Resource.owned(*owners))
    authorize(who.actor, action, Resource.owned(*owners))
    return state


async def _view(stands: House, id_: str) -> RequestView:
    return request_view(await _known(stands, id_))
