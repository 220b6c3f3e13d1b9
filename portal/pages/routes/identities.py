"""查明评价人: one asks with a reason, somebody else in another role agrees, each look is on record."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.house import ID_PATTERN, PathId
from portal.http.routes import sealed as doors
from portal.pages.matters import may
from portal.pages.names import names
from portal.pages.roles import ROLES
from portal.pages.visitor import Known, Visitor
from portal.permissions import TABLE, Action
from scheduler import keys
from scheduler.states import VisitState
from schemas.envelope import ActorRole

router = APIRouter()


@router.get("/identities")
async def list_(visitor: Known, visit: str = "") -> Response:
    """查明评价人 / what was asked for, what still waits first; and the form to ask."""
    found = await doors.list_identities(visitor.house, visitor.who)
    about = await visitor.queries.get_many([keys.visit(row.visit) for row in found])
    visits: dict[str, VisitState] = {each.id: each for each in about.values()}
    return visitor.page(
        "identities.html.j2",
        visits=visits,
        names=await names(visitor.queries),
        rows=sorted(found, key=lambda row: (row.granted_by is not None, row.id)),
        visit=visit,
        pattern=ID_PATTERN.strip("^$"),
        may_ask=may(visitor, Action.IDENTITY_ASK),
    )


@router.post("/identities")
async def ask(visitor: Known) -> Response:
    """申请 / ask, with a reason."""
    form = await visitor.form()
    why = doors.WhyBody(reason=form.one("reason"))
    visit = form.one("visit")
    told = await doors.ask_identity(visitor.asking(form), visit, why)
    return visitor.go(f"/identities/{told.id}", "identity-asked")


@router.get("/identities/{id_}")
async def show(visitor: Known, id_: PathId) -> Response:
    """一件申请 / how far one got, and the next step for whoever may take it."""
    return await _page(visitor, id_)


@router.post("/identities/{id_}/grant")
async def grant(visitor: Known, id_: PathId) -> Response:
    """同意 / the second person, in another role, agrees."""
    form = await visitor.form()
    why = doors.WhyBody(reason=form.one("reason"))
    await doors.grant(visitor.asking(form), id_, why)
    return visitor.go(f"/identities/{id_}", "identity-granted")


@router.post("/identities/{id_}/looks")
async def see(visitor: Known, id_: PathId) -> Response:
    """查看 / who rated, shown this once; the look is on record first."""
    await visitor.form()
    return await _page(visitor, id_, await doors.see(visitor.house, visitor.who, id_))


async def _page(visitor: Visitor, id_: str, rater: doors.RaterView | None = None) -> Response:
    opening = await doors.show_identity(visitor.house, visitor.who, id_)
    me = visitor.me
    about = await visitor.queries.get(VisitState, keys.visit(opening.visit))
    other = me.id != opening.asked_by and me.role.value != opening.asked_as
    return visitor.page(
        "identity.html.j2",
        i=opening,
        about=about,
        asked_as=ROLES[ActorRole(opening.asked_as)],
        rater=rater,
        names=await names(visitor.queries, [rater.enterprise] if rater else ()),
        may_grant=opening.granted_by is None and other and me.role in TABLE[Action.IDENTITY_GRANT],
        may_see=opening.granted_by is not None and me.id in {opening.asked_by, opening.granted_by},
    )
