"""A script of December by its days: who asks for what, early in the morning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from portal.demo.clock import spread
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.messages import Sender
from schemas.base import Id
from schemas.commands import Command
from schemas.registry import Enterprise, Standing

_FRIDAY: Final = 4


class Script:
    """Commands by days of December; whatever a visitor did first stays done."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._days: dict[int, list[tuple[str, Sender, Command]]] = defaultdict(list)

    def of(self, day: date) -> list[Asked]:
        """Return what is done on a day, early in the morning."""
        if day < on(1):
            return []
        return [
            Asked(id_, who, spread(day, 7, number, 1), what)
            for number, (id_, who, what) in enumerate(self._days[day.day])
        ]

    def _put(self, day: int, id_: str, who: Sender, what: Command) -> None:
        self._days[day].append((id_, who, what))

    def _firm(self, place: int) -> Id:
        return self._county.enterprises[place].id


def quiet(county: County, wanted: Callable[[Enterprise], bool]) -> list[Id]:
    """Return enterprises of which officials think least, the quietest first."""
    return [
        e.id for e in reversed(county.enterprises) if e.standing is Standing.ACTIVE and wanted(e)
    ]


def on(number: int) -> date:
    """Return a day of December."""
    return date(2026, 12, number)


def after(number: int) -> int:
    """Return the working day that follows one of December, which has no holiday until its end."""
    day = on(number) + timedelta(days=1)
    while day.weekday() > _FRIDAY:
        day += timedelta(days=1)
    return day.day
