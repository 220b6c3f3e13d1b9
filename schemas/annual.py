"""年初备案: a department's plan for a year, line by line, and what a policy says of it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Final

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Frozen, Id, Text
from schemas.registry import RiskClass

MOST_LINES: Final = 500
"""Lines of one plan: what fits a message that every transport takes."""

Trade = Annotated[str, StringConstraints(pattern=r"^[A-T]?[0-9]{0,4}$", min_length=1)]
"""The beginning of an industry's code in GB/T 4754, such as ``C26`` or ``26``."""

MonthNumber = Annotated[int, Field(ge=1, le=12)]
"""A month of any year, January being 1."""


class AnnualLine(Frozen):
    """A line: which items, at which class of enterprises, how many entries, in which months.

    ``risks`` and ``trades`` name the class; empty means any. ``recurring`` lines come back every year
    and stand in provisionally until the next year's plan is approved.
    """

    id: Id
    items: tuple[Id, ...] = Field(min_length=1, max_length=60)
    number: int = Field(ge=1, le=99_999)
    months: tuple[MonthNumber, ...] = Field(min_length=1, max_length=12)
    risks: tuple[RiskClass, ...] = ()
    trades: tuple[Trade, ...] = Field(default=(), max_length=40)
    recurring: bool = False
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> AnnualLine:
        """Refuse months out of order, so that one line is written in one way."""
        if any(a >= b for a, b in pairwise(self.months)):
            msg = f"月份须从小到大且不重复 / months must rise, none twice: {self.months}"
            raise ValueError(msg)
        return self


class MonthDay(Frozen):
    """A day of every year."""

    month: MonthNumber
    day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _exists(self) -> MonthDay:
        """Refuse what is no day, and 29 February, which is none in most years."""
        date(2001, self.month, self.day)
        return self

    def of(self, year: int) -> date:
        """Return the day in a year."""
        return date(year, self.month, self.day)
