"""年初备案 as people look at it: who filed, what stands, how much of each line was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.plans.planning import NotReadyError, rules_and_calendar
from scheduler import keys
from scheduler.annual.lines import Standing, standing
from scheduler.annual.states import AnnualState, AnnualStatus
from scheduler.states import RequestStatus
from schemas.policy import AnnualRules
from schemas.registry import Jurisdiction
from streams.queries import Queries

_COUNTS: Final = tuple(
    status.value
    for status in (RequestStatus.ACCEPTED, RequestStatus.PLACED, RequestStatus.UNDECIDED)
)
"""Requests that use a line up: those that wait, and those that have a day."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A department's plan in a list; ``status`` is None where it has filed none."""

    department: str
    status: AnnualStatus | None
    lines: int
    entries: int
    cited: int
    off_plan: int
    late: bool
    published: bool

    @property
    def share(self) -> int:
        """How many per cent of its inspections came off-plan."""
        whole = self.cited + self.off_plan
        return 100 * self.off_plan // whole if whole else 0


@dataclass(frozen=True, slots=True)
class Uses:
    """How often each line was asked for in a year, and how often nothing was cited."""

    by_line: Mapping[str, int]
    off_plan: int

    def of(self, line: str) -> int:
        """Return how often a line was cited."""
        return self.by_line.get(line, 0)


async def rules_of(queries: Queries) -> AnnualRules | None:
    """Return what the policy in use says of annual plans."""
    try:
        rules, _ = await rules_and_calendar(queries)
    except NotReadyError:
        return None
    return rules.annual


async def plans(queries: Queries, year: int, today: date) -> tuple[PlanRow, ...]:
    """Return every local inspection body with its plan of a year, those that are overdue first."""
    found = {row["department"]: row for row in await queries.rows("annual", year=year)}
    bodies = await queries.rows(
        "department", jurisdiction=Jurisdiction.LOCAL.value, enforcement_subject=True
    )
    uses = await _uses(queries, year)
    rules = await rules_of(queries)
    over = rules is not None and today > rules.due.of(year)
    rows = []
    for id_ in sorted({*found, *(body["id"] for body in bodies)}):
        row, own = found.get(id_), uses.get(id_, Uses({}, 0))
        rows.append(
            PlanRow(
                department=id_,
                status=AnnualStatus(row["status"]) if row else None,
                lines=int(row["lines"]) if row else 0,
                entries=int(row["entries"]) if row else 0,
                cited=sum(own.by_line.values()),
                off_plan=own.off_plan,
                late=bool(row["late"]) if row else over,
                published=bool(row and row["published"]),
            )
        )
    return tuple(sorted(rows, key=lambda r: (not (r.late and r.status is None), r.department)))


async def uses_of(queries: Queries, department: str, year: int) -> Uses:
    """Return how often a department's lines were asked for."""
    return (await _uses(queries, year, department)).get(department, Uses({}, 0))


async def _uses(queries: Queries, year: int, department: str | None = None) -> dict[str, Uses]:
    months = [f"{year:04d}-{month:02d}" for month in range(1, 13)]
    only = {"department": department} if department else {}
    sums = await queries.sums(
        "request",
        by=("department", "plan_line", "off_plan"),
        month=months,
        status=list(_COUNTS),
        **only,
    )
    lines: dict[str, dict[str, int]] = {}
    off: dict[str, int] = {}
    for (id_, line, off_plan), (number,) in sums.items():
        if line is not None:
            lines.setdefault(id_, {})[line] = number
        elif off_plan:
            off[id_] = off.get(id_, 0) + number
    return {id_: Uses(lines.get(id_, {}), off.get(id_, 0)) for id_ in lines.keys() | off.keys()}


async def standing_for(queries: Queries, department: str, day: date) -> Standing | None:
    """Return the lines that a department may cite for a day; ``None`` where it need not cite any."""
    rules = await rules_of(queries)
    if rules is None:
        return None
    own = await queries.get(AnnualState, keys.annual(department, day.year))
    before = await queries.get(AnnualState, keys.annual(department, day.year - 1))
    return standing(own, before, day, rules)
