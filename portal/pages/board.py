"""The month's plan as a board: departments by the dates of the service week, and what found no day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.pages.names import Names, names
from portal.planning import rules_and_calendar
from scheduler import keys
from scheduler.capacities import units_on
from scheduler.states import DraftState, MonthState
from scheduler.timetable import MonthDates, of_month
from schemas.plans import Answer, Unplaced, Worth
from schemas.registry import Department
from schemas.visits import PlanLine
from streams.queries import Queries
from streams.readmodels import Row

_SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """A department's day: its visits, the units that they take and the units that there are."""

    day: date
    lines: tuple[PlanLine, ...]
    units: int
    capacity: int

    @property
    def joint(self) -> int:
        """How many of the visits are joint."""
        return sum(len(line.parts) > 1 for line in self.lines)

    @property
    def shade(self) -> str:
        """How full it is, as a class of the page."""
        if not self.lines:
            return ""
        return "full" if self.units >= self.capacity else "some"


@dataclass(frozen=True, slots=True)
class Plan:
    """A month's plan as its reader may see it. ``version`` is 0 where nothing is drafted yet."""

    month: str
    state: MonthState
    version: int
    dates: MonthDates
    days: tuple[tuple[date, bool], ...]
    """Visiting days; the mark tells a working weekend day 补班."""
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    lines: tuple[PlanLine, ...]
    unplaced: tuple[Unplaced, ...]
    enterprise_of: Mapping[str, str]
    """The enterprise of each request that found no day."""
    answers: tuple[Answer, ...]
    worth: Worth | None
    versions: tuple[Row, ...]
    names: Names
    requests: int

    @property
    def joint(self) -> int:
        """How many visits are joint."""
        return sum(len(line.parts) > 1 for line in self.lines)


async def plan(queries: Queries, month: str, only: str | None, version: int | None = None) -> Plan:
    """Read a month's plan: the version asked for, else the published one, else the newest draft.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
        CalendarMissing: If no calendar reaches the month.
    """
    rules, calendar = await rules_and_calendar(queries)
    dates = of_month(month, rules, calendar)
    state = await queries.get(MonthState, keys.month(month)) or MonthState()
    chosen = version or state.published or state.drafted
    draft = await queries.get(DraftState, keys.draft(month, chosen)) if chosen else None
    body = draft.body if draft else None
    lines = tuple(x for x in body.lines if only in {None, *x.departments}) if body else ()
    unplaced = tuple(x for x in body.unplaced if only in {None, x.department}) if body else ()
    waiting = await queries.get_many([keys.request(x.request) for x in unplaced])
    enterprise_of = {x.id: x.request.enterprise for x in waiting.values()}
    equals: dict[str, Any] = {"month": month} | ({"department": only} if only else {})
    counted = await queries.sums("request", status=["accepted", "placed"], **equals)
    return Plan(
        month=month,
        state=state,
        version=chosen if draft else 0,
        dates=dates,
        days=tuple((day, day.isoweekday() >= _SATURDAY) for day in dates.visiting_days),
        rows=await _rows(queries, lines, dates.visiting_days, only),
        lines=tuple(sorted(lines, key=lambda x: (x.day, x.enterprise))),
        unplaced=unplaced,
        enterprise_of=enterprise_of,
        answers=tuple(a for a in draft.answers if only in {None, a.department}) if draft else (),
        worth=body.worth if body and only is None else None,
        versions=tuple(await queries.rows("draft", month=month)) if only is None else (),
        names=await names(queries, {x.enterprise for x in lines} | set(enterprise_of.values())),
        requests=sum(n for (n, *_) in counted.values()),
    )


async def _rows(
    queries: Queries, lines: tuple[PlanLine, ...], days: tuple[date, ...], only: str | None
) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    held: dict[tuple[str, date], list[PlanLine]] = defaultdict(list)
    units: dict[tuple[str, date], int] = defaultdict(int)
    for line in lines:
        for part in line.parts:
            held[part.department, line.day].append(line)
            units[part.department, line.day] += part.units
    ids = sorted({id_ for id_, _ in held if only in {None, id_}})
    cells = [keys.capacity(id_, day) for id_ in ids for day in days]
    stated = await queries.get_many([*map(keys.department, ids), *cells])
    rows = []
    for id_ in ids:
        record = stated.get(keys.department(id_))
        if not isinstance(record, Department):
            continue
        own = tuple(
            Cell(
                day,
                tuple(held[id_, day]),
                units[id_, day],
                units_on(record, stated.get(keys.capacity(id_, day)), day, days),
            )
            for day in days
        )
        rows.append((id_, own))
    return tuple(sorted(rows, key=lambda row: (-sum(len(c.lines) for c in row[1]), row[0])))
