"""双预约 in the year: enterprises close a few days in good time, ask for too many, and say which times suit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from schemas.booking import Slot
from schemas.booking_commands import CloseDays, OpenDays, PreferSlots
from schemas.lanes import HalfDay

BOOKINGS: Final = 24
"""Enterprises of the whole county that close days in a month, or say which times suit."""

_GREEDY: Final = 6
"""One in so many wants the whole service week closed; the policy's number stops it."""


class Bookings:
    """Lets enterprises book."""

    def __init__(self, agenda: Agenda, county: County, seed: int, a_month: int) -> None:
        self._agenda = agenda
        self._firms = [e.id for e in county.enterprises if not e.closed_days and e.group is None]
        self._seed = seed
        self._a_month = a_month

    def month(self, month: str, day: date, service: Sequence[date]) -> None:
        """Put a month's bookings, for a later month's days of visits, on the agenda."""
        random = chance(self._seed, "booking", month)
        firms = random.sample(self._firms, min(self._a_month, len(self._firms)))
        for n, firm in enumerate(firms):
            own, name = d.enterprise(firm), f"{month}-{n:02d}"
            when = spread(day, 9, n, 60)
            if n % 3 == 0:
                half = HalfDay.AFTERNOON if n % 2 else HalfDay.MORNING
                slots = tuple(Slot(day=each, half=half) for each in random.sample(service, 2))
                prefer = PreferSlots(enterprise=firm, slots=slots)
                self._agenda.put(Asked(f"slots-{name}", own, when, prefer))
                continue
            greedy = n % _GREEDY == 1
            days = tuple(service) if greedy else tuple(random.sample(service, 1 + n % 2))
            close = CloseDays(enterprise=firm, days=days)
            self._agenda.put(Asked(f"closedays-{name}", own, when, close))
            if not greedy and n % 4 == 0:
                reopen = OpenDays(enterprise=firm, days=days[:1])
                self._agenda.put(Asked(f"opendays-{name}", own, at(day, 17, n % 60), reopen))
