"""A department's capacity in a month: ordinary, as stated, taken by the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.capacities import units_on
from scheduler.states import CapacityState, TallyState
from scheduler.workdays import CalendarMissing
from schemas.registry import Department
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Day:
    """A working day: the units that a department has, whether somebody stated them, what is taken."""

    day: date
    visiting: bool
    units: int
    stated: bool
    taken: int


async def month_of(queries: Queries, department: Department, month: str) -> tuple[Day, ...]:
    """Return a department's working days of a month; none where no calendar reaches."""
    rules, calendar = await rules_and_calendar(queries)
    year, number = int(month[:4]), int(month[5:])
    try:
        days = calendar.working_days_of_month(year, number)
        visiting = rules.visiting_days(month, calendar)
    except (CalendarMissing, LookupError):
        return ()
    stated = {day: keys.capacity(department.id, day) for day in days}
    taken = {day: keys.department_day(department.id, day) for day in days}
    cells = await queries.get_many([*stated.values(), *taken.values()])
    found = []
    for day in days:
        own = cells.get(stated[day])
        own = own if isinstance(own, CapacityState) else None
        tally = cells.get(taken[day], TallyState())
        units = units_on(department, own, day, visiting)
        used = tally.used + tally.reserved
        found.append(Day(day, day in visiting, units, own is not None, used))
    # Those on which routine visits take place come first: they are what one looks for.
    return tuple(sorted(found, key=lambda day: (not day.visiting, day.day)))
