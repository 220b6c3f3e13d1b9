"""七二一 by pages: each department's shares of a quarter, down to the acts. Counted, never asked for."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.matters.mix import Mix, Quarter, mix, sheet
from portal.pages.forms import made
from portal.pages.matters import may
from portal.pages.meant import ENTERPRISE, meant
from portal.pages.names import names
from portal.pages.routes.uploads import download
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.plans.planning import NotReadyError
from scheduler import keys
from schemas import treatment_commands as c
from schemas.acts import RECORDED, Act, ActKind, ActShare
from schemas.base import CHINA

router = APIRouter()


async def _read(visitor: Visitor, quarter: str, department: str) -> tuple[Mix, str | None]:
    """Return a quarter as somebody may see it, and of which one department, if of one."""
    own = reach(visitor.me, Action.PLAN_READ) is Reach.OWN
    chosen = visitor.me.of if own else department or None
    today = visitor.house.service.clock.now().astimezone(CHINA).date()
    try:
        return await mix(visitor.queries, Quarter.read(quarter, today), chosen), chosen
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None


@router.get("/mix")
async def show(
    visitor: Known, quarter: str = "", department: str = "", share: str = ""
) -> Response:
    """七二一 / shares of a quarter by department; of one department its acts, of one share or all."""
    found, chosen = await _read(visitor, quarter, department)
    of = next((each for each in ActShare if each.value == share), None)
    acts = () if chosen is None else found.listed(chosen, of)
    return visitor.page(
        "mix.html.j2",
        found=found,
        chosen=chosen,
        of=of,
        shares=tuple(ActShare),
        acts=acts,
        records=may(visitor, Action.ACT_RECORD) and visitor.me.of is not None,
        kinds=tuple(kind for kind in ActKind if kind in RECORDED),
        names=await names(visitor.queries, {act.enterprise for act in acts}),
    )


@router.get("/mix.csv")
async def table(visitor: Known, quarter: str = "", department: str = "") -> Response:
    """七二一表 / the same as a table."""
    found, _ = await _read(visitor, quarter, department)
    return download(sheet(found).encode(), "text/csv", f"七二一-{found.quarter}.csv")


@router.post("/mix")
async def record(visitor: Known) -> Response:
    """登记电话指导、提醒、督促 / record an act that needed no visit."""
    home = visitor.me.of or ""
    authorize(visitor.me, Action.ACT_RECORD, Resource.owned(home))
    form = await meant(visitor.queries, await visitor.form(), {"enterprise": ENTERPRISE})
    command = made(
        lambda: c.RecordAct(
            department=home,
            enterprise=form.one("enterprise"),
            kind=ActKind(form.one("kind")),
            line=form.one("line"),
        ),
        form,
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go("/mix", "act-recorded")


@router.get("/mix/acts/{act}")
async def act(visitor: Known, act: PathId) -> Response:
    """一项行为 / one act that needed no visit."""
    known = await visitor.queries.get(Act, keys.act(act))
    if known is None:
        raise not_found(act)
    authorize(visitor.me, Action.PLAN_READ, Resource.owned(known.department))
    return visitor.page(
        "act.html.j2", act=known, names=await names(visitor.queries, {known.enterprise})
    )
