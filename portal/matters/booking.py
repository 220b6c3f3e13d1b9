"""双预约 as people look at it: which days an enterprise closed, how many are left, which times suit it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.plans.planning import NotReadyError, rules_and_calendar
from scheduler import keys
from scheduler.workdays import CalendarMissing
from schemas.booking import BookingRules, Slot
from schemas.registry import Enterprise
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Booked:
    """What an enterprise booked and what is to come of it; ``left`` are days that it may still close this year.

    ``first`` is the first day that can be closed today; None where the calendar does not reach it.
    ``rules`` is None where the policy in use lets nobody close days.
    """

    closed: tuple[date, ...]
    registered: tuple[date, ...]
    slots: tuple[Slot, ...]
    rules: BookingRules | None
    left: int
    first: date | None


async def booked(queries: Queries, enterprise: str, today: date) -> Booked | None:
    """Return what an enterprise booked from today on; ``None`` where there is no such enterprise."""
    firm = await queries.get(Enterprise, keys.enterprise(enterprise))
    if firm is None:
        return None
    rules, first = None, None
    try:
        found, calendar = await rules_and_calendar(queries)
        rules = found.booking
        first = calendar.nth_working_day_after(today, rules.ahead) if rules else None
    except (NotReadyError, CalendarMissing):
        pass
    used = {day for day in (*firm.closed_days, *firm.booked) if day.year == today.year}
    return Booked(
        closed=tuple(day for day in firm.booked if day >= today),
        registered=tuple(sorted(day for day in firm.closed_days if day >= today)),
        slots=tuple(slot for slot in firm.slots if slot.day >= today),
        rules=rules,
        left=max(0, rules.closed_a_year - len(used)) if rules else 0,
        first=first,
    )
