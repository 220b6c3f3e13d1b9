"""一业一查: bundles of a trade, joint visits, what could go together, who declined and who did not come."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, PathMonth, Who
from portal.http.limits import StrictRoute
from portal.matters import joint
from portal.permissions import Action, Resource, authorize, reach
from scheduler.bundles import JointState
from schemas import bundle_commands as c
from schemas.base import Frozen, Id, Text
from schemas.bundles import Bundle
from schemas.lanes import OnSiteGround
from schemas.uscc import Uscc
from schemas.visits import Window

router = APIRouter(prefix="/joint", tags=["joint 一业一查"], route_class=StrictRoute)


class JointBody(Frozen):
    """Which bundle, where, who leads, when, and why it cannot be settled off-site."""

    bundle: Id
    enterprise: Uscc
    lead: Id
    window: Window
    on_site: OnSiteGround
    why_on_site: Text
    line: Id | None = None
    off_plan: Text | None = None


class AnswerBody(Frozen):
    """Whether a department joins; a no says why, a yes cites its annual plan where one stands."""

    joins: bool
    reason: Text | None = None
    line: Id | None = None
    off_plan: Text | None = None


class SuggestionView(Frozen):
    """An enterprise at which some departments of a bundle ask for visits and others do not."""

    bundle: str
    enterprise: str
    asking: tuple[str, ...]
    missing: tuple[str, ...]


class NoView(Frozen):
    """A merge that a department declined."""

    enterprise: str
    department: str
    reason: str | None
    joint: str | None


class PhantomView(Frozen):
    """A partner who stood in the plan and did not come."""

    visit: str
    enterprise: str
    department: str
    day: date


class JointReport(Frozen):
    """A month: declined merges, phantom partners."""

    month: str
    declined: tuple[NoView, ...]
    phantoms: tuple[PhantomView, ...]


async def _seen(stands: House, who: Who, id_: str) -> JointState:
    return there(await joint.joint(stands.service.queries, who.actor, id_), id_)


@router.get("/bundles", responses=SEE)
async def bundles(stands: In, who: Who) -> tuple[Bundle, ...]:
    """一业一册 / the bundles of all trades."""
    authorize(who.actor, Action.BUNDLE_READ, Resource())
    return await joint.bundles(stands.service.queries)


@router.post("/bundles", status_code=201, responses=CHANGE)
async def publish(asks: Asks, body: Bundle) -> Bundle:
    """公布一业一册 / publish a bundle, in place of an earlier one of its id."""
    await asks.change(Action.BUNDLE_PUBLISH, c.PublishBundle(bundle=body))
    return body


@router.get("/suggestions/{month}", responses=SEE)
async def suggestions(stands: In, who: Who, month: PathMonth) -> tuple[SuggestionView, ...]:
    """可以一起去的 / where a month's requests could become one visit of a bundle."""
    authorize(who.actor, Action.JOINT_REPORT, Resource())
    found = await joint.suggestions(stands.service.queries, month)
    return tuple(
        SuggestionView(
            bundle=s.bundle.id, enterprise=s.enterprise, asking=s.asking, missing=s.missing
        )
        for s in found
    )


@router.get("/report/{month}", responses=SEE)
async def report(stands: In, who: Who, month: PathMonth) -> JointReport:
    """联合检查通报 / declined merges and phantom partners of a month."""
    authorize(who.actor, Action.JOINT_REPORT, Resource())
    queries = stands.service.queries
    return JointReport(
        month=month,
        declined=tuple(
            NoView(
                enterprise=no.enterprise,
                department=no.department,
                reason=no.reason,
                joint=no.joint,
            )
            for no in await joint.noes(queries, month)
        ),
        phantoms=tuple(
            PhantomView(visit=p.visit, enterprise=p.enterprise, department=p.department, day=p.day)
            for p in await joint.phantoms(queries, month)
        ),
    )


@router.get("", responses=SEE)
async def list_(stands: In, who: Who) -> tuple[JointState, ...]:
    """联合申请, 等答复的在前 / joint visits, those with open answers first."""
    reach(who.actor, Action.JOINT_READ)
    return await joint.listed(stands.service.queries, who.actor)


@router.post("", status_code=201, responses=CHANGE)
async def propose(asks: Asks, body: JointBody) -> JointState:
    """发起联合检查 / propose one visit of all departments of a bundle."""
    command = c.ProposeJoint(**body.model_dump())
    id_ = await asks.change(Action.JOINT_ANSWER, command, body.lead)
    return await _seen(asks.stands, asks.who, id_)


@router.get("/{joint_id}", responses=SEE)
async def show(stands: In, who: Who, joint_id: PathId) -> JointState:
    """一个联合申请 / one joint visit, and what each department said."""
    return await _seen(stands, who, joint_id)


@router.post("/{joint_id}/answers/{department}", responses=CHANGE)
async def answer(asks: Asks, joint_id: PathId, department: PathId, body: AnswerBody) -> JointState:
    """答复 / join by a request of the department's own, or say why not."""
    await _seen(asks.stands, asks.who, joint_id)
    command = c.AnswerJoint(joint=joint_id, department=department, **body.model_dump())
    await asks.change(Action.JOINT_ANSWER, command, department)
    return await _seen(asks.stands, asks.who, joint_id)
