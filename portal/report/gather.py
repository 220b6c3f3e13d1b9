"""What the report shows, read from the ledger's read models and put into plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.states import DraftState, MonthState, RequestState, VisitState, VisitStatus
from scheduler.statistics import Coverage, Figures, figures, high_risk_coverage
from schemas.plans import Unplaced, Worth
from schemas.registry import Department, Enterprise
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which visits may take place; ``makeup`` marks a working weekend day 补班."""

    day: date
    makeup: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A department's day on the board: its visits, how many of them are joint, units and load."""

    visits: tuple[VisitState, ...]
    joint: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A department's week."""

    department: Department
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Month:
    """Everything that the page of a month shows."""

    month: str
    title: str
    days: tuple[Day, ...]
    board: tuple[BoardRow, ...]
    worth: Worth | None
    entries_now: int
    entries_before: int
    by_department: tuple[tuple[Department, int, int], ...]
    """Department, entries of the same month of the baseline year, entries planned now."""
    joint: tuple[VisitState, ...]
    unplaced: tuple[tuple[RequestState, Unplaced], ...]
    refused: tuple[RequestState, ...]
    figures: Figures
    coverage: Coverage
    enterprises: Mapping[str, Enterprise]
    departments: Mapping[str, Department]
    policy: tuple[str, ...]
    as_if: bool
    evidence: tuple[str, ...]
    """The grades of evidence of the baseline figures."""


async def month_report(queries: Queries, month: str, title: str) -> Month:
    """Read a month's report.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    rules, calendar = await rules_and_calendar(queries)
    visiting = rules.visiting_days(month, calendar)
    departments = {d.id: d for _, d in await queries.find("department")}
    enterprises = {e.id: e for _, e in await queries.find("enterprise")}
    requests: list[RequestState] = [state for _, state in await queries.find("request")]
    visits: list[VisitState] = [
        state for _, state in await queries.find("visit") if keys.month_of(state.line.day) == month
    ]
    standing = [v for v in visits if v.status is not VisitStatus.CANCELLED]
    planned = [v for v in standing if v.month == month]
    baseline = await _baseline(queries, month)
    found = figures([r for r in requests if _of_month(r, month)], standing)
    return Month(
        month=month,
        title=title,
        days=tuple(Day(day, day.isoweekday() > 5) for day in visiting),  # noqa: PLR2004 - weekend
        board=_board(planned, visiting, departments),
        worth=await _worth(queries, month),
        entries_now=len(standing),
        entries_before=sum(baseline.values()),
        by_department=_by_department(standing, baseline, departments),
        joint=tuple(sorted((v for v in planned if len(v.line.parts) > 1), key=_joint_first)),
        unplaced=tuple((r, r.unplaced) for r in requests if r.unplaced is not None),
        refused=tuple(r for r in requests if r.objections and r.status == "refused"),
        figures=found,
        coverage=high_risk_coverage(enterprises.values(), found),
        enterprises=enterprises,
        departments=departments,
        policy=tuple(layer.title.zh for layer in rules.layers),
        as_if=rules.as_if(visiting[0]),
        evidence=await _evidence(queries),
    )


def _of_month(state: RequestState, month: str) -> bool:
    return keys.month_of(state.day or state.request.window.first) == month


def _joint_first(visit: VisitState) -> tuple[int, date, str]:
    return (-len(visit.line.parts), visit.line.day, visit.id)


async def _baseline(queries: Queries, month: str) -> dict[str, int]:
    """Return each department's entries in the same month of the newest baseline year."""
    number = int(month.partition("-")[2])
    found: dict[str, tuple[int, int]] = {}
    for row in await queries.rows("baseline"):
        if int(row["month"]) != number:
            continue
        department, year, entries = str(row["department"]), int(row["year"]), int(row["entries"])
        found[department] = max(found.get(department, (0, 0)), (year, entries))
    return {department: entries for department, (_, entries) in found.items()}


async def _evidence(queries: Queries) -> tuple[str, ...]:
    return tuple(sorted({str(row["evidence"]) for row in await queries.rows("baseline")}))


async def _worth(queries: Queries, month: str) -> Worth | None:
    state = await queries.get(MonthState, keys.month(month))
    version = (state.published or state.drafted) if state else 0
    if not version:
        return None
    draft = await queries.get(DraftState, keys.draft(month, version))
    return draft.body.worth if draft else None


def _board(
    planned: Iterable[VisitState], days: tuple[date, ...], departments: Mapping[str, Department]
) -> tuple[BoardRow, ...]:
    held: dict[tuple[str, date], list[VisitState]] = defaultdict(list)
    for visit in planned:
        for department in visit.line.departments:
            held[department, visit.line.day].append(visit)
    rows = []
    for id_ in sorted({department for department, _ in held}):
        cells = tuple(
            Cell(tuple(visits), sum(len(v.line.parts) > 1 for v in visits))
            for visits in (held.get((id_, day), []) for day in days)
        )
        rows.append(BoardRow(departments[id_], cells, sum(len(c.visits) for c in cells)))
    return tuple(sorted(rows, key=lambda row: (-row.total, row.department.id)))


def _by_department(
    standing: Iterable[VisitState],
    baseline: Mapping[str, int],
    departments: Mapping[str, Department],
) -> tuple[tuple[Department, int, int], ...]:
    now = Counter(d for visit in standing for d in visit.line.departments)
    ids = sorted(baseline.keys() | now.keys(), key=lambda id_: (-baseline.get(id_, 0), id_))
    return tuple((departments[i], baseline.get(i, 0), now[i]) for i in ids if i in departments)
