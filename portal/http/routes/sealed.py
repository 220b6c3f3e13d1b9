"""四不两直: sealed visits, every look on record; and who rated, under two hands."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks
from portal.http.house import House, In, PathId, Who, ask
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented, not_found
from portal.matters import sealed
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.proof.draws import history_of
from scheduler import keys
from scheduler.states import IdentityState, SealedState, SealedStatus
from schemas import sealed_commands as c
from schemas.base import Frozen, Id, Instant, Text
from schemas.envelope import ActorRole
from schemas.lanes import HalfDay
from schemas.sealed import SealedDetail
from schemas.visits import Rating, Request

router = APIRouter(tags=["sealed 保密检查"], route_class=StrictRoute)


class SealedBody(Frozen):
    """A visit that nobody may know of before its day: the request, and who goes."""

    request: Request
    officers: tuple[Id, ...] = Field(default=(), max_length=20)
    day: date
    half: HalfDay | None = None
    units: int = Field(default=1, ge=1, le=64)


class SealedView(Frozen):
    """A block of a department's capacity without a name."""

    id: str
    department: str
    day: date
    half: HalfDay | None
    units: int
    status: SealedStatus
    looks: int
    request: str | None


class WhyBody(Frozen):
    """Why."""

    reason: Text


class LookView(Frozen):
    """A look at a sealed visit: who, when and why; never what was seen."""

    sealed: str
    department: str
    day: date
    by: str
    at: Instant
    reason: str


class IdentityView(Frozen):
    """The opening of an identity, and how far it got. ``grounds``: why the second person agreed."""

    id: str
    visit: str
    asked_by: str
    asked_as: str
    reason: str
    granted_by: str | None
    grounds: str | None
    seen: int


class RaterView(Frozen):
    """Who rated, and what was said."""

    enterprise: str
    rating: Rating | None
    comment: str | None


def _view(state: SealedState) -> SealedView:
    return SealedView(
        id=state.id,
        department=state.department,
        day=state.day,
        half=state.half,
        units=state.units,
        status=state.status,
        looks=len(state.looks),
        request=state.request,
    )


@router.get("/sealed", responses=documented(401, 403))
async def list_(stands: In, who: Who) -> tuple[SealedView, ...]:
    """保密占用 / blocks of capacity; a department sees its own."""
    equals: dict[str, Any] = {}
    if reach(who.actor, Action.SEALED_READ) is Reach.OWN:
        equals["department"] = who.actor.of
    found = await stands.service.queries.find("sealed", **equals)
    return tuple(_view(state) for _, state in found)


@router.get("/sealed/looks", responses=documented(401, 403))
async def looks(stands: In, who: Who) -> tuple[LookView, ...]:
    """查看记录: 谁在何时为何看过 / every look at a sealed visit, the newest first; for the auditor."""
    reach(who.actor, Action.AUDIT_READ)
    # A reason may name the target: it is for those who may see every sealed visit.
    reach(who.actor, Action.SEALED_LOOK)
    found = await stands.service.queries.find("sealed")
    told = [
        LookView(
            sealed=state.id,
            department=state.department,
            day=state.day,
            by=each.by,
            at=each.at,
            reason=each.reason,
        )
        for _, state in found
        for each in state.looks
    ]
    return tuple(sorted(told, key=lambda each: each.at, reverse=True))


@router.get("/sealed/{id_}", responses=SEE)
async def show(stands: In, who: Who, id_: PathId) -> SealedView:
    """一处保密占用 / one block of capacity, without a name."""
    state = await _known(stands, id_)
    authorize(who.actor, Action.SEALED_READ, Resource.owned(state.department))
    return _view(state)


@router.post("/sealed", status_code=201, responses=CHANGE)
async def plan(asks: Asks, body: SealedBody) -> SealedView:
    """封存一次保密检查 / plan a sealed visit."""
    authorize(asks.who.actor, Action.SEALED_PLAN, Resource.owned(body.request.department))
    command = sealed.planning(body.request, body.officers, body.day, body.half, body.units)
    id_ = await asks.ask(command)
    return _view(await _known(asks.stands, id_))


@router.post("/sealed/{id_}/looks", responses=CHANGE)
async def look(stands: In, who: Who, id_: PathId, body: WhyBody) -> SealedDetail:
    """查看: 先留痕, 后显示 / look at what is sealed: first on record, then shown.

    Each call is a look of its own, so no key makes two of them one.
    """
    state = await _mine(stands, who, id_, Action.SEALED_LOOK)
    await ask(stands, who, c.LookAtSealed(sealed=id_, reason=body.reason), None)
    detail = await sealed.detail(stands.service, state)
    if detail is None:
        raise _gone()
    return detail


