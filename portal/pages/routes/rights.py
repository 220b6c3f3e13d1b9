"""企业的权利: the list, what is coming, days to close, times that suit, a visit declined on one of the grounds."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError
from portal.http.routes.visits import readable
from portal.matters.booking import booked
from portal.matters.rights import GROUNDS, ORIGIN, RIGHTS, declined
from portal.pages.forms import Form
from portal.pages.matters import asked
from portal.pages.names import names
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import Action, Resource, authorize, reach
from schemas import booking_commands as c
from schemas.base import CHINA
from schemas.booking import Slot
from schemas.envelope import ActorRole
from schemas.lanes import HalfDay

router = APIRouter()


@router.get("/rights")
async def show(visitor: Anyone) -> Response:
    """企业的权利 / what an enterprise may insist on; to an enterprise with what is announced to it."""
    coming, own = [], None
    if visitor.actor is not None and visitor.actor.role is ActorRole.ENTERPRISE:
        firm = str(visitor.actor.of)
        coming = await visitor.queries.rows(
            "visit", enterprise=firm, status="published", announced=True
        )
        own = await booked(visitor.queries, firm, _today(visitor))
    return visitor.page(
        "rights.html.j2",
        rights=RIGHTS,
        grounds=GROUNDS,
        origin=ORIGIN,
        own=own,
        halves=tuple(HalfDay),
        coming=sorted(coming, key=lambda row: row["day"]),
        names=await names(visitor.queries),
    )


def _today(visitor: Visitor) -> date:
    return visitor.house.service.clock.now().astimezone(CHINA).date()


@router.post("/rights/closed-days")
async def close(visitor: Known) -> Response:
    """免打扰日 / the enterprise closes days to routine visits."""
    return await _days(visitor, c.CloseDays, "days-closed")


@router.post("/rights/closed-days/opening")
async def reopen(visitor: Known) -> Response:
    """取消免打扰日 / the enterprise opens a day again."""
    return await _days(visitor, c.OpenDays, "days-opened")


async def _days(visitor: Visitor, command: type[c.CloseDays | c.OpenDays], told: str) -> Response:
    def made(form: Form) -> c.CloseDays | c.OpenDays:
        days = tuple(map(date.fromisoformat, form.many("day")))
        return command(enterprise=str(visitor.me.of), days=days)

    await asked(visitor, Action.BOOKING_SET, made)
    return visitor.go("/rights", told)


@router.post("/rights/slots")
async def prefer(visitor: Known) -> Response:
    """可预约时段 / the enterprise says which times suit; a form without a day takes them back."""
    own = await booked(visitor.queries, str(visitor.me.of), _today(visitor))
    known = own.slots if own else ()

    def made(form: Form) -> c.PreferSlots:
        new = [
            Slot(day=date.fromisoformat(day), half=form.choice(HalfDay, "half"))
            for day in form.many("day")
        ]
        slots = (*known, *new) if new else ()
        return c.PreferSlots(enterprise=str(visitor.me.of), slots=slots)

    await asked(visitor, Action.BOOKING_SET, made)
    return visitor.go("/rights", "slots-preferred")


@router.post("/visits/{visit}/decline")
async def decline(visitor: Known, visit: PathId) -> Response:
    """拒绝入企 / the enterprise declines a visit; the office has it as a problem, with its clock."""
    reach(visitor.me, Action.PROBLEM_REPORT)
    state = await readable(visitor.house, visitor.who, visit, Action.VISIT_READ)
    authorize(visitor.me, Action.PROBLEM_WORD, Resource.owned(state.line.enterprise))
    form = await visitor.form()
    if form.one("ground") not in GROUNDS:
        raise ProblemError(422, "bad-input", ("请选择理由", "choose a ground"))
    told = await visitor.ask(
        declined(state, form.one("ground"), form.some("text")), form.some("key")
    )
    return visitor.go(f"/problems/{told.id}", "problem-reported")
