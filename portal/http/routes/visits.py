"""Visits: who comes, the code, the entry, the result, the filing, the rating."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asking, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.identity import Principal
from portal.http.limits import StrictRoute
from portal.http.paging import Cursor, Limit, Page, after, cursor
from portal.http.problems import documented
from portal.http.views import VisitView, disclosed, visit_view
from portal.permissions import Action, Reach, Resource, authorize, reach
from scheduler import keys
from scheduler.states import VisitState
from schemas import commands as c
from schemas.base import Frozen, Id, Instant, Month, Text
from schemas.envelope import ActorRole
from schemas.lanes import HalfDay
from schemas.visits import Filing, Finding, NoEntry, Outcome

router = APIRouter(prefix="/visits", tags=["visits 入企"], route_class=StrictRoute)


class Filters(Frozen):
    """Which visits a list shows; a department's reader and an enterprise see their own."""

    month: Month | None = None
    department: Id | None = None
    enterprise: Id | None = None
    day: date | None = None
    limit: Limit = 50
    cursor: Cursor = None


class TeamBody(Frozen):
    """The department's officers, and the half-day of the meeting."""

    department: Id
    officers: tuple[Id, ...] = Field(min_length=1, max_length=20)
    half: HalfDay


class Reason(Frozen):
    """Why."""

    reason: Text


class EntryBody(Frozen):
    """Both codes as they were read at the gate, and who came. ``at`` is for what is told later."""

    code: Text
    gate: Text
    departments: tuple[Id, ...] = Field(min_length=1, max_length=20)
    officers: tuple[Id, ...] = Field(min_length=1, max_length=60)
    position: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    offline: bool = False
    late_reason: Text | None = None
    at: Instant | None = None


class DepartureBody(Frozen):
    """When they left, where it is told later."""

    at: Instant | None = None


class NoEntryBody(Frozen):
    """Why a visit that was due did not enter."""

    cause: NoEntry
    reason: Text
    at: Instant | None = None


class OutcomeBody(Frozen):
    """The result of the actor's own department."""

    findings: tuple[Finding, ...] = Field(default=(), max_length=200)
    measure: str = Field(default="none", pattern="^(none|guidance|rectification|penalty_case)$")
    rectify_by: date | None = None
    cites: tuple[Id, ...] = Field(default=(), max_length=20)
    packages: tuple[Id, ...] = Field(default=(), max_length=20)
    major: bool = False


class FilingBody(Frozen):
    """The number under which it was filed, and when the paper says that it was."""

    number: Id
    at: Instant


@router.get("", responses=documented(400, 401, 403, 422))
async def list_(stands: In, who: Who, filters: Annotated[Filters, Query()]) -> Page[VisitView]:
    """入企列表 / list visits, in order of their ids."""
    if who.actor.role is not ActorRole.ENTERPRISE and _department(who, filters) is not None:
        return await _of_department(stands, who, filters)
    equals = filters.model_dump(exclude={"limit", "cursor", "department"}, exclude_none=True)
    if reach(who.actor, Action.VISIT_READ) is Reach.OWN:
        mine = who.actor.of
        equals["enterprise"] = mine if filters.enterprise in {None, mine} else []
    found = await stands.service.queries.find(
        "visit", limit=filters.limit, after=after(filters.cursor, "visit", equals), **equals
    )
    states: list[VisitState] = [state for _, state in found]
    return Page(
        items=_views(states, who),
        next=cursor([{"id": s.id} for s in states], filters.limit, "visit", equals),
    )


def _department(who: Principal, filters: Filters) -> str | None:
    """Return the department whose visits are listed, ``None`` for all."""
    if reach(who.actor, Action.VISIT_READ) is Reach.OWN:
        return who.actor.of
    return filters.department


async def _of_department(stands: House, who: Principal, filters: Filters) -> Page[VisitView]:
    """List the visits in which a department has part, by the table that knows the parts."""
    own = _department(who, filters)
    equals: dict[str, Any] = {"department": own if filters.department in {None, own} else []}
    equals |= filters.model_dump(include={"enterprise", "day"}, exclude_none=True)
    table, queries = "visit_part", stands.service.queries
    start = after(filters.cursor, table, equals | {"month": filters.month})
    rows = await queries.rows(table, limit=filters.limit, after=start, **equals)
    found = await queries.get_many([keys.visit(row["visit"]) for row in rows])
    states = [found[keys.visit(row["visit"])] for row in rows]
    return Page(
        items=_views([s for s in states if filters.month in {None, s.month}], who),
        next=cursor(rows, filters.limit, table, equals | {"month": filters.month}),
    )