@router.post("/sealed/{id_}/opening", responses=CHANGE)
async def open_(asks: Asks, id_: PathId) -> SealedView:
    """启封: 当日转为已批准的申请 / open it on its day: it becomes an approved request."""
    state = await _mine(asks.stands, asks.who, id_, Action.SEALED_OPEN)
    text = await sealed.detail_text(asks.stands.service, state)
    if text is None:
        raise _gone()
    await asks.ask(c.OpenSealed(sealed=id_, detail=text))
    return _view(await _known(asks.stands, id_))


@router.post("/sealed/{id_}/cancellation", responses=CHANGE)
async def cancel(asks: Asks, id_: PathId, body: WhyBody) -> SealedView:
    """取消 / call a sealed visit off without opening it."""
    await _mine(asks.stands, asks.who, id_, Action.SEALED_PLAN)
    await asks.ask(c.CancelSealed(sealed=id_, reason=body.reason))
    return _view(await _known(asks.stands, id_))


@router.post("/visits/{visit}/identity", status_code=201, responses=CHANGE)
async def ask_identity(asks: Asks, visit: PathId, body: WhyBody) -> IdentityView:
    """申请查明评价人 / ask to learn who rated a visit."""
    reach(asks.who.actor, Action.IDENTITY_ASK)
    id_ = await asks.ask(c.AskIdentity(visit=visit, reason=body.reason))
    return await _opening(asks.stands, id_)


@router.get("/identities", responses=documented(401, 403))
async def list_identities(stands: In, who: Who) -> tuple[IdentityView, ...]:
    """查明评价人的申请 / every opening of an identity that was asked for; never who it is."""
    reach(who.actor, _hand(who))
    found = await stands.service.queries.find("identity")
    return tuple(_opening_view(state) for _, state in found)


@router.get("/identities/{id_}", responses=SEE)
async def show_identity(stands: In, who: Who, id_: PathId) -> IdentityView:
    """一件申请 / one opening, and how far it got."""
    reach(who.actor, _hand(who))
    return await _opening(stands, id_)


@router.post("/identities/{id_}/grant", responses=CHANGE)
async def grant(asks: Asks, id_: PathId, body: WhyBody) -> IdentityView:
    """第二人同意 / somebody else, in another role, agrees."""
    reach(asks.who.actor, Action.IDENTITY_GRANT)
    await asks.ask(c.GrantIdentity(identity=id_, reason=body.reason))
    return await _opening(asks.stands, id_)


@router.post("/identities/{id_}/looks", responses=CHANGE)
async def see(stands: In, who: Who, id_: PathId) -> RaterView:
    """查看: 先留痕, 后显示 / see who rated: first on record, then shown.

    Each call is a look of its own, so no key makes two of them one.
    """
    reach(who.actor, _hand(who))
    await ask(stands, who, c.SeeIdentity(identity=id_), None)
    state = await stands.service.queries.get(IdentityState, keys.identity(id_))
    found = None
    if state is not None:
        found = await sealed.identity(stands.service, history_of(stands.service), state)
    if found is None:
        raise not_found(id_)
    return RaterView(enterprise=found.enterprise, rating=found.rating, comment=found.comment)


def _hand(who: Who) -> Action:
    """Return which of the two hands somebody could be."""
    leader = who.actor.role is ActorRole.LEADER
    return Action.IDENTITY_GRANT if leader else Action.IDENTITY_ASK


async def _opening(stands: House, id_: str) -> IdentityView:
    state = await stands.service.queries.get(IdentityState, keys.identity(id_))
    if state is None:
        raise not_found(id_)
    return _opening_view(state)


def _opening_view(state: IdentityState) -> IdentityView:
    return IdentityView(
        id=state.id,
        visit=state.visit,
        asked_by=state.asked_by,
        asked_as=state.asked_as,
        reason=state.reason,
        granted_by=state.granted_by,
        grounds=state.grounds,
        seen=len(state.seen),
    )


async def _known(stands: House, id_: str) -> SealedState:
    state = await stands.service.queries.get(SealedState, keys.sealed(id_))
    if state is None:
        raise not_found(id_)
    return state


async def _mine(stands: House, who: Who, id_: str, action: Action) -> SealedState:
    """Return a sealed visit for somebody who may know that there is one and do this to it."""
    state = await _known(stands, id_)
    authorize(who.actor, Action.SEALED_READ, Resource.owned(state.department))
    authorize(who.actor, action, Resource.owned(state.department))
    return state


def _gone() -> ProblemError:
    return ProblemError(410, "key-gone", ("密钥已销毁", "its key was destroyed"))
