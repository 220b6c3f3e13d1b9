"""部门与力量: how many visits a department can make on each day of a month."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.pages.capacity import month_of
from portal.pages.phase import phase
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Reach, Resource, authorize, reach
from scheduler import keys
from schemas import commands as c
from schemas.registry import Department, Jurisdiction, Level

router = APIRouter()

_MOST: Final = 9_999
Month = Annotated[str, Query(pattern=r"^$|^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")]


@router.get("/capacity")
async def list_(visitor: Known) -> Response:
    """部门与力量 / all departments with their ordinary capacity."""
    if reach(visitor.me, Action.CAPACITY_STATE) is Reach.OWN:
        return RedirectResponse(f"/capacity/{visitor.me.of}", 303)
    found = [state for _, state in await visitor.queries.find("department")]
    return visitor.page("departments.html.j2", departments=found, level=Level, whose=Jurisdiction)


@router.get("/capacity/{department}")
async def show(visitor: Known, department: PathId, month: Month = "") -> Response:
    """一个部门的力量 / a department's capacity, day by day."""
    record = await _department(visitor, department)
    chosen = await _month(visitor, month)
    days = await month_of(visitor.queries, record, chosen)
    return visitor.page("capacity.html.j2", department=record, month=chosen, days=days)


@router.post("/capacity/{department}/days")
async def state(visitor: Known, department: PathId) -> Response:
    """设定力量 / state what differs from what is on record; nothing else is written."""
    form = await visitor.form()
    record = await _department(visitor, department)
    month = form.one("month")
    for day in await month_of(visitor.queries, record, month):
        text = form.one(f"units-{day.day}", str(day.units))
        if not text.isdigit() or int(text) > _MOST:
            said = (f"{day.day}: 须为不小于 0 的整数", f"{day.day}: must be a whole number")
            raise ProblemError(422, "bad-input", said)
        if int(text) != day.units:
            command = c.SetCapacity(department=record.id, day=day.day, units=int(text))
            await visitor.ask(command, f"{form.one('key')}.{day.day}")
    return visitor.go(f"/capacity/{record.id}?month={month}", "capacity-stated")


async def _department(visitor: Visitor, id_: str) -> Department:
    authorize(visitor.me, Action.CAPACITY_STATE, Resource.owned(id_))
    record = await visitor.queries.get(Department, keys.department(id_))
    if not isinstance(record, Department):
        raise not_found(id_)
    return record


async def _month(visitor: Visitor, asked: str) -> str:
    if asked:
        return asked
    today = visitor.house.service.clock.now().date()
    at = await phase(visitor.queries, today)
    return at.month if at else keys.month_of(today)
