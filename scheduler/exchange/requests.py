"""requests.csv: who asks for whom, and on which days."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from scheduler.exchange import limits
from scheduler.exchange.arrays import firsts, ranges
from scheduler.exchange.cells import BAD, Cells, Choices, names, whole
from scheduler.exchange.faults import Faults, cell_fault
from scheduler.exchange.heading import Heading
from scheduler.exchange.statement import Ints, Points, Statement
from scheduler.exchange.tables import Column, Table, read_table, tell, write_table

REQUESTS: Final = "requests.csv"
NO_PIN: Final = -1
_OWN_UNITS: Final = -1  # a choice that takes the request's duration


@dataclass(frozen=True, slots=True)
class Asked:
    """The requests: a table, the sets of choices that it names, and the names it holds."""

    table: Table
    ids: Cells
    enterprises: Cells
    departments: Cells
    parties: Cells
    set_first: Points
    set_days: Ints
    set_points: Ints
    set_units: Ints

    def choice_first(self) -> Points:
        """Return where the choices of each request begin."""
        return firsts(np.diff(self.set_first)[self.table["choices"]])

    def choices(self) -> tuple[Ints, Ints, Ints]:
        """Return day, points and units of all choices."""
        number = self.table["choices"]
        width = np.diff(self.set_first)[number]
        flat = ranges(self.set_first[number], width)
        units = self.set_units[flat]
        own = units == _OWN_UNITS
        units[own] = np.repeat(self.table["duration"].astype(np.int32), width)[own]
        return self.set_days[flat], self.set_points[flat], units


def read_requests(data: bytes, heading: Heading, faults: Faults) -> Asked | None:
    """Read the requests; None where no row could be read."""
    days = len(heading.days) or limits.DAYS
    choices = Choices(days, limits.POINTS, limits.UNITS)
    ids, enterprises, departments = names(), names(), names()
    parties = names(may_be_empty=True)
    absent_party = parties[""]
    columns = {
        "id": Column(ids),
        "enterprise": Column(enterprises),
        "department": Column(departments),
        "choices": Column(choices.cells),
        "duration": Column(Cells(whole(0, limits.UNITS, 1)), 1),
        "party": Column(parties, absent_party),
        "must": Column(Cells(whole(0, 1, 0)), 0),
        "weight": Column(Cells(whole(0, limits.WEIGHT, 0)), 0),
        "pinned": Column(Cells(whole(0, days - 1, NO_PIN)), NO_PIN),
        "unplaced": Column(Cells(whole(0, limits.POINTS, heading.unplaced)), heading.unplaced),
    }
    table = read_table(REQUESTS, data, columns, faults)
    if table is None:
        return None
    asked = Asked(table, ids, enterprises, departments, parties, *choices.arrays())
    _judge(asked, days, faults)
    return asked


def write_requests(statement: Statement) -> bytes:
    """Write requests.csv; a column that says nothing is left out."""
    columns: dict[str, Iterator[object] | list[object] | tuple[str, ...] | list[str]] = {
        "id": statement.ids,
        "enterprise": _named(statement.enterprises, statement.enterprise),
        "department": _named(statement.departments, statement.department),
        "choices": _choices(statement),
        "duration": statement.duration.tolist(),
    }
    if any(statement.parties[p] for p in np.unique(statement.party).tolist()):
        columns["party"] = _named(statement.parties, statement.party)
    if statement.must.any():
        columns["must"] = statement.must.astype(np.int32).tolist()
    if statement.weight.any():
        columns["weight"] = statement.weight.tolist()
    if (statement.pinned != NO_PIN).any():
        columns["pinned"] = ["" if day == NO_PIN else day for day in statement.pinned.tolist()]
    if (statement.leave != statement.unplaced).any():
        columns["unplaced"] = [
            "" if points == statement.unplaced else points for points in statement.leave.tolist()
        ]
    return write_table(columns)


def days_text(days: list[int]) -> str:
    """Write ascending days as parts: `0-4 7`."""
    return " ".join(_span(first, last) for first, last in _runs(days))


def _judge(asked: Asked, days: int, faults: Faults) -> None:
    table = asked.table
    repeated = np.ones(len(table.line), np.bool_)
    repeated[np.unique(table["id"], return_index=True)[1]] = False
    repeated &= table["id"] != BAD
    tell(table, np.flatnonzero(repeated), "id", _TWICE, faults)
    number, pin = table["choices"], table["pinned"]
    checked = np.flatnonzero((pin >= 0) & (number != BAD))
    sets = np.repeat(np.arange(len(asked.set_first) - 1), np.diff(asked.set_first))
    keys = sets * days + asked.set_days
    offered = np.isin(number[checked] * days + pin[checked], keys)
    tell(table, checked[~offered], "pinned", _FOREIGN_PIN, faults)
    total = int(np.diff(asked.set_first)[number[number != BAD]].sum())
    if total > limits.CHOICES:
        faults.add(REQUESTS, 0, "choices", str(total), _TOO_MANY)


def _named(names: tuple[str, ...], numbers: Ints) -> list[str]:
    return [names[n] for n in numbers.tolist()]


def _choices(statement: Statement) -> Iterator[str]:
    """Yield the cell of each request; equal choices are written once."""
    first = statement.choice_first
    own = np.repeat(statement.duration, np.diff(first)) == statement.choice_units
    rows = np.empty((len(own), 3), np.int32)
    rows[:, 0], rows[:, 1] = statement.choice_day, statement.choice_points
    rows[:, 2] = np.where(own, _OWN_UNITS, statement.choice_units)
    known: dict[bytes, str] = {}
    ends = first.tolist()
    for begin, end in pairwise(ends):
        key = rows[begin:end].tobytes()
        text = known.get(key)
        if text is None:
            text = known[key] = _choices_text(rows[begin:end].tolist())
        yield text


def _choices_text(rows: list[list[int]]) -> str:
    parts: list[tuple[int, int, str]] = []
    for day, points, units in rows:
        price = "" if units == _OWN_UNITS and not points else f":{points}"
        tail = price if units == _OWN_UNITS else f":{points}:{units}"
        if parts and parts[-1][1] == day - 1 and parts[-1][2] == tail:
            parts[-1] = (parts[-1][0], day, tail)
        else:
            parts.append((day, day, tail))
    return " ".join(_span(first, last) + tail for first, last, tail in parts)


def _runs(days: list[int]) -> Iterator[tuple[int, int]]:
    begin = 0
    for at, day in enumerate(days):
        if at + 1 == len(days) or days[at + 1] != day + 1:
            yield days[begin], day
            begin = at + 1


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


_TWICE: Final = cell_fault(
    "编号重复", "an id that stands further up as well", "每行一个编号", "give each line its own"
)
_FOREIGN_PIN: Final = cell_fault(
    "不在 choices 之中",
    "not among the choices",
    "加进 choices, 或留空",
    "add it to choices, or clear it",
)
_TOO_MANY: Final = cell_fault(
    "可选日总数过大",
    "more choices in all than fit",
    f"至多 {limits.CHOICES}",
    f"at most {limits.CHOICES}",
)