def _views(states: list[VisitState], who: Principal) -> tuple[VisitView, ...]:
    outsider = who.actor.role is ActorRole.ENTERPRISE
    return tuple(visit_view(s, who.actor) for s in states if not outsider or disclosed(s))


@router.get("/{visit}", responses=SEE)
async def show(stands: In, who: Who, visit: PathId) -> VisitView:
    """一次入企 / one visit."""
    return visit_view(await readable(stands, who, visit, Action.VISIT_READ), who.actor)


@router.post("/{visit}/teams", responses=CHANGE)
async def staff(asks: Asks, visit: PathId, body: TeamBody) -> VisitView:
    """派员 / a department names its officers."""
    await readable(asks.stands, asks.who, visit, Action.VISIT_STAFF)
    command = c.StaffVisit(visit=visit, **dict(body))
    return await _view(asks, await asks.ask(command))


@router.post("/{visit}/cancellation", responses=CHANGE)
async def cancel(asks: Asks, visit: PathId, body: Reason) -> VisitView:
    """取消 / call a visit off before anybody entered."""
    await readable(asks.stands, asks.who, visit, Action.VISIT_CANCEL)
    command = c.CancelVisit(visit=visit, reason=body.reason)
    return await _view(asks, await asks.ask(command))


@router.post("/{visit}/entry", responses=CHANGE)
async def enter(asks: Asks, visit: PathId, body: EntryBody) -> VisitView:
    """扫码入企 / both codes were read at the gate."""
    await readable(asks.stands, asks.who, visit, Action.ENTRY_SCAN)
    command = c.ScanIn(visit=visit, **body.model_dump(exclude={"at"}))
    return await _view(asks, await asks.ask(command, body.at))


@router.post("/{visit}/departure", responses=CHANGE)
async def leave(asks: Asks, visit: PathId, body: DepartureBody) -> VisitView:
    """离企 / the officers left."""
    await readable(asks.stands, asks.who, visit, Action.ENTRY_LEAVE)
    command = c.ScanOut(visit=visit)
    return await _view(asks, await asks.ask(command, body.at))


@router.post("/{visit}/no-entry", responses=CHANGE)
async def fail(asks: Asks, visit: PathId, body: NoEntryBody) -> VisitView:
    """未能入企 / the visit was due and did not enter."""
    await readable(asks.stands, asks.who, visit, Action.ENTRY_FAIL)
    command = c.ReportNoEntry(visit=visit, cause=body.cause, reason=body.reason)
    return await _view(asks, await asks.ask(command, body.at))


@router.post("/{visit}/outcomes", responses=CHANGE)
async def record(asks: Asks, visit: PathId, body: OutcomeBody) -> VisitView:
    """检查结果 / the department's result."""
    await readable(asks.stands, asks.who, visit, Action.OUTCOME_RECORD)
    outcome = Outcome(department=asks.who.actor.of or "", **dict(body))
    command = c.RecordOutcome(visit=visit, outcome=outcome)
    return await _view(asks, await asks.ask(command))


@router.post("/{visit}/filings", responses=CHANGE)
async def file(asks: Asks, visit: PathId, body: FilingBody) -> VisitView:
    """备案 / file an escalated or emergency visit at the coordinating office."""
    await readable(asks.stands, asks.who, visit, Action.FILING_RECORD)
    filing = Filing(number=body.number, at=body.at, by=asks.who.actor.id)
    command = c.RecordFiling(visit=visit, filing=filing)
    return await _view(asks, await asks.ask(command))


async def readable(stands: House, who: Principal, id_: str, action: Action) -> VisitState:
    """Return a visit that somebody may see and do this to."""
    state = there(await stands.service.queries.get(VisitState, keys.visit(id_)), id_)
    # To an enterprise a visit that was not announced does not exist until somebody stands there.
    owners = [*state.line.departments, *([state.line.enterprise] if disclosed(state) else [])]
    authorize(who.actor, Action.VISIT_READ, Resource.owned(*owners))
    authorize(who.actor, action, Resource.owned(*owners))
    return state


async def _view(asks: Asking, id_: str) -> VisitView:
    state = await asks.stands.service.queries.get(VisitState, keys.visit(id_))
    return visit_view(there(state, id_), asks.who.actor)
