"""双预约. Days that an enterprise closes to routine visits, times that suit it best, and how much of both."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from schemas.base import Count, Frozen
from schemas.lanes import HalfDay
from schemas.origins import Origin


class Slot(Frozen):
    """可预约时段. A day that suits an enterprise, and the half of it where that matters."""

    day: date
    half: HalfDay | None = None


class BookingRules(Frozen):
    """How many days an enterprise may close in a calendar year and in a month, and when it says so.

    A day is closed at the earliest ``horizon_days`` calendar days before it and at the latest
    ``ahead`` working days before it, so that nothing is planned for it yet. Every closed day stands
    for itself and is over with it: none is carried into another month or year. ``slots`` are the
    times that an enterprise may prefer at once.
    """

    closed_a_year: Count
    closed_a_month: Count
    ahead: Count = Field(description="working days")
    horizon_days: Count
    slots: int = Field(ge=0, le=60)
    origin: Origin | None = None
