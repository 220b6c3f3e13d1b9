"""非现场监管: tasks that open no door, and results of other departments that are taken over 处理结果互认."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.matters import off_site
from portal.permissions import Action, Resource, authorize
from scheduler.off_site import OffSiteState
from schemas import off_site_commands as c
from schemas.base import CHINA, Frozen, Id, Text
from schemas.off_site import KnownResult, OffSiteSettlement, OffSiteWay
from schemas.uscc import Uscc

router = APIRouter(prefix="/off-site", tags=["off_site 非现场监管"], route_class=StrictRoute)


class OffSiteBody(Frozen):
    """Which items of whose are checked at which enterprise, in which way, by which question."""

    department: Id
    enterprise: Uscc
    way: OffSiteWay
    items: tuple[Id, ...]
    text: Text


class TakeOverBody(Frozen):
    """Whose item drops out of a visit, and the result that stands for it."""

    department: Id
    enterprise: Uscc
    item: Id
    source: KnownResult


class DropBody(Frozen):
    """Why a task is dropped."""

    reason: Text


class OfferView(Frozen):
    """A result that may be taken over, and from which day it is."""

    item: str
    source: KnownResult
    day: str


class OffSiteCounts(Frozen):
    """A year's tasks, apart from entries."""

    year: int
    ways: dict[str, int]
    settled: int
    visit_needed: int
    spared: int


async def _seen(stands: House, who: Who, id_: str) -> OffSiteState:
    return there(await off_site.task(stands.service.queries, who.actor, id_), id_)


@router.get("", responses=SEE)
async def list_(stands: In, who: Who) -> tuple[OffSiteState, ...]:
    """非现场任务, 未办结的在前 / off-site tasks, the open ones first."""
    return await off_site.listed(stands.service.queries, who.actor)


@router.get("/counts", responses=SEE)
async def counts(
    stands: In, who: Who, year: Annotated[int, Query(ge=2000, le=2100)]
) -> OffSiteCounts:
    """全年非现场监管 / a year's tasks in figures, apart from entries."""
    authorize(who.actor, Action.PLAN_READ, Resource())
    found = await off_site.counts(stands.service.queries, year)
    return OffSiteCounts(
        year=year,
        ways=dict(sorted(found.ways.items())),
        settled=found.settled,
        visit_needed=found.visit_needed,
        spared=found.spared,
    )


@router.get("/offers", responses=SEE)
async def offers(
    stands: In, who: Who, department: Annotated[Id, Query()], enterprise: Annotated[Uscc, Query()]
) -> tuple[OfferView, ...]:
    """可以互认的结果 / results of others that a department may take over at an enterprise."""
    authorize(who.actor, Action.OFF_SITE_WORK, Resource.owned(department))
    today = stands.service.clock.now().astimezone(CHINA).date()
    found = await off_site.offers(stands.service.queries, department, enterprise, today)
    return tuple(OfferView(item=o.item, source=o.found.source, day=str(o.found.day)) for o in found)


@router.post("", status_code=201, responses=CHANGE)
async def open_(asks: Asks, body: OffSiteBody) -> OffSiteState:
    """开展非现场监管 / open a task."""
    command = c.OpenOffSite(**body.model_dump())
    id_ = await asks.change(Action.OFF_SITE_WORK, command, body.department)
    return await _seen(asks.stands, asks.who, id_)


@router.post("/shared", status_code=201, responses=CHANGE)
async def take_over(asks: Asks, body: TakeOverBody) -> OffSiteState:
    """结果互认 / take over another department's result; nobody comes for the item."""
    command = c.TakeOverResult(**body.model_dump())
    id_ = await asks.change(Action.OFF_SITE_WORK, command, body.department)
    return await _seen(asks.stands, asks.who, id_)


@router.get("/{task}", responses=SEE)
async def show(stands: In, who: Who, task: PathId) -> OffSiteState:
    """一项非现场任务 / one task."""
    return await _seen(stands, who, task)


@router.post("/{task}/settlement", responses=CHANGE)
async def settle(asks: Asks, task: PathId, body: OffSiteSettlement) -> OffSiteState:
    """办结 / put the result on record."""
    home = (await _seen(asks.stands, asks.who, task)).task.department
    command = c.SettleOffSite(task=task, settlement=body)
    await asks.change(Action.OFF_SITE_WORK, command, home)
    return await _seen(asks.stands, asks.who, task)


@router.post("/{task}/drop", responses=CHANGE)
async def drop(asks: Asks, task: PathId, body: DropBody) -> OffSiteState:
    """撤销 / drop a task."""
    home = (await _seen(asks.stands, asks.who, task)).task.department
    command = c.DropOffSite(task=task, reason=body.reason)
    await asks.change(Action.OFF_SITE_WORK, command, home)
    return await _seen(asks.stands, asks.who, task)
