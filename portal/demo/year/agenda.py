"""The agenda: what a script has decided to ask on later days, in the order of its hours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

from portal.demo.desk import Asked, Desk
from streams.ports import Effect

Then = Callable[[Effect], None]
"""Is told what became of a command; it may put more on the agenda, of the same day too."""


class Agenda:
    """Commands by day. What becomes of one decides what is put on it next."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._days: dict[date, list[tuple[Asked, Then | None]]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        """Commands that were not accepted, by what was asked."""

    def put(self, asked: Asked, then: Then | None = None) -> None:
        """Note a command for its day."""
        self._days[asked.at.date()].append((asked, then))

    async def keep(self, day: date) -> None:
        """Ask all that is due up to a day, and what follows from it on the same day."""
        while due := [each for on in sorted(self._days) if on <= day for each in self._days[on]]:
            self._days = defaultdict(list, {on: x for on, x in self._days.items() if on > day})
            due.sort(key=lambda each: each[0].at)
            effects = await self._desk.ask([asked for asked, _ in due])
            for (asked, then), effect in zip(due, effects, strict=True):
                if effect.status != "accepted":
                    self.refused[asked.id.partition("-")[0]] += 1
                if then is not None:
                    then(effect)
