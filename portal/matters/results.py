"""结果公示: what inspections found, for everybody, once the policy's working days are over.

Nobody who was there is named: no officer, no person, no rating. Enterprises are named only where the policy
says so, and never one whose credit code is an individual's (第一位 9, 第二位 2): its name is a person's.
A sealed visit is on no list before it was opened, since it is no visit until then.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.plans.planning import NotReadyError, rules_and_calendar
from scheduler.states import VisitState
from scheduler.workdays import WorkCalendar
from schemas.lanes import Purpose
from schemas.sharing_rules import PublicationRules
from streams.queries import Queries

_INDIVIDUAL = "92"


@dataclass(frozen=True, slots=True)
class Published:
    """One department's result of one visit; ``enterprise`` only where it may be named."""

    department: str
    enterprise: str | None
    items: tuple[tuple[str, bool], ...]
    measure: str


@dataclass(frozen=True, slots=True)
class Results:
    """A month's results, and after how many working days they are public."""

    working_days: int
    named: bool
    rows: tuple[Published, ...]


async def results(queries: Queries, month: str, today: date) -> Results | None:
    """Return a month's results that are public by now; ``None`` where the policy publishes none."""
    try:
        rules, calendar = await rules_and_calendar(queries)
    except NotReadyError:
        return None
    said = rules.publication
    if said is None:
        return None
    year, number = map(int, month.split("-"))
    days = [date(year, number, day) for day in range(1, monthrange(year, number)[1] + 1)]
    known: list[VisitState] = [
        visit
        for day in days
        for _, visit in await queries.find(
            "visit", day=day, purpose=Purpose.INSPECTION.value, status=["left", "closed"]
        )
    ]
    return Results(said.working_days, said.named, published(known, said, calendar, today))


def published(
    visits: Iterable[VisitState], said: PublicationRules, calendar: WorkCalendar, today: date
) -> tuple[Published, ...]:
    """Return the results of these visits that are public by now.

    They stand in no order that tells of days: by department, then by what was found.
    """
    rows = []
    for visit in visits:
        due = calendar.due(visit.line.day, said.working_days)
        if due.provisional or today <= due.day:
            continue
        named = said.named and not visit.line.enterprise.startswith(_INDIVIDUAL)
        firm = visit.line.enterprise if named else None
        for outcome in visit.outcomes:
            items = tuple((f.item, f.compliant) for f in outcome.findings)
            rows.append(Published(outcome.department, firm, items, outcome.measure))
    rows.sort(key=lambda r: (r.department, r.enterprise or "", r.items, r.measure))
    return tuple(rows)
