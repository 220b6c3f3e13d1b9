"""总量控制: the year's budgets, where they are heading, and the coverage of high risk beside them."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.problems import ProblemError
from portal.matters.budgets import budgets
from portal.pages.language import marked
from portal.pages.names import names
from portal.pages.visitor import Known
from portal.permissions import Action, Reach, reach
from portal.plans.planning import NotReadyError
from scheduler.budgets import Budget

router = APIRouter()

_EVIDENCE = {
    "registered": marked("登记台账"),
    "reported": marked("部门上报"),
    "estimated": marked("估算"),
    "generated": marked("演示数据"),
}
"""How well a baseline is known."""


@router.get("/budgets")
async def show(visitor: Known, year: int = 0, department: str = "") -> Response:
    """总量控制 / the city's year, or one department's; a department sees its own alone."""
    own = visitor.me.of if reach(visitor.me, Action.FIGURES_READ) is Reach.OWN else None
    today = visitor.house.service.clock.now().date()
    chosen = year if 2000 <= year <= 2100 else today.year  # noqa: PLR2004 - a year
    try:
        found = await budgets(visitor.queries, chosen, today)
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None
    of = dict(found.departments)
    whose = own or (department if department in of else None)
    shown: Budget | None = of.get(whose, found.city) if whose else found.city
    if own and own not in of:
        shown = None
    return visitor.page(
        "budgets.html.j2",
        found=found,
        evidence=[_EVIDENCE[each] for each in found.evidence],
        whose=whose,
        shown=shown,
        burned=shown.burned() if shown else (),
        all=own is None,
        names=await names(visitor.queries),
    )
