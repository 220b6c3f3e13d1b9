"""Figures: the dashboard, a year's totals, where a plan's points come from, what differs, what if."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Response

from portal.http.house import PathMonth
from portal.http.problems import ProblemError, not_found
from portal.matters import off_site
from portal.pages import charts
from portal.pages.figures import figures, hopes
from portal.pages.forms import Form
from portal.pages.home import compared
from portal.pages.matters import may
from portal.pages.names import names
from portal.pages.periods import is_month
from portal.pages.phase import phase
from portal.pages.pricing import prices
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.plans import comparing, explaining
from portal.plans.comparing import Change, WhatIfView
from portal.plans.explaining import Explained, UnknownPlanError
from portal.plans.planning import NotReadyError
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.planner.variations import MoreUnits, UnknownVariationError, Variation, WiderVisits
from schemas.base import Bilingual
from streams.readmodels import Row

router = APIRouter()

STEPS: Final = 40
"""Steps of each of the two searches of a what-if: what a person waits for."""


@router.get("/dashboard")
async def dashboard(visitor: Known, month: str = "") -> Response:
    """统计 / entries against last year, merged checks, escalations, filings, coverage, the bound."""
    authorize(visitor.me, Action.PLAN_READ, Resource())
    today = visitor.house.service.clock.now().date()
    at = await phase(visitor.queries, today)
    chosen = month if is_month(month) else (at.month if at else keys.month_of(today))
    found = await figures(visitor.queries, int(chosen[:4]), today)
    shown = [place for place in found.places if place.before or place.now][:12]
    return visitor.page(
        "dashboard.html.j2",
        month=chosen,
        found=found,
        compared=await compared(visitor.queries, chosen, None),
        of_month=next((m for m in found.months if m.month == chosen), None),
        by_month=charts.columns([(str(int(m.month[5:])), (m.before, m.now)) for m in found.months]),
        by_place=charts.rows([(found.names(p.id), (p.before, p.now)) for p in shown]),
        places=shown,
    )


@router.get("/totals")
async def totals(visitor: Known, year: int = 0) -> Response:
    """总量 / the baseline against a year, by department; targets, caps, enterprises of high risk."""
    authorize(visitor.me, Action.PLAN_READ, Resource())
    today = visitor.house.service.clock.now().date()
    chosen = year if 2000 <= year <= 2100 else today.year  # noqa: PLR2004 - a year
    found = await figures(visitor.queries, chosen, today)
    beside = await hopes(visitor.queries, found, today)
    apart = await off_site.counts(visitor.queries, chosen)
    return visitor.page("totals.html.j2", found=found, hopes=beside, off_site=apart)


@router.get("/plans/{month}/score")
async def score(visitor: Known, month: PathMonth, version: int = 0) -> Response:
    """得分分析 / points per rule, how departments fare, the price of each full day."""
    authorize(visitor.me, Action.PLAN_READ, Resource())
    return await _scored(visitor, month, await _explained(visitor, month, version))


@router.post("/plans/{month}/score")
async def what_if(visitor: Known, month: PathMonth) -> Response:
    """如果 / plan the month twice, as it is and with something changed; nothing is kept."""
    form = await visitor.form()
    authorize(visitor.me, Action.PLAN_DRAFT, Resource())
    version = form.one("version")
    found = await _explained(visitor, month, int(version) if version.isdigit() else 0)
    change = _change(form)
    try:
        view = await comparing.what_if(found, change, replace(Limits(), steps=STEPS))
    except UnknownVariationError as error:
        said = (f"计划中没有：{error}", f"the plan has no {error}")
        raise ProblemError(422, "bad-input", said) from None
    return await _scored(visitor, month, found, tried=view, form=form)


def _change(form: Form) -> Change:
    variations: list[Variation] = []
    units = form.one("units").removeprefix("+")
    if form.one("department") and units.removeprefix("-").isdigit():
        day = form.day("day")
        variations.append(MoreUnits(department=form.one("department"), units=int(units), day=day))
    most = form.one("most")
    if most.isdigit() and int(most):
        variations.append(WiderVisits(most=int(most)))
    opened = form.day("open")
    if not variations and opened is None:
        said = ("请写明要试什么", "say what is to be tried")
        raise ProblemError(422, "bad-input", said)
    return Change(variations=variations, opened=frozenset({opened} if opened else ()))


async def _explained(visitor: Visitor, month: str, version: int) -> Explained:
    try:
        return await explaining.explained(visitor.queries, month, version or None)
    except UnknownPlanError:
        raise not_found(f"{month} v{version}" if version else month) from None
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None


async def _scored(
    visitor: Visitor,
    month: str,
    found: Explained,
    tried: WhatIfView | None = None,
    form: Form | None = None,
) -> Response:
    speaker = await explaining.speaker_of(visitor.queries, found.prepared)
    drafts = await visitor.queries.rows("draft", month=month)
    days = sorted({row.day for row in found.prepared.problem.capacities})
    return visitor.page(
        "plan-score.html.j2",
        month=month,
        account=explaining.account_view(found, speaker),
        terms={name: Bilingual(zh=zh, en=en) for name, (zh, en) in explaining.TERMS.items()},
        caps=prices(found, speaker),
        before=_before(drafts, found.version),
        days=days,
        names=await names(visitor.queries),
        tried=tried,
        given=form,
        may_try=may(visitor, Action.PLAN_DRAFT),
        most=found.prepared.problem.max_departments,
    )


def _before(drafts: list[Row], version: int) -> Row | None:
    """Return the version before, for comparison."""
    return next((row for row in reversed(drafts) if int(row["version"]) < version), None)


@router.get("/plans/{month}/difference")
async def difference(visitor: Known, month: PathMonth, before: int = 0, after: int = 0) -> Response:
    """比较两版 / what differs between two versions; a department sees its own requests."""
    only = visitor.me.of if reach(visitor.me, Action.PLAN_READ) is Reach.OWN else None
    queries = visitor.queries
    versions = [int(row["version"]) for row in await queries.rows("draft", month=month)]
    one, other = before or max(versions, default=1) - 1, after or max(versions, default=0)
    try:
        view = await comparing.difference_of(queries, month, one, other)
    except UnknownPlanError:
        raise not_found(f"{month} v{one}-v{other}") from None
    view = view if only is None else view.of(only)
    moves = [*view.moved, *view.placed, *view.unplaced, *view.added, *view.dropped]
    ids = {m.enterprise for m in moves} | {v.enterprise for v in (*view.opened, *view.closed)}
    ids |= {g.enterprise for g in (*view.merged, *view.split)}
    departments: dict[str, int] = {}
    for move in moves:
        departments[move.department] = departments.get(move.department, 0) + 1
    return visitor.page(
        "plan-compare.html.j2",
        month=month,
        view=view,
        versions=versions,
        names=await names(queries, ids),
        departments=sorted(departments.items(), key=lambda item: (-item[1], item[0])),
    )
