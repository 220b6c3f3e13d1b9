"""一业一查 by pages: bundles, joint visits with lead and members, who declined, who did not come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from portal.http.changing import there
from portal.http.house import PathId
from portal.matters import joint
from portal.matters.annual import standing_for
from portal.pages.matters import Act, asked, carry_out, may
from portal.pages.meant import DEPARTMENT
from portal.pages.names import names
from portal.pages.periods import is_month
from portal.pages.visitor import Known
from portal.permissions import Action, Resource, authorize, reach
from scheduler import keys
from schemas import bundle_commands as c
from schemas.bundles import Bundle
from schemas.lanes import OnSiteGround
from schemas.registry import Enterprise
from schemas.visits import Window

router = APIRouter()

ACTS: Final[Mapping[str, Act]] = {
    "join": (
        Action.JOINT_ANSWER,
        lambda id_, f: c.AnswerJoint(
            joint=id_,
            department=f.one("department"),
            joins=True,
            line=f.some("line"),
            off_plan=f.some("off_plan"),
        ),
        "joint-joined",
    ),
    "decline": (
        Action.JOINT_ANSWER,
        lambda id_, f: c.AnswerJoint(
            joint=id_, department=f.one("department"), joins=False, reason=f.one("reason")
        ),
        "joint-declined",
    ),
}
"""What a form on a joint visit's page does."""


@router.get("/joint")
async def list_(visitor: Known, month: str = "", enterprise: str = "") -> Response:
    """一业一查 / bundles, joint visits, and for the office what could go together and what did not."""
    reach(visitor.me, Action.JOINT_READ)
    today = visitor.house.service.clock.now().date()
    chosen = month if is_month(month) else keys.month_of(today)
    watches = may(visitor, Action.JOINT_REPORT)
    rows = await joint.listed(visitor.queries, visitor.me, chosen)
    suggested = await joint.suggestions(visitor.queries, chosen) if watches else ()
    declined = await joint.noes(visitor.queries, chosen) if watches else ()
    absent = await joint.phantoms(visitor.queries, chosen) if watches else ()
    firm = (
        await visitor.queries.get(Enterprise, keys.enterprise(enterprise)) if enterprise else None
    )
    proposes = may(visitor, Action.JOINT_ANSWER)
    fitting = await joint.bundles_for(visitor.queries, firm, visitor.me.of) if firm else ()
    own = visitor.me.of if fitting else None
    standing = await standing_for(visitor.queries, own, today) if own else None
    firms = {s.joint.enterprise for s in rows} | {s.enterprise for s in suggested}
    firms |= {no.enterprise for no in declined} | {p.enterprise for p in absent} | {enterprise}
    return visitor.page(
        "joint.html.j2",
        month=chosen,
        rows=rows,
        bundles=await joint.bundles(visitor.queries),
        suggested=suggested[:100],
        declined=declined,
        absent=absent,
        per_department=joint.by_department(declined, absent),
        watches=watches,
        proposes=proposes,
        enterprise=enterprise,
        fitting=fitting,
        home=visitor.me.of,
        plan=standing.lines if standing else (),
        grounds=tuple(OnSiteGround),
        names=await names(visitor.queries, firms - {""}),
    )


@router.post("/joint")
async def propose(visitor: Known) -> Response:
    """发起 / propose one visit of all departments of a bundle."""
    told = await asked(
        visitor,
        Action.JOINT_ANSWER,
        lambda f: c.ProposeJoint(
            bundle=f.one("bundle"),
            enterprise=f.one("enterprise"),
            lead=f.one("lead"),
            window=Window.model_validate({"first": f.one("first"), "last": f.one("last")}),
            on_site=OnSiteGround(f.one("on_site")),
            why_on_site=f.one("why_on_site"),
            line=f.some("line"),
            off_plan=f.some("off_plan"),
        ),
        "lead",
        whom={"lead": DEPARTMENT},
    )
    return visitor.go(f"/joint/{told.id}", "joint-proposed")


@router.get("/joint/bundles/{bundle}")
async def bundle_(visitor: Known, bundle: PathId) -> Response:
    """一业一册 / one bundle: its trades, its departments, its one checklist."""
    authorize(visitor.me, Action.BUNDLE_READ, Resource())
    found = there(await visitor.queries.get(Bundle, keys.bundle(bundle)), bundle)
    items = [id_ for part in found.parts for id_ in part.items]
    return visitor.page("bundle.html.j2", b=found, names=await names(visitor.queries, (), items))


@router.get("/joint/{joint_id}")
async def show(visitor: Known, joint_id: PathId) -> Response:
    """一个联合申请 / one joint visit: duties and answers."""
    state = there(await joint.joint(visitor.queries, visitor.me, joint_id), joint_id)
    answers = may(visitor, Action.JOINT_ANSWER)
    mine = [home for home in state.silent if visitor.me.of in {None, home}] if answers else []
    items = [id_ for part in state.joint.parts for id_ in part.items]
    known = await names(visitor.queries, {state.joint.enterprise}, items)
    bundle = await visitor.queries.get(Bundle, keys.bundle(state.joint.bundle))
    day = state.joint.window.first
    standing = await standing_for(visitor.queries, mine[0], day) if mine else None
    return visitor.page(
        "joint-visit.html.j2",
        s=state,
        j=state.joint,
        bundle=bundle,
        mine=mine,
        plan=standing.lines if standing else (),
        names=known,
    )


@router.post("/joint/{joint_id}/{act}")
async def change(visitor: Known, joint_id: PathId, act: str) -> Response:
    """Do what a form on a joint visit's page asks for; the core looks whose answer it is."""
    state = there(await joint.joint(visitor.queries, visitor.me, joint_id), joint_id)
    homes = (part.department for part in state.joint.parts)
    return await carry_out(visitor, ACTS, act, joint_id, f"/joint/{joint_id}", *homes)
