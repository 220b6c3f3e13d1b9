"""Periods: a month, a quarter, a year, as their first and last days and the months in them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

_QUARTER: Final = 3
_YEAR: Final = 4


def months_of(period: str) -> tuple[str, ...]:
    """Return the months of a period, such as ``2026-10`` to ``2026-12`` for ``2026-Q4``."""
    year, _, part = period.partition("-")
    if not part:
        numbers = range(1, 13)
    elif part.startswith("Q"):
        first = (int(part[1:]) - 1) * _QUARTER + 1
        numbers = range(first, first + _QUARTER)
    else:
        numbers = range(int(part), int(part) + 1)
    return tuple(f"{year}-{number:02d}" for number in numbers)


def span(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period."""
    months = months_of(period)
    year, last = int(period[:_YEAR]), int(months[-1][-2:])
    first = date(year, int(months[0][-2:]), 1)
    return first, date(year, last, monthrange(year, last)[1])
