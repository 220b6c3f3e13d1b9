"""双预约: days that an enterprise closes to routine visits, and times that suit it."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.matters.booking import booked
from portal.permissions import Action, Resource, authorize
from schemas import booking_commands as c
from schemas.base import CHINA, Frozen, Text
from schemas.booking import BookingRules, Slot

router = APIRouter(tags=["booking 双预约"], route_class=StrictRoute)


class BookingView(Frozen):
    """What an enterprise booked from today on, what is left of the year's days, the policy's numbers."""

    enterprise: str
    closed: tuple[date, ...]
    registered: tuple[date, ...]
    slots: tuple[Slot, ...]
    left: int
    first: date | None
    rules: BookingRules | None


class DaysBody(Frozen):
    """Days to close or to open, and why, where the enterprise likes to say so."""

    days: tuple[date, ...] = Field(min_length=1, max_length=31)
    reason: Text | None = None


class SlotsBody(Frozen):
    """Times that suit, in place of those before."""

    slots: tuple[Slot, ...] = Field(default=(), max_length=60)


@router.get("/enterprises/{enterprise}/booking", responses=SEE)
async def show(stands: In, who: Who, enterprise: PathId) -> BookingView:
    """免打扰日和可预约时段 / closed days and times that suit, from today on."""
    authorize(who.actor, Action.BOOKING_READ, Resource.owned(enterprise))
    return await _view(stands, enterprise)


@router.post("/enterprises/{enterprise}/closed-days", status_code=201, responses=CHANGE)
async def close(asks: Asks, enterprise: PathId, body: DaysBody) -> BookingView:
    """登记免打扰日 / close days to routine visits."""
    command = c.CloseDays(enterprise=enterprise, **body.model_dump())
    await asks.change(Action.BOOKING_SET, command, enterprise)
    return await _view(asks.stands, enterprise)


@router.post("/enterprises/{enterprise}/closed-days/opening", responses=CHANGE)
async def reopen(asks: Asks, enterprise: PathId, body: DaysBody) -> BookingView:
    """取消免打扰日 / open days again."""
    command = c.OpenDays(enterprise=enterprise, **body.model_dump())
    await asks.change(Action.BOOKING_SET, command, enterprise)
    return await _view(asks.stands, enterprise)


@router.post("/enterprises/{enterprise}/slots", responses=CHANGE)
async def prefer(asks: Asks, enterprise: PathId, body: SlotsBody) -> BookingView:
    """可预约时段 / say which times suit; an empty list takes them back."""
    command = c.PreferSlots(enterprise=enterprise, slots=body.slots)
    await asks.change(Action.BOOKING_SET, command, enterprise)
    return await _view(asks.stands, enterprise)


async def _view(stands: House, id_: str) -> BookingView:
    today = stands.service.clock.now().astimezone(CHINA).date()
    found = there(await booked(stands.service.queries, id_, today), id_)
    return BookingView(
        enterprise=id_,
        closed=found.closed,
        registered=found.registered,
        slots=found.slots,
        left=found.left,
        first=found.first,
        rules=found.rules,
    )
