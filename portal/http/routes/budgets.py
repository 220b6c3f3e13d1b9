"""总量控制: budgets of a year, by month and department, beside the coverage of high risk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from portal.http.house import In, Who
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented
from portal.matters.budgets import Pool, budgets
from portal.permissions import Action, Reach, reach
from portal.plans.planning import NotReadyError
from scheduler.budgets import Budget
from schemas.base import Bilingual, Frozen

router = APIRouter(prefix="/budgets", tags=["budgets 总量控制"], route_class=StrictRoute)


class BudgetMonthView(Frozen):
    """A month: baseline, allowed, used, still planned, what is left, and exempt entries beside."""

    month: int
    baseline: int
    allowed: int
    used: int
    planned: int
    left: int
    exempt: int


class BudgetView(Frozen):
    """A year of the city or of a department; ``forecast`` is None while no month is over."""

    baseline: int
    allowed: int
    used: int
    planned: int
    lapsed: int
    exempt: int
    forecast: int | None
    months: tuple[BudgetMonthView, ...]


class PoolView(Frozen):
    """A budget that binds, under one key."""

    rule: str
    title: Bilingual
    key: str
    limit: int
    taken: int
    frozen: bool


class BudgetsView(Frozen):
    """All budgets of a year. They are reported; only what stands under ``pools`` binds."""

    year: int
    baseline_year: int | None
    evidence: tuple[str, ...]
    target: int | None
    target_since: str | None
    city: BudgetView | None
    departments: dict[str, BudgetView]
    pools: tuple[PoolView, ...]
    high_risk: int
    high_risk_reached: int


def _view(own: Budget) -> BudgetView:
    months = tuple(
        BudgetMonthView(**{name: getattr(m, name) for name in BudgetMonthView.model_fields})
        for m in own.months
    )
    names = set(BudgetView.model_fields) - {"months"}
    return BudgetView(**{name: getattr(own, name) for name in names}, months=months)


def _pool(pool: Pool) -> PoolView:
    return PoolView(**{name: getattr(pool, name) for name in PoolView.model_fields})


@router.get("", responses=documented(401, 403, 409, 422))
async def show(
    stands: In, who: Who, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> BudgetsView:
    """总量控制 / a year's budgets; a department sees its own."""
    found = reach(who.actor, Action.FIGURES_READ)
    today = stands.service.clock.now().date()
    try:
        all_ = await budgets(stands.service.queries, year or today.year, today)
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None
    whole = found is Reach.ALL
    return BudgetsView(
        year=all_.year,
        baseline_year=all_.baseline_year,
        evidence=all_.evidence,
        target=all_.target.target if all_.target else None,
        target_since=str(all_.target.in_force.since) if all_.target else None,
        city=_view(all_.city) if whole else None,
        departments={
            id_: _view(own) for id_, own in all_.departments if whole or id_ == who.actor.of
        },
        pools=tuple(map(_pool, all_.pools)) if whole else (),
        high_risk=all_.coverage.of,
        high_risk_reached=all_.coverage.reached,
    )
