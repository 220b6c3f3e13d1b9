"""Commands of 双预约: an enterprise closes days, opens them again, and says which times suit it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.base import Text
from schemas.booking import Slot
from schemas.command_base import CommandBase
from schemas.uscc import Uscc


class CloseDays(CommandBase):
    """Close days to routine visits; the reason, such as stock-taking, is nobody's to ask for."""

    type: Literal["cn.wurao.enterprise.close_days.v1"] = "cn.wurao.enterprise.close_days.v1"
    enterprise: Uscc
    days: tuple[date, ...] = Field(min_length=1, max_length=31)
    reason: Text | None = None


class OpenDays(CommandBase):
    """Open days that the enterprise itself had closed."""

    type: Literal["cn.wurao.enterprise.open_days.v1"] = "cn.wurao.enterprise.open_days.v1"
    enterprise: Uscc
    days: tuple[date, ...] = Field(min_length=1, max_length=31)
    reason: Text | None = None


class PreferSlots(CommandBase):
    """Say which times suit best, in place of what was said before; none takes it all back."""

    type: Literal["cn.wurao.enterprise.prefer_slots.v1"] = "cn.wurao.enterprise.prefer_slots.v1"
    enterprise: Uscc
    slots: tuple[Slot, ...] = Field(default=(), max_length=60)


BookingCommand = CloseDays | OpenDays | PreferSlots
