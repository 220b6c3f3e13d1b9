"""年初备案: departments file the year's plan, the office approves it, everybody reads what is published."""

from __future__ import annotations

from itertools import zip_longest
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.http.routes.annual import PathYear, known
from portal.importing.annual import COLUMNS, line_of, values_of
from portal.matters import annual
from portal.pages.forms import Form
from portal.pages.names import names
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import TABLE, Action, Reach, Resource, authorize, reach
from scheduler import keys
from scheduler.annual.states import AnnualState
from schemas import annual_commands as c
from schemas.annual import AnnualLine
from schemas.faults import explain
from schemas.registry import Department
from schemas.visits import Decision

router = APIRouter()

SPARE: Final = 3
"""Empty rows at the end of the form."""

_FIELDS: Final = tuple(column.field for column in COLUMNS)


@router.get("/annual")
async def list_(
    visitor: Anyone, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> Response:
    """各部门的年度计划 / every plan for those who watch, a department's own, published ones for all."""
    today = visitor.house.service.clock.now().date()
    chosen = year or today.year
    rows = await annual.plans(visitor.queries, chosen, today)
    found = TABLE[Action.ANNUAL_READ].get(visitor.actor.role) if visitor.actor else None
    own = visitor.actor.of if visitor.actor and found is not None else None
    if found is not Reach.ALL:
        rows = tuple(row for row in rows if row.published or row.department == own)
    return visitor.page(
        "annual.html.j2",
        rows=rows,
        year=chosen,
        own=own if own and TABLE[Action.ANNUAL_FILE].get(visitor.me.role) else None,
        all=found is Reach.ALL,
        rules=await annual.rules_of(visitor.queries),
        names=await names(visitor.queries),
    )


@router.get("/annual/{department}/{year}")
async def show(visitor: Anyone, department: PathId, year: PathYear) -> Response:
    """一个部门的年度计划 / one plan; a stranger reads the published version alone."""
    state = await visitor.queries.get(AnnualState, keys.annual(department, year))
    if _reads_all(visitor, department):
        return await _page(visitor, department, year, state)
    if state is None or state.approved is None or state.published != state.approved.version:
        raise not_found(f"{department} {year}")
    return await _page(visitor, department, year, state, public=True)


@router.post("/annual/{department}/{year}")
async def file(visitor: Known, department: PathId, year: PathYear) -> Response:
    """备案 / file the plan that the form states, or show what is wrong with it."""
    authorize(visitor.me, Action.ANNUAL_FILE, Resource.owned(department))
    form = await visitor.form()
    rows = _rows(form)
    lines, faults = _lines(rows)
    command = None
    if not faults:
        try:
            command = c.FileAnnual(
                department=department, year=year, lines=lines, reason=form.some("reason")
            )
        except ValidationError as error:
            faults = explain(error).splitlines()
    if command is None:
        state = await visitor.queries.get(AnnualState, keys.annual(department, year))
        return await _page(visitor, department, year, state, rows=rows, faults=faults)
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/annual/{department}/{year}", "annual-filed")


@router.post("/annual/{department}/{year}/decision")
async def decide(visitor: Known, department: PathId, year: PathYear) -> Response:
    """批准或退回 / approve the version that waits, or send it back."""
    reach(visitor.me, Action.ANNUAL_DECIDE)
    form = await visitor.form()
    state = await known(visitor.house, department, year)
    chosen, version = form.one("decision"), form.one("version")
    if chosen not in set(Decision) or not version.isdigit():
        raise ProblemError(422, "bad-input", ("请选择同意或退回", "choose yes or no"))
    command = c.DecideAnnual(
        department=state.department,
        year=state.year,
        version=int(version),
        decision=Decision(chosen),
        reason=form.some("reason"),
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/annual/{department}/{year}", "decided")


@router.post("/annual/{department}/{year}/publication")
async def publish(visitor: Known, department: PathId, year: PathYear) -> Response:
    """公布 / publish the approved version."""
    reach(visitor.me, Action.ANNUAL_DECIDE)
    form = await visitor.form()
    await visitor.ask(c.PublishAnnual(department=department, year=year), form.some("key"))
    return visitor.go(f"/annual/{department}/{year}", "annual-published")


def _reads_all(visitor: Visitor, department: str) -> bool:
    if visitor.actor is None:
        return False
    found = TABLE[Action.ANNUAL_READ].get(visitor.actor.role)
    return found is Reach.ALL or (found is Reach.OWN and visitor.actor.of == department)


async def _page(
    visitor: Visitor,
    department: str,
    year: int,
    state: AnnualState | None,
    *,
    public: bool = False,
    rows: list[dict[str, str]] | None = None,
    faults: list[str] | None = None,
) -> Response:
    record = await visitor.queries.get(Department, keys.department(department))
    if record is None:
        raise not_found(department)
    role = visitor.actor.role if visitor.actor else None
    own = visitor.actor.of if visitor.actor else None
    files = TABLE[Action.ANNUAL_FILE].get(role) if role else None
    may_file = not public and (files is Reach.ALL or (files is Reach.OWN and own == department))
    lines = _shown(state, public=public)
    items = {item for line in lines for item in line.items}
    return visitor.page(
        "annual-plan.html.j2",
        422 if faults else 200,
        department=record,
        year=year,
        state=state,
        public=public,
        uses=await annual.uses_of(visitor.queries, department, year),
        may_file=may_file,
        may_decide=not public and role in TABLE[Action.ANNUAL_DECIDE] if role else False,
        columns=COLUMNS,
        rows=rows if rows is not None else _texts(state),
        spare=SPARE,
        faults=faults or (),
        items=await visitor.queries.rows("item", department=department, published=True),
        names=await names(visitor.queries, items=items),
    )


def _shown(state: AnnualState | None, *, public: bool) -> tuple[AnnualLine, ...]:
    if state is None:
        return ()
    approved = state.approved.lines if state.approved else ()
    return approved if public else (*approved, *state.filed.lines)


def _rows(form: Form) -> list[dict[str, str]]:
    """Return the rows of the form that say anything."""
    columns = [form.fields.get(f"line_{name}", ()) for name in _FIELDS]
    rows = [dict(zip(_FIELDS, row, strict=True)) for row in zip_longest(*columns, fillvalue="")]
    return [row for row in rows if any(row[name] for name in _FIELDS if name != "recurring")]


def _lines(rows: list[dict[str, str]]) -> tuple[tuple[AnnualLine, ...], list[str]]:
    lines: list[AnnualLine] = []
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        values, wrong = values_of(row)
        if not wrong:
            try:
                lines.append(line_of(values))
                continue
            except ValidationError as error:
                wrong = tuple(explain(error).splitlines())
        faults += [f"{number}: {each}" for each in wrong]
    return tuple(lines), faults


def _texts(state: AnnualState | None) -> list[dict[str, Any]]:
    """Return the newest lines as somebody would type them."""
    return [
        {
            "id": line.id,
            "items": "、".join(line.items),
            "number": str(line.number),
            "months": "、".join(map(str, line.months)),
            "risks": "、".join(risk.value for risk in line.risks),
            "trades": "、".join(line.trades),
            "recurring": "是" if line.recurring else "否",
            "note": line.note or "",
        }
        for line in (state.filed.lines if state else ())
    ]
