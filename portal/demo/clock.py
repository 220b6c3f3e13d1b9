"""Instants of a script: hours of a day in China."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from schemas.base import CHINA

_LONGEST = 28_800  # seconds; a script's hour never runs into the next day


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant of a day, China Standard Time."""
    return datetime.combine(day, time(hour, minute), CHINA)


def spread(day: date, hour: int, number: int, seconds: int = 7) -> datetime:
    """Return the instant of the ``number``-th of many things that begin at an hour."""
    return at(day, hour) + timedelta(seconds=number * seconds % _LONGEST)
