"""The month's plan as a board: departments, townships or enterprises by the dates of the service week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from portal.pages.names import Names, names
from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.capacities import units_on
from scheduler.states import DraftState, MonthState
from scheduler.timetable import MonthDates, of_month
from schemas.plans import Answer, AnswerKind, PlanBody, Unplaced, Worth
from schemas.registry import Department
from schemas.visits import PlanLine
from streams.queries import Queries
from streams.readmodels import Row

_SATURDAY = 6
_FEW: Final = 60
"""Visits of a plan whose cards all lie open."""

MOST_ROWS: Final = 150
"""Rows of a board; those with the most visits come first."""

NOWHERE: Final = "—"


class Card(NamedTuple):
    """A visit in a cell. ``requests`` are those that move when the card does, parted by commas."""

    visit: str
    request: str
    requests: str
    name: str
    departments: int
    locked: bool
    warning: str
    moved: bool

    @property
    def shade(self) -> str:
        """How it looks, as classes of the page."""
        joint = " joint" if self.departments > 1 else ""
        return f"{joint}{' moved' if self.moved else ''}{' wrong' if self.warning else ''}".strip()


@dataclass(frozen=True, slots=True)
class Cell:
    """A row's day: its cards; for a department the units that they take, and those that there are."""

    day: date
    cards: tuple[Card, ...]
    units: int
    capacity: int | None

    @property
    def joint(self) -> int:
        """How many of the visits are joint."""
        return sum(card.departments > 1 for card in self.cards)

    @property
    def warned(self) -> int:
        """How many of the visits need a look."""
        return sum(bool(card.warning) for card in self.cards)

    @property
    def full(self) -> bool:
        """Whether nobody fits in any more."""
        return self.capacity is not None and self.units >= self.capacity

    @property
    def tenths(self) -> int:
        """How full it is, in tenths."""
        if not self.capacity:
            return 10 if self.units else 0
        return min(10, -(-10 * self.units // self.capacity))


@dataclass(frozen=True, slots=True)
class Plan:
    """A month's plan as its reader may see it. ``version`` is 0 where nothing is drafted yet."""

    month: str
    state: MonthState
    version: int
    dates: MonthDates
    days: tuple[tuple[date, bool], ...]
    """Visiting days; the mark tells a working weekend day 补班."""
    lines: tuple[PlanLine, ...]
    unplaced: tuple[Unplaced, ...]
    enterprise_of: Mapping[str, str]
    """The enterprise of each request that found no day."""
    answers: tuple[Answer, ...]
    worth: Worth | None
    body: PlanBody | None
    versions: tuple[Row, ...]
    names: Names
    requests: int

    @property
    def joint(self) -> int:
        """How many visits are joint."""
        return sum(len(line.parts) > 1 for line in self.lines)

    @property
    def published(self) -> bool:
        """Whether this is what was published."""
        return 0 < self.version == self.state.published

    @property
    def pins(self) -> frozenset[str]:
        """The requests whose day a person fixed in this version."""
        making = self.body.making if self.body else None
        return frozenset(pin.request for pin in making.pins) if making else frozenset()


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
    enterprise_of = await enterprises_of(queries, unplaced)
    equals: dict[str, Any] = {"month": month} | ({"department": only} if only else {})
    counted = await queries.sums("request", status=["accepted", "placed"], **equals)
    return Plan(
        month=month,
        state=state,
        version=chosen if draft else 0,
        dates=dates,
        days=tuple((day, day.isoweekday() >= _SATURDAY) for day in dates.visiting_days),
        lines=tuple(sorted(lines, key=lambda x: (x.day, x.enterprise))),
        unplaced=unplaced,
        enterprise_of=enterprise_of,
        answers=tuple(a for a in draft.answers if only in {None, a.department}) if draft else (),
        worth=body.worth if body and only is None else None,
        body=body,
        versions=tuple(await queries.rows("draft", month=month)) if only is None else (),
        names=await names(queries, {x.enterprise for x in lines} | set(enterprise_of.values())),
        requests=sum(n for (n, *_) in counted.values()),
    )


async def enterprises_of(queries: Queries, unplaced: Iterable[Unplaced]) -> dict[str, str]:
    """Return the enterprise of each request that found no day."""
    ids = sorted(one.request for one in unplaced)
    rows = await queries.rows("request", id=ids) if ids else []
    return {row["id"]: row["enterprise"] for row in rows}


@dataclass(frozen=True, slots=True)
class Marks:
    """What cards are marked with: fixed requests, moved ones, and what is wrong with some, in words."""

    fixed: Collection[str] = ()
    moved: Collection[str] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Board:
    """Rows by days. ``more`` rows have too few visits to be shown."""

    by: str
    days: tuple[tuple[date, bool, bool], ...]
    """The dates; the marks tell a working weekend day 补班, and a day outside the service week."""
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    open: bool
    more: int = 0

    @property
    def touched(self) -> frozenset[str]:
        """The rows in which something was moved; their cards lie open."""
        return frozenset(
            id_
            for id_, _, cells in self.rows
            if any(card.moved for cell in cells for card in cell.cards)
        )


BY: Final = ("department", "township", "enterprise")
"""What the rows of a board may stand for."""


async def board(
    queries: Queries,
    found: Plan,
    lines: Collection[PlanLine],
    marks: Marks,
    *,
    by: str,
    only: str | None,
) -> Board:
    """Lay lines out. A department's cards are its parts of visits, any other row's whole visits."""
    visiting = tuple(day for day, _ in found.days)
    days = sorted({*visiting, *(line.day for line in lines)})
    cells: dict[tuple[str, date], list[Card]] = defaultdict(list)
    units: dict[tuple[str, date], int] = defaultdict(int)
    row_of = await _rows_of(queries, lines, by)
    for line in lines:
        if by == "department":
            for part in line.parts:
                if only in {None, part.department}:
                    cells[part.department, line.day].append(
                        _card(line, part.requests, found.names, marks)
                    )
                    units[part.department, line.day] += part.units
        else:
            requests = tuple(id_ for part in line.parts for id_ in part.requests)
            cells[row_of(line), line.day].append(_card(line, requests, found.names, marks))
    ids = {id_ for id_, _ in cells}
    capacity = await _capacities(queries, ids, days, visiting) if by == "department" else {}
    rows = []
    for id_ in ids:
        own = tuple(
            Cell(day, tuple(cells[id_, day]), units[id_, day], capacity.get((id_, day)))
            for day in days
        )
        rows.append((sum(len(cell.cards) for cell in own), id_, own))
    rows.sort(key=lambda row: (-row[0], row[1]))
    shown = tuple((id_, found.names(id_), own) for _, id_, own in rows[:MOST_ROWS])
    marked = tuple((day, day.isoweekday() >= _SATURDAY, day not in visiting) for day in days)
    return Board(by, marked, shown, len(lines) <= _FEW, max(0, len(rows) - MOST_ROWS))


async def _rows_of(
    queries: Queries, lines: Iterable[PlanLine], by: str
) -> Callable[[PlanLine], str]:
    if by != "township":
        return lambda line: line.enterprise
    ids = sorted({line.enterprise for line in lines})
    rows = await queries.rows("enterprise", id=ids) if ids else []
    township = {row["id"]: row["township"] or NOWHERE for row in rows}
    return lambda line: township.get(line.enterprise, NOWHERE)


def _card(line: PlanLine, requests: tuple[str, ...], known: Names, marks: Marks) -> Card:
    plain = not (marks.fixed or marks.wrong or marks.moved)
    return Card(
        line.visit,
        requests[0],
        ",".join(requests),
        known(line.enterprise),
        len(line.parts),
        locked=not plain and any(id_ in marks.fixed for id_ in requests),
        warning="" if plain else next((marks.wrong[i] for i in requests if i in marks.wrong), ""),
        moved=not plain and any(id_ in marks.moved for id_ in requests),
    )


async def _capacities(
    queries: Queries, ids: Collection[str], days: Collection[date], visiting: tuple[date, ...]
) -> dict[tuple[str, date], int]:
    stated = await queries.get_many(
        [*map(keys.department, ids), *(keys.capacity(id_, day) for id_ in ids for day in days)]
    )
    found: dict[tuple[str, date], int] = {}
    for id_ in ids:
        record = stated.get(keys.department(id_))
        if isinstance(record, Department):
            for day in days:
                cell = stated.get(keys.capacity(id_, day))
                found[id_, day] = units_on(record, cell, day, visiting)
    return found


async def warnings(
    queries: Queries, found: Plan, said: Callable[[str], str], lines: Iterable[PlanLine]
) -> dict[str, str]:
    """Say what is wrong with requests of a plan although it was right when it was made."""
    wrong: dict[str, str] = {}
    declined = {a.visit: a for a in found.answers if a.kind is not AnswerKind.ACCEPT}
    for line in lines if declined else ():
        answer = declined.get(line.visit)
        for part in line.parts if answer else ():
            wrong |= dict.fromkeys(part.requests, said("部门不同意"))
    if found.published:
        return wrong
    gone = await queries.rows("request", month=found.month, status=["withdrawn", "rejected"])
    wrong |= {row["id"]: said("申请已撤回") for row in gone}
    late = await queries.rows("request", month=found.month, approved=False, status=["accepted"])
    return {row["id"]: said("尚未审批") for row in late} | wrong
