"""保密检查: unnamed blocks for most, and for few what is in them, each look on record before it is shown.

Every page asks the interface's own functions, so nobody gets here what the interface refuses.
"""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import ValidationError

from portal.http.house import PathId
from portal.http.routes import sealed as doors
from portal.pages.asking import request_of
from portal.pages.forms import Form
from portal.pages.language import marked
from portal.pages.meant import ENTERPRISE, meant
from portal.pages.names import names
from portal.pages.visitor import Known, Visitor
from portal.permissions import TABLE, Action, Reach, Resource, authorize
from scheduler import keys
from scheduler.states import SealedStatus
from schemas.faults import explain
from schemas.lanes import Ground, HalfDay, Lane, Purpose
from schemas.registry import Enterprise

router = APIRouter()

_LANES = (Lane.ROUTINE, Lane.STATUTORY)
"""What the head alone can approve: a leader's yes would have to know the target."""

_UNKNOWN = marked("企业名录中没有这个统一社会信用代码。")


@router.get("/sealed")
async def list_(visitor: Known) -> Response:
    """保密检查 / blocks of capacity, the latest day first; a department sees its own."""
    found = await doors.list_(visitor.house, visitor.who)
    return visitor.page(
        "sealed-list.html.j2",
        rows=sorted(found, key=lambda row: (row.day, row.id), reverse=True),
        names=await names(visitor.queries),
        may_plan=_may(visitor, Action.SEALED_PLAN, visitor.me.of or ""),
        may_audit=_audits(visitor),
    )


@router.get("/sealed/new")
async def ask(visitor: Known) -> Response:
    """封存一次检查 / the form of a sealed visit."""
    authorize(visitor.me, Action.SEALED_PLAN, Resource.owned(visitor.me.of or ""))
    return await _form(visitor, Form.of([]))


@router.post("/sealed")
async def plan(visitor: Known) -> Response:
    """封存 / seal it. The target comes in the body: no address, which is logged, ever holds it."""
    own = visitor.me.of or ""
    authorize(visitor.me, Action.SEALED_PLAN, Resource.owned(own))
    form = await meant(visitor.queries, await visitor.form(), {"enterprise": ENTERPRISE})
    body = await _body(visitor, form, own)
    if not isinstance(body, doors.SealedBody):
        return await _form(visitor, form, body)
    told = await doors.plan(visitor.asking(form), body)
    return visitor.go(f"/sealed/{told.id}", "sealed")


@router.get("/sealed/looks")
async def looks(visitor: Known) -> Response:
    """查看记录 / every look, for the auditor."""
    found = await doors.looks(visitor.house, visitor.who)
    return visitor.page("sealed-looks.html.j2", rows=found, names=await names(visitor.queries))


@router.get("/sealed/{id_}")
async def show(visitor: Known, id_: PathId) -> Response:
    """一处占用 / one block, and what its visitor may do with it."""
    block = await doors.show(visitor.house, visitor.who, id_)
    actions = (Action.SEALED_PLAN, Action.SEALED_LOOK, Action.SEALED_OPEN)
    return visitor.page(
        "sealed.html.j2",
        b=block,
        names=await names(visitor.queries),
        may={each.value for each in actions if _may(visitor, each, block.department)},
        planned=block.status is SealedStatus.PLANNED,
        today=visitor.house.service.clock.now().date(),
    )


@router.post("/sealed/{id_}/looks")
async def look(visitor: Known, id_: PathId) -> Response:
    """查看 / what is sealed, shown this once; the look is on record first."""
    form = await visitor.form()
    why = doors.WhyBody(reason=form.one("reason"))
    detail = await doors.look(visitor.house, visitor.who, id_, why)
    asked = detail.request
    officers = await visitor.queries.rows("officer", id=list(detail.officers))
    return visitor.page(
        "sealed-look.html.j2",
        id=id_,
        asked=asked,
        officers={row["id"]: row["name"] for row in officers},
        team=detail.officers,
        names=await names(visitor.queries, [asked.enterprise], asked.items),
    )


@router.post("/sealed/{id_}/opening")
async def open_(visitor: Known, id_: PathId) -> Response:
    """启封 / open it on its day; it goes on as an approved request."""
    form = await visitor.form()
    told = await doors.open_(visitor.asking(form), id_)
    return visitor.go(f"/requests/{told.request}", "unsealed")


@router.post("/sealed/{id_}/cancellation")
async def cancel(visitor: Known, id_: PathId) -> Response:
    """取消 / call it off; what was sealed stays so."""
    form = await visitor.form()
    why = doors.WhyBody(reason=form.one("reason"))
    await doors.cancel(visitor.asking(form), id_, why)
    return visitor.go(f"/sealed/{id_}", "sealed-cancelled")


async def _body(visitor: Visitor, form: Form, own: str) -> doors.SealedBody | tuple[str, ...]:
    """Return the sealed visit that a form states, or what is wrong with it."""
    day, units = form.one("day"), form.one("units", "1") or "1"
    fixed = {
        "first": (day,),
        "last": (day,),
        "duration": (units,),
        "unannounced": ("1",),
    }
    enterprise = form.one("enterprise").upper()
    asked = request_of(Form({**form.fields, **fixed}), own, enterprise)
    if isinstance(asked, tuple):
        return asked
    if not isinstance(
        await visitor.queries.get(Enterprise, keys.enterprise(enterprise)), Enterprise
    ):
        return (visitor.tongue.text(_UNKNOWN),)
    try:
        return doors.SealedBody.model_validate(
            {
                "request": asked,
                "officers": form.many("officer"),
                "day": day,
                "half": form.some("half"),
                "units": units,
            }
        )
    except ValidationError as error:
        return tuple(explain(error).splitlines())


async def _form(visitor: Visitor, form: Form, faults: tuple[str, ...] = ()) -> Response:
    own = visitor.me.of or ""
    return visitor.page(
        "sealed-new.html.j2",
        422 if faults else 200,
        form=form,
        faults=faults,
        purposes=tuple(Purpose),
        lanes=_LANES,
        grounds=tuple(Ground),
        halves=tuple(HalfDay),
        items=await visitor.queries.rows("item", department=own, published=True),
        officers=await visitor.queries.rows("officer", department=own),
    )


def _may(visitor: Visitor, action: Action, department: str) -> bool:
    found = TABLE[action].get(visitor.me.role)
    return found is Reach.ALL or (found is Reach.OWN and visitor.me.of == department)


def _audits(visitor: Visitor) -> bool:
    role = visitor.me.role
    return role in TABLE[Action.AUDIT_READ] and role in TABLE[Action.SEALED_LOOK]
