"""A new request, step by step: which enterprise; what, how and when; check and submit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.pages import asking, drafts
from portal.pages.enterprises import search
from portal.pages.forms import Form
from portal.pages.frame import html
from portal.pages.names import names
from portal.pages.phase import phase
from portal.pages.routes.requests import allowed
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Resource, authorize
from scheduler import keys
from schemas import commands as c
from schemas.lanes import Lane, Purpose
from schemas.registry import Department, Enterprise
from schemas.visits import Request

router = APIRouter()


@router.get("/requests/new")
async def which(visitor: Known, q: str = "") -> Response:
    """新建申请第一步: 企业 / step one: which enterprise."""
    await _own(visitor)
    found = await search(visitor.queries, q) if q.strip() else ()
    return visitor.page("asking-which.html.j2", q=q, found=found)


@router.get("/requests/new/{enterprise}")
async def what(visitor: Known, enterprise: PathId) -> Response:
    """第二步: 事项与时间 / step two: what, how and when."""
    department, record = await _own(visitor), await _enterprise(visitor, enterprise)
    today = visitor.house.service.clock.now().date()
    at = await phase(visitor.queries, today)
    form = asking.blank(department, at.dates.visiting_days if at else ())
    earlier = visitor.request.query_params.get("from", "")
    draft = await drafts.draft_for(visitor.reception.desk, visitor.me, record.id)
    if earlier:
        form = asking.form_of(await allowed(visitor, earlier, Action.REQUEST_READ))
    elif draft is not None:
        form = draft.form
    since = draft.since if draft is not None and not earlier else None
    return await _what(visitor, department, record, form, since=since)


@router.post("/requests/new/{enterprise}")
async def check(visitor: Known, enterprise: PathId) -> Response:
    """第三步: 核对 / step three: what the rules say; or back to step two with all that was said."""
    department, record = await _own(visitor), await _enterprise(visitor, enterprise)
    form = await visitor.form()
    if form.one("act") == "keep":
        await _keep(visitor, record, form)
        return visitor.go("/requests/drafts", "kept")
    joined = form.day("join")
    if joined is not None:
        day = (str(joined),)
        return await _what(
            visitor, department, record, Form({**form.fields, "first": day, "last": day})
        )
    if form.one("act") == "edit":
        return await _what(visitor, department, record, form)
    if form.one("act") == "escalate":
        fields = {**form.fields, "lane": (Lane.ESCALATED.value,), "lift": form.many("blocked")}
        return await _what(visitor, department, record, Form(fields))
    stated = asking.request_of(form, department.id, record.id)
    if not isinstance(stated, Request):
        return await _what(visitor, department, record, form, stated)
    return visitor.page(
        "asking-check.html.j2",
        enterprise=record,
        department=department,
        asked=stated,
        form=form,
        fields=asking.FIELDS,
        judged=await asking.judged(visitor.house, visitor.who, stated),
        around=await asking.around(visitor.queries, stated, department, record),
    )


@router.post("/requests/check/{enterprise}")
async def panel(visitor: Known, enterprise: PathId) -> HTMLResponse:
    """规则检查 / the panel beside the form: what the rules say to what it states now."""
    department, record = await _own(visitor), await _enterprise(visitor, enterprise)
    form = await visitor.form()
    # What was typed so far outlives the session, a closed window and a power cut.
    await _keep(visitor, record, form)
    return html(
        "asking-panel.html.j2", visitor.tongue, **await _panel(visitor, department, record, form)
    )


@router.post("/requests")
async def submit(visitor: Known) -> Response:
    """提交 / submit the request: accepted, or refused with every rule in the way."""
    department = await _own(visitor)
    form = await visitor.form()
    record = await _enterprise(visitor, form.one("enterprise"))
    stated = asking.request_of(form, department.id, record.id)
    if not isinstance(stated, Request):
        return await _what(visitor, department, record, form, stated)
    try:
        told = await visitor.ask(c.SubmitRequest(request=stated), form.some("key"))
    except ProblemError as problem:
        if problem.about is None or not problem.about.startswith("request/"):
            raise
        return visitor.go(f"/requests/{problem.about.partition('/')[2]}")
    await drafts.drop_draft(visitor.reception.desk, visitor.me, record.id)
    return visitor.go(f"/requests/{told.id}", "submitted")


@router.get("/requests/drafts")
async def list_drafts(visitor: Known) -> Response:
    """草稿 / the drafts that the visitor keeps."""
    await _own(visitor)
    found = await drafts.drafts(visitor.reception.desk, visitor.me)
    known = await names(visitor.queries, [draft.enterprise for draft in found])
    return visitor.page("drafts.html.j2", found=found, names=known, most=drafts.MOST)


@router.post("/requests/drafts/{enterprise}")
async def drop(visitor: Known, enterprise: PathId) -> Response:
    """删除草稿 / throw a draft away."""
    await visitor.form()
    await drafts.drop_draft(visitor.reception.desk, visitor.me, enterprise)
    return visitor.go("/requests/drafts", "dropped")


async def _keep(visitor: Visitor, enterprise: Enterprise, form: Form) -> None:
    now = visitor.house.service.clock.now()
    draft = drafts.Draft(enterprise.id, form, now)
    await drafts.keep_draft(visitor.reception.desk, visitor.me, draft, asking.FIELDS)


async def _own(visitor: Visitor) -> Department:
    """Return the visitor's department, for which he may submit requests."""
    of = visitor.me.of or ""
    authorize(visitor.me, Action.REQUEST_SUBMIT, Resource.owned(of))
    found = await visitor.queries.get(Department, keys.department(of)) if of else None
    if not isinstance(found, Department):
        raise not_found(of)
    return found


async def _enterprise(visitor: Visitor, id_: str) -> Enterprise:
    found = await visitor.queries.get(Enterprise, keys.enterprise(id_)) if id_ else None
    if not isinstance(found, Enterprise):
        raise not_found(id_)
    return found


async def _what(
    visitor: Visitor,
    department: Department,
    enterprise: Enterprise,
    form: Form,
    faults: tuple[str, ...] = (),
    *,
    since: datetime | None = None,
) -> Response:
    today = visitor.house.service.clock.now().date()
    day = form.day("first") or today
    return visitor.page(
        "asking-what.html.j2",
        422 if faults else 200,
        enterprise=enterprise,
        department=department,
        form=form,
        faults=faults,
        since=since,
        offered=await asking.choices(visitor.queries, department.id, enterprise, day, today),
        **await _panel(visitor, department, enterprise, form),
    )


async def _panel(
    visitor: Visitor, department: Department, enterprise: Enterprise, form: Form
) -> dict[str, Any]:
    stated = asking.request_of(form, department.id, enterprise.id)
    if not isinstance(stated, Request):
        return {"judged": None, "around": None}
    blank = stated.purpose is Purpose.INSPECTION and not stated.items
    asked = None if blank else await asking.judged(visitor.house, visitor.who, stated)
    return {
        "judged": asked,
        "around": await asking.around(visitor.queries, stated, department, enterprise),
    }
