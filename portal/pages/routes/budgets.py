"""总量控制: the year's budgets, where they are heading, and the coverage of high risk beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError
from portal.matters.budget_moves import moves
from portal.matters.budgets import budgets
from portal.pages.forms import Form
from portal.pages.language import marked
from portal.pages.matters import Act, asked, carry_out, may
from portal.pages.meant import DEPARTMENT, Fields
from portal.pages.names import names
from portal.pages.visitor import Known
from portal.permissions import Action, Reach, reach
from portal.plans.planning import NotReadyError
from scheduler import keys
from scheduler.budgets import Budget
from schemas import budget_commands as c
from schemas.budgets import BudgetMove
from schemas.visits import Decision

router = APIRouter()

WHOM: Final[Fields] = {"giver": DEPARTMENT, "taker": DEPARTMENT}
"""Whom the fields of a move name."""

ACTS: Final[Mapping[str, Act]] = {
    "decision": (
        Action.BUDGET_DECIDE,
        lambda id_, f: c.DecideBudgetMove(
            move=id_, decision=Decision(f.one("decision")), reason=f.some("reason")
        ),
        "budget-move-decided",
    )
}
"""What a form of a move does."""

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
        moves=await moves(visitor.queries, today, own),
        own=own,
        asks=may(visitor, Action.BUDGET_ASK),
        decides=may(visitor, Action.BUDGET_DECIDE),
        month=keys.month_of(today),
        names=await names(visitor.queries),
    )


@router.post("/budgets/moves")
async def ask(visitor: Known) -> Response:
    """申请调剂 / ask for units of a budget to be moved."""
    await asked(visitor, Action.BUDGET_ASK, _move, "giver", whom=WHOM)
    return visitor.go("/budgets", "budget-move-asked")


def _move(form: Form) -> c.AskBudgetMove:
    move = BudgetMove.model_validate(
        {
            "rule": form.one("rule"),
            "giver": {"department": form.one("giver"), "month": form.one("giver_month")},
            "taker": {"department": form.one("taker"), "month": form.one("taker_month")},
            "units": form.one("units"),
        }
    )
    return c.AskBudgetMove(move=move, reason=form.one("reason"))


@router.post("/budgets/moves/{move}/{act}")
async def change(visitor: Known, move: PathId, act: str) -> Response:
    """同意或退回 / decide on a move."""
    return await carry_out(visitor, ACTS, act, move, "/budgets")
