"""Why a request has its day or none, which others it could have, and the draft that comes of changes."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from fastapi import APIRouter, Response

from portal.http.house import PathId, PathMonth
from portal.http.problems import ProblemError, not_found
from portal.pages.matters import may
from portal.pages.names import names
from portal.pages.visitor import Known, Visitor
from portal.pages.worksheet import Work, drafted, laid, read
from portal.permissions import Action, Resource, authorize, reach
from portal.plans import handwork
from portal.plans.explaining import speaker_of, why_view
from portal.plans.reasons import Option, Step
from scheduler import keys
from scheduler.planner.why import why
from scheduler.states import MonthState, RequestState
from schemas import commands as c
from schemas.visits import PlanLine

router = APIRouter()


@router.get("/plans/{month}/requests/{request}")
async def reasons(
    visitor: Known, month: PathMonth, request: PathId, version: int = 0, whole: str = ""
) -> Response:
    """为什么排在这天, 或没有排入; 还有哪些日子 / why this day or none, and what else could be."""
    queries = visitor.queries
    state = await queries.get(RequestState, keys.request(request))
    if state is None:
        reach(visitor.me, Action.PLAN_READ)
        raise not_found(request)
    authorize(visitor.me, Action.PLAN_READ, Resource.owned(state.request.department))
    planned = await queries.get(MonthState, keys.month(month)) or MonthState()
    chosen = version or planned.published or planned.drafted
    work = read(month, chosen, visitor.request.query_params.multi_items())
    found = await laid(visitor, work)
    if request not in found.tally.asks:
        said = (
            "这份申请已不在可调整的计划之内",
            "this request is no part of what can still be planned",
        )
        raise ProblemError(409, "not-plannable", said, about=keys.request(request))
    line = next((x for x in found.lines if request in _requests(x)), None)
    part = tuple(r for p in line.parts if request in p.requests for r in p.requests) if line else ()
    group = _requests(line) if line and whole else part
    speaker = await speaker_of(queries, found.laid.prepared)
    view = why_view(
        state.request,
        why(found.tally, request, found.laid.tolls),
        speaker,
        month=month,
        version=chosen,
        visit=line.visit if line else None,
        exact=not (found.laid.gone or found.laid.new),
    )
    options = view.options
    if len(group) > 1:
        options = tuple(map(speaker.option, handwork.alternatives(found, group)))
    enterprises = [state.request.enterprise]
    return visitor.page(
        "plan-why.html.j2",
        month=month,
        work=work,
        why=view,
        line=line,
        part=part,
        group=group or (request,),
        whole=bool(whole),
        options=_ranked(options),
        fixed=request in found.pins,
        laid=found.laid,
        names=await names(queries, enterprises, state.request.items),
        items=state.request.items,
        crowd=await _who(visitor, view.crowd.requests if view.crowd else ()),
        swap=_swapped(work, view.swap.moves) if view.swap else None,
        may_draft=may(visitor, Action.PLAN_DRAFT),
    )


def _requests(line: PlanLine | None) -> tuple[str, ...]:
    return tuple(r for part in line.parts for r in part.requests) if line else ()


def _ranked(options: Sequence[Option]) -> tuple[Option, ...]:
    """Leave out having no day: a plan never leaves out what it could place."""
    return tuple(option for option in options if option.day is not None)


def _swapped(work: Work, moves: Sequence[Step]) -> str:
    for move in moves:
        work = work.moved([move.request], move.after)
    return work.path()


async def _who(visitor: Visitor, requests: Sequence[str]) -> list[tuple[str, str]]:
    """Return who is caught together, each with the name of its enterprise."""
    rows = await visitor.queries.rows("request", id=list(requests)) if requests else []
    known = await names(visitor.queries, {row["enterprise"] for row in rows})
    return [(row["id"], known(row["enterprise"])) for row in rows]


@router.post("/plans/{month}/drafts")
async def draft(visitor: Known, month: PathMonth) -> Response:
    """存为草案 / hand in what the changes come to, as the next version."""
    form = await visitor.form()
    authorize(visitor.me, Action.PLAN_DRAFT, Resource())
    version = form.one("version")
    if not version.isdigit():
        raise not_found(f"{month} v{version}")
    work = read(month, int(version), parse_qsl(form.one("changes")))
    found = await laid(visitor, work)
    body = await drafted(visitor.queries, found)
    state = await visitor.queries.get(MonthState, keys.month(month)) or MonthState()
    command = c.DraftPlan(month=month, version=state.drafted + 1, body=body)
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/plans/{month}?version={command.version}", "drafted-by-hand")
