"""个人信息: retention, holds, and erasure by two people in two roles."""

from __future__ import annotations

from fastapi import APIRouter

from portal.http.changing import CHANGE, Asks
from portal.http.house import House, In, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.matters import privacy
from portal.permissions import Action, reach
from scheduler import keys
from scheduler.privacy_states import PrivacyState
from schemas import privacy_commands as c
from schemas.base import Frozen, Id, Text
from schemas.privacy import Asked, Erased, ErasureGround, Hold, Retention, Subject

router = APIRouter(prefix="/privacy", tags=["privacy 个人信息"], route_class=StrictRoute)


class SubjectView(Frozen):
    """What became of somebody's personal data: holds, what was asked for, and what was erased."""

    subject: str
    holds: tuple[Hold, ...]
    asked: Asked | None
    erased: tuple[Erased, ...]


class ErasedView(SubjectView):
    """The same after an erasure; ``destroyed`` tells whether a key was there to be destroyed."""

    destroyed: bool


class HoldBody(Frozen):
    """Whose data are held, under which number, by which order, and why."""

    subject: Subject
    hold: Id
    reference: Text
    reason: Text


class ReleaseBody(Frozen):
    """Which hold is released, and why."""

    subject: Subject
    hold: Id
    reason: Text


class AskBody(Frozen):
    """Whose data are to be erased, on what ground, and why."""

    subject: Subject
    ground: ErasureGround
    reason: Text


class EraseBody(Frozen):
    """Whose data are erased."""

    subject: Subject


class RetentionView(Frozen):
    """The table of retention classes in use; absent where none was adopted."""

    retention: Retention | None


@router.get("", responses=documented(401, 403))
async def list_(stands: In, who: Who) -> tuple[SubjectView, ...]:
    """留存、待办和已删除 / holds, what was asked for, and what was erased."""
    reach(who.actor, Action.PRIVACY_READ)
    return tuple(map(_view, await privacy.subjects(stands.service.ledger)))


@router.get("/retention", responses=documented(401, 403))
async def retention(stands: In, who: Who) -> RetentionView:
    """保管期限 / the retention classes in use."""
    reach(who.actor, Action.PRIVACY_READ)
    return RetentionView(retention=await privacy.retention(stands.service.queries))


@router.post("/retention", responses=CHANGE)
async def adopt(asks: Asks, body: Retention) -> RetentionView:
    """启用保管期限 / adopt a table of retention classes."""
    reach(asks.who.actor, Action.RULES_ADOPT)
    await asks.ask(c.AdoptRetention(retention=body))
    return RetentionView(retention=await privacy.retention(asks.stands.service.queries))


@router.post("/holds", status_code=201, responses=CHANGE)
async def hold(asks: Asks, body: HoldBody) -> SubjectView:
    """留存 / hold a subject's data until the hold is released."""
    reach(asks.who.actor, Action.PRIVACY_HOLD)
    await asks.ask(c.HoldSubject(**dict(body)))
    privacy.noted("held", body.subject, asks.who.actor.id)
    return await _after(asks.stands, body.subject)


@router.post("/releases", responses=CHANGE)
async def release(asks: Asks, body: ReleaseBody) -> SubjectView:
    """解除留存 / release a hold."""
    reach(asks.who.actor, Action.PRIVACY_HOLD)
    await asks.ask(c.ReleaseSubject(**dict(body)))
    privacy.noted("released", body.subject, asks.who.actor.id)
    return await _after(asks.stands, body.subject)


@router.post("/askings", status_code=201, responses=CHANGE)
async def ask_erasure(asks: Asks, body: AskBody) -> SubjectView:
    """第一步: 提出删除 / first step: ask for an erasure."""
    reach(asks.who.actor, Action.PRIVACY_ASK)
    await asks.ask(c.AskErasure(**dict(body)))
    privacy.noted("erasure-asked", body.subject, asks.who.actor.id)
    return await _after(asks.stands, body.subject)


@router.post("/erasures", responses=CHANGE)
async def erase(asks: Asks, body: EraseBody) -> ErasedView:
    """第二步: 办理删除, 销毁密钥 / second step: erase; the subject's key is destroyed."""
    reach(asks.who.actor, Action.PRIVACY_ERASE)
    command = await privacy.erasing(asks.stands.service.queries, body.subject)
    await asks.ask(command)
    destroyed = await privacy.destroy(asks.stands.service, body.subject)
    privacy.noted("erased", body.subject, asks.who.actor.id)
    return ErasedView(**dict(await _after(asks.stands, body.subject)), destroyed=destroyed)


async def _after(stands: House, subject: str) -> SubjectView:
    found = await stands.service.queries.get(PrivacyState, keys.privacy(subject))
    return _view(found or PrivacyState(subject=subject))


def _view(state: PrivacyState) -> SubjectView:
    return SubjectView(
        subject=state.subject, holds=state.holds, asked=state.asked, erased=state.erased
    )
