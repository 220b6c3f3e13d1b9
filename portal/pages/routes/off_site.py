"""非现场监管 by pages: tasks that open no door, their results, the year in figures apart from entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from portal.http.changing import there
from portal.http.house import PathId
from portal.matters import off_site
from portal.pages.matters import Act, asked, carry_out, may
from portal.pages.meant import ENTERPRISE
from portal.pages.names import names
from portal.pages.visitor import Known
from portal.permissions import Action, Reach, reach
from schemas import off_site_commands as c
from schemas.off_site import KnownResult, OffSiteResult, OffSiteSettlement, OffSiteWay

router = APIRouter()

SHOWN: Final = 300
"""Tasks that the page shows."""

ACTS: Final[Mapping[str, Act]] = {
    "settlement": (
        Action.OFF_SITE_WORK,
        lambda id_, f: c.SettleOffSite(
            task=id_,
            settlement=OffSiteSettlement(result=OffSiteResult(f.one("result")), text=f.one("text")),
        ),
        "off-site-settled",
    ),
    "drop": (
        Action.OFF_SITE_WORK,
        lambda id_, f: c.DropOffSite(task=id_, reason=f.one("reason")),
        "off-site-dropped",
    ),
}
"""What a form on a task's page does."""


@router.get("/off-site")
async def list_(visitor: Known, enterprise: str = "") -> Response:
    """非现场监管 / tasks, the open ones first, and the year in figures."""
    wanted = {"enterprise": enterprise} if enterprise else {}
    rows = await off_site.listed(visitor.queries, visitor.me, **wanted)
    shown = rows[:SHOWN]
    year = visitor.house.service.clock.now().year
    everybody = reach(visitor.me, Action.OFF_SITE_READ) is Reach.ALL
    own = visitor.me.of if may(visitor, Action.OFF_SITE_WORK) else None
    items = await visitor.queries.rows("item", department=own, published=True) if own else []
    return visitor.page(
        "off-site.html.j2",
        rows=shown,
        total=len(rows),
        counts=await off_site.counts(visitor.queries, year) if everybody else None,
        year=year,
        enterprise=enterprise,
        items_=items,
        home=own,
        ways=[way for way in OffSiteWay if way is not OffSiteWay.SHARED],
        names=await names(visitor.queries, {s.task.enterprise for s in shown}),
    )


@router.post("/off-site")
async def open_(visitor: Known) -> Response:
    """开展 / open a task of the department's own."""
    home = visitor.me.of or ""
    told = await asked(
        visitor,
        Action.OFF_SITE_WORK,
        lambda f: c.OpenOffSite(
            department=home,
            enterprise=f.one("enterprise"),
            way=OffSiteWay(f.one("way")),
            items=f.many("item"),
            text=f.one("text"),
        ),
        "department",
        whom={"enterprise": ENTERPRISE},
    )
    return visitor.go(f"/off-site/{told.id}", "off-site-opened")


@router.post("/off-site/shared")
async def take_over(visitor: Known) -> Response:
    """互认 / take over another department's result, from the form of a request."""
    home = visitor.me.of or ""
    told = await asked(
        visitor,
        Action.OFF_SITE_WORK,
        lambda f: taken_over(home, f.one("enterprise"), f.one("offer")),
        "department",
    )
    return visitor.go(f"/off-site/{told.id}", "result-taken-over")


def taken_over(department: str, enterprise: str, offer: str) -> c.TakeOverResult:
    """Return the command for an offer as a form sent it back.

    Raises:
        ValueError: If it is none.
    """
    item, kind, id_, other, theirs = offer.split(" ")
    source = KnownResult.model_validate(
        {"kind": kind, "id": id_, "department": other, "item": theirs}
    )
    return c.TakeOverResult(department=department, enterprise=enterprise, item=item, source=source)


@router.get("/off-site/{task}")
async def show(visitor: Known, task: PathId) -> Response:
    """一项非现场任务 / one task."""
    state = there(await off_site.task(visitor.queries, visitor.me, task), task)
    works = may(visitor, Action.OFF_SITE_WORK) and visitor.me.of in {None, state.task.department}
    return visitor.page(
        "off-site-task.html.j2",
        s=state,
        works=works and state.status == "open",
        results=tuple(OffSiteResult),
        names=await names(visitor.queries, {state.task.enterprise}, state.task.items),
    )


@router.post("/off-site/{task}/{act}")
async def change(visitor: Known, task: PathId, act: str) -> Response:
    """Do what a form on a task's page asks for."""
    state = there(await off_site.task(visitor.queries, visitor.me, task), task)
    home = state.task.department
    return await carry_out(visitor, ACTS, act, task, f"/off-site/{task}", home)
