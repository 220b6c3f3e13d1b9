"""双预约: days that an enterprise closed or opened, times that suit it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.base import Id, Text
from schemas.booking import Slot
from schemas.events.base import EventBase


class EnterpriseDaysClosed(EventBase):
    """An enterprise closed days to routine visits."""

    type: Literal["cn.wurao.enterprise.days_closed.v1"] = "cn.wurao.enterprise.days_closed.v1"
    days: tuple[date, ...] = Field(min_length=1)
    by: Id
    reason: Text | None = None


class EnterpriseDaysOpened(EventBase):
    """Days that an enterprise had closed are open again."""

    type: Literal["cn.wurao.enterprise.days_opened.v1"] = "cn.wurao.enterprise.days_opened.v1"
    days: tuple[date, ...] = Field(min_length=1)
    by: Id
    reason: Text | None = None


class EnterpriseSlotsPreferred(EventBase):
    """An enterprise said which times suit it; earlier ones no longer count."""

    type: Literal["cn.wurao.enterprise.slots_preferred.v1"] = (
        "cn.wurao.enterprise.slots_preferred.v1"
    )
    slots: tuple[Slot, ...] = ()
    by: Id


BookingEvent = EnterpriseDaysClosed | EnterpriseDaysOpened | EnterpriseSlotsPreferred
