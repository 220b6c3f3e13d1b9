"""年初备案: a department's plan of a year, from filing to publication. Published plans are for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from portal.http.changing import CHANGE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.matters import annual
from portal.permissions import Action, Reach, Resource, authorize, reach
from scheduler import keys
from scheduler.annual.states import AnnualState, AnnualStatus
from schemas import annual_commands as c
from schemas.annual import MOST_LINES, AnnualLine
from schemas.base import Count, Frozen, Instant, Text
from schemas.visits import Decision

router = APIRouter(prefix="/annual", tags=["annual 年初备案"], route_class=StrictRoute)

PathYear = Annotated[int, Path(ge=2000, le=2100)]


class AnnualBody(Frozen):
    """All lines of a plan; an amendment says why."""

    lines: tuple[AnnualLine, ...] = Field(min_length=1, max_length=MOST_LINES)
    reason: Text | None = None


class AnnualDecisionBody(Frozen):
    """Yes or no to a version."""

    version: Count
    decision: Decision
    reason: Text | None = None


class AnnualRow(Frozen):
    """A department's plan in a list; requests that cite its lines, and that came off-plan."""

    department: str
    status: AnnualStatus | None
    lines: int
    entries: int
    cited: int
    off_plan: int
    late: bool
    published: bool


class AnnualLineView(Frozen):
    """A line, and how often requests cite it."""

    line: AnnualLine
    cited: int


class AnnualView(Frozen):
    """A plan: the lines that stand, and those of a version that waits for its approval."""

    department: str
    year: int
    status: AnnualStatus
    version: int
    approved: int | None
    published: int | None
    late: bool
    reason: str | None
    refused: str | None
    filed_by: str
    filed: Instant
    stands: tuple[AnnualLineView, ...]
    waits: tuple[AnnualLine, ...]


def annual_view(state: AnnualState, uses: annual.Uses) -> AnnualView:
    """Return a plan for those who may read all of it."""
    approved = state.approved
    waits = state.status in {AnnualStatus.FILED, AnnualStatus.REFUSED}
    return AnnualView(
        department=state.department,
        year=state.year,
        status=state.status,
        version=state.filed.version,
        approved=approved.version if approved else None,
        published=state.published or None,
        late=state.late,
        reason=state.filed.reason,
        refused=state.refused,
        filed_by=state.filed.by,
        filed=state.filed.at,
        stands=tuple(
            AnnualLineView(line=line, cited=uses.of(line.id))
            for line in (approved.lines if approved else ())
        ),
        waits=state.filed.lines if waits else (),
    )


@router.get("", responses=documented(401, 403, 422))
async def list_(
    stands: In, who: Who, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> tuple[AnnualRow, ...]:
    """各部门的年度计划 / every department's plan of a year; a department sees its own."""
    found = reach(who.actor, Action.ANNUAL_READ)
    today = stands.service.clock.now().date()
    rows = await annual.plans(stands.service.queries, year or today.year, today)
    mine = (row for row in rows if found is Reach.ALL or row.department == who.actor.of)
    return tuple(
        AnnualRow(**{name: getattr(row, name) for name in AnnualRow.model_fields}) for row in mine
    )


@router.get("/{department}/{year}", responses=documented(401, 403, 404, 422))
async def show(stands: In, who: Who, department: PathId, year: PathYear) -> AnnualView:
    """一个部门的年度计划 / one plan with what was asked for of each line."""
    authorize(who.actor, Action.ANNUAL_READ, Resource.owned(department))
    return await _view(stands, department, year)


@router.post("/{department}/{year}", status_code=201, responses=CHANGE)
async def file(asks: Asks, department: PathId, year: PathYear, body: AnnualBody) -> AnnualView:
    """备案或调整 / file a plan, or amend it with a reason."""
    authorize(asks.who.actor, Action.ANNUAL_FILE, Resource.owned(department))
    command = c.FileAnnual(department=department, year=year, lines=body.lines, reason=body.reason)
    await asks.ask(command)
    return await _view(asks.stands, department, year)


@router.post("/{department}/{year}/decision", responses=CHANGE)
async def decide(
    asks: Asks, department: PathId, year: PathYear, body: AnnualDecisionBody
) -> AnnualView:
    """批准或退回 / approve the version that waits, or send it back."""
    authorize(asks.who.actor, Action.ANNUAL_DECIDE, Resource.owned(department))
    command = c.DecideAnnual(
        department=department,
        year=year,
        version=body.version,
        decision=body.decision,
        reason=body.reason,
    )
    await asks.ask(command)
    return await _view(asks.stands, department, year)


@router.post("/{department}/{year}/publication", responses=CHANGE)
async def publish(asks: Asks, department: PathId, year: PathYear) -> AnnualView:
    """公布 / publish the approved version."""
    authorize(asks.who.actor, Action.ANNUAL_DECIDE, Resource.owned(department))
    command = c.PublishAnnual(department=department, year=year)
    await asks.ask(command)
    return await _view(asks.stands, department, year)


async def known(stands: House, department: str, year: int) -> AnnualState:
    """Return a plan.

    Raises:
        ProblemError: If there is none.
    """
    state = await stands.service.queries.get(AnnualState, keys.annual(department, year))
    return there(state, f"{department} {year}")


async def _view(stands: House, department: str, year: int) -> AnnualView:
    state = await known(stands, department, year)
    return annual_view(state, await annual.uses_of(stands.service.queries, department, year))
