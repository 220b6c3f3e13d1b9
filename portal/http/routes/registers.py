"""Registers to read: departments, items, enterprises, officers. Contacts are not shown."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from portal.http.changing import SEE
from portal.http.house import House, In, PathId, Who
from portal.http.identity import Principal
from portal.http.limits import StrictRoute
from portal.http.paging import Cursor, Limit, Page, after, cursor
from portal.http.problems import documented, not_found
from portal.http.views import EnterpriseView, OfficerView, enterprise_view, officer_view
from portal.permissions import Action, Reach, Resource, authorize, reach
from scheduler import keys
from schemas.base import Frozen, Id
from schemas.registry import Department, Enterprise, Item, RiskClass, Standing

router = APIRouter(tags=["registers 名录"], route_class=StrictRoute)

_LIST = documented(400, 401, 403, 422)


class Paged(Frozen):
    """Which page of a list."""

    limit: Limit = 50
    cursor: Cursor = None


class OfDepartment(Paged):
    """What belongs to a department."""

    department: Id | None = None


class Enterprises(Paged):
    """Which enterprises."""

    township: Annotated[str, Query(max_length=120)] | None = None
    risk: RiskClass | None = None
    standing: Standing | None = None


@router.get("/departments", responses=_LIST)
async def departments(stands: In, who: Who, page: Annotated[Paged, Query()]) -> Page[Department]:
    """部门 / departments."""
    reach(who.actor, Action.REGISTER_READ)
    states, next_ = await _page(stands, "department", page)
    return Page(items=tuple(states), next=next_)


@router.get("/departments/{department}", responses=SEE)
async def department(stands: In, who: Who, department: PathId) -> Department:
    """一个部门 / one department."""
    reach(who.actor, Action.REGISTER_READ)
    state = await stands.service.queries.get(Department, keys.department(department))
    if state is None:
        raise not_found(department)
    return state


@router.get("/items", responses=_LIST)
async def items(stands: In, who: Who, page: Annotated[OfDepartment, Query()]) -> Page[Item]:
    """检查事项: 公开 / inspection items, which are public."""
    reach(who.actor, Action.REGISTER_READ)
    states, next_ = await _page(stands, "item", page)
    return Page(items=tuple(states), next=next_)


@router.get("/enterprises", responses=_LIST)
async def enterprises(
    stands: In, who: Who, page: Annotated[Enterprises, Query()]
) -> Page[EnterpriseView]:
    """企业 / enterprises; to an enterprise itself alone."""
    more = {}
    if reach(who.actor, Action.REGISTER_READ) is Reach.OWN:
        more = {"id": who.actor.of}
    states, next_ = await _page(stands, "enterprise", page, **more)
    return Page(items=tuple(map(enterprise_view, states)), next=next_)


@router.get("/enterprises/{enterprise}", responses=SEE)
async def enterprise(stands: In, who: Who, enterprise: PathId) -> EnterpriseView:
    """一家企业 / one enterprise."""
    authorize(who.actor, Action.REGISTER_READ, Resource.owned(enterprise))
    state = await stands.service.queries.get(Enterprise, keys.enterprise(enterprise))
    if state is None:
        raise not_found(enterprise)
    return enterprise_view(state)


@router.get("/officers", responses=_LIST)
async def officers(
    stands: In, who: Who, page: Annotated[OfDepartment, Query()]
) -> Page[OfficerView]:
    """执法人员 / officers; to a department its own."""
    states, next_ = await _page(stands, "officer", page, **_own(who, page))
    return Page(items=tuple(map(officer_view, states)), next=next_)


def _own(who: Principal, page: OfDepartment) -> dict[str, Any]:
    if reach(who.actor, Action.OFFICER_READ) is Reach.ALL:
        return {}
    mine = who.actor.of
    return {"department": mine if page.department in {None, mine} else []}


async def _page(
    stands: House,
    kind: str,
    page: Paged,
    **more: Any,  # noqa: ANN401 - conditions on columns
) -> tuple[list[Any], str | None]:
    stated = page.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
    equals = stated | more
    found = await stands.service.queries.find(
        kind, limit=page.limit, after=after(page.cursor, kind, equals), **equals
    )
    states = [state for _, state in found]
    return states, cursor([{"id": s.id} for s in states], page.limit, kind, equals)
