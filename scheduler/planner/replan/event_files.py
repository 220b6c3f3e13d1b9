"""Events in a file, as docs/reference/problem-format.md states it: one line each, in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from scheduler.exchange import limits
from scheduler.exchange.cells import Cells, Choices, names, whole, word
from scheduler.exchange.faults import CellFault, Faults, cell_fault
from scheduler.exchange.statement import Statement
from scheduler.exchange.tables import Column, Table, read_table, write_table
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    Choice,
    DayClosed,
    Event,
    Late,
)

KINDS: Final = ("cancelled", "late", "capacity", "closed", "cap")
BETWEEN_CAPS: Final = ";"

_ABSENT: Final = -2_000_000_000  # below every number that a cell may hold
_NEEDS: Final = {
    "cancelled": ("request",),
    "late": ("request", "enterprise", "department", "choices"),
    "capacity": ("department", "day", "units"),
    "closed": ("enterprise", "day"),
    "cap": ("cap", "room"),
}
_MAY: Final = {"late": ("duration", "party", "must", "weight", "pinned", "unplaced", "caps")}
_NAMES: Final = ("request", "enterprise", "department", "party", "cap", "caps")


@dataclass(frozen=True, slots=True)
class Line:
    """An event, and the line of the file on which it stands."""

    number: int
    event: Event


def read_events(file: str, data: bytes, statement: Statement) -> tuple[Line, ...]:
    """Read the events of a problem; whether they fit it is told when their turn comes.

    Raises:
        BadFiles: With everything that is wrong with the file.
    """
    faults = Faults()
    days = len(statement.days)
    choices = Choices(days, limits.POINTS, limits.UNITS)
    texts = {heading: names(may_be_empty=True) for heading in _NAMES}
    day = whole(0, days - 1, _ABSENT)
    cells = {
        "event": Cells(word(KINDS)),
        **texts,
        "choices": choices.cells,
        "day": Cells(day),
        "pinned": Cells(day),
        "duration": _whole(0, limits.UNITS),
        "must": _whole(0, 1),
        "weight": _whole(0, limits.WEIGHT),
        "unplaced": _whole(0, limits.POINTS),
        "units": _whole(0, limits.CAPACITY),
        "room": _whole(-limits.ROOM, limits.ROOM),
    }
    absent = {heading: text[""] for heading, text in texts.items()}
    absent["choices"] = choices.cells[""]
    columns = {
        heading: Column(own, None if heading == "event" else absent.get(heading, _ABSENT))
        for heading, own in cells.items()
    }
    table = read_table(file, data, columns, faults)
    lines: list[Line] = []
    if table is not None and not faults.total:
        read = _Rows(table, texts, choices)
        for row, number in enumerate(table.line.tolist()):
            if read.judge(row, faults):
                lines.append(Line(number, read.event(row)))
    if faults.total:
        raise faults.error()
    return tuple(lines)


def write_events(events: Iterable[Event]) -> bytes:
    """Write events; the columns are those that they need."""
    rows = [_cells(event) for event in events]
    found = {heading for row in rows for heading in row}
    order = (
        "event",
        *dict.fromkeys(h for kind in KINDS for h in (*_NEEDS[kind], *_MAY.get(kind, ()))),
    )
    used = [heading for heading in order if heading in found]
    return write_table({heading: [row.get(heading, "") for row in rows] for heading in used})


def kind_of(event: Event) -> str:
    """Return what the file calls this kind of event."""
    return str(_cells(event)["event"])


class _Rows:
    """The table's rows, and what the numbers in them stand for."""

    def __init__(self, table: Table, texts: dict[str, Cells], choices: Choices) -> None:
        self._table = table
        self._texts: dict[str, list[str]] = {heading: list(own) for heading, own in texts.items()}
        self._first, *self._flat = (column.tolist() for column in choices.arrays())
        self._empty = {"choices": choices.cells[""]}

    def judge(self, row: int, faults: Faults) -> bool:
        """Tell what an event lacks, and what it has no use for; whether all is well."""
        kind = KINDS[self._number("event", row)]
        needs, may = _NEEDS[kind], _MAY.get(kind, ())
        before = faults.total
        for heading in self._table.columns:
            filled = heading == "event" or self._filled(heading, row)
            if heading in needs and not filled and heading != "choices":
                self._tell(faults, row, heading, _missing(kind))
            elif heading not in ("event", *needs, *may) and filled:
                self._tell(faults, row, heading, _foreign(kind))
        return faults.total == before

    def event(self, row: int) -> Event:
        """Return the event of a row that was judged."""
        text, number = self._text, self._number
        match KINDS[number("event", row)]:
            case "cancelled":
                return Cancelled(request=text("request", row))
            case "capacity":
                return CapacityChanged(
                    department=text("department", row),
                    day=number("day", row),
                    units=number("units", row),
                )
            case "closed":
                return DayClosed(enterprise=text("enterprise", row), day=number("day", row))
            case "cap":
                return CapChanged(cap=text("cap", row), room=number("room", row))
            case _:
                return self._late(row)

    def _late(self, row: int) -> Late:
        number, text = self._number, self._text
        duration = number("duration", row, 1)
        return Late(
            request=text("request", row),
            enterprise=text("enterprise", row),
            department=text("department", row),
            choices=self._choices(row, duration or 0),
            duration=duration or 0,
            party=text("party", row),
            must=bool(number("must", row, 0)),
            weight=number("weight", row, 0),
            pinned=self._maybe("pinned", row),
            unplaced=self._maybe("unplaced", row),
            caps=tuple(filter(None, text("caps", row).split(BETWEEN_CAPS))),
        )

    def _choices(self, row: int, duration: int) -> tuple[Choice, ...]:
        number = self._number("choices", row)
        found = range(self._first[number], self._first[number + 1])
        days, points, units = self._flat
        own = ((days[k], points[k], duration if units[k] < 0 else units[k]) for k in found)
        return tuple(Choice(*choice) for choice in own)

    def _number(self, heading: str, row: int, default: int = 0) -> int:
        value = int(self._table[heading][row])
        return default if value == _ABSENT else value

    def _maybe(self, heading: str, row: int) -> int | None:
        return self._number(heading, row) if self._filled(heading, row) else None

    def _text(self, heading: str, row: int) -> str:
        return self._texts[heading][self._number(heading, row)]

    def _filled(self, heading: str, row: int) -> bool:
        if heading in self._texts:
            return bool(self._text(heading, row))
        return int(self._table[heading][row]) != self._empty.get(heading, _ABSENT)

    def _tell(self, faults: Faults, row: int, heading: str, why: CellFault) -> None:
        faults.add(self._table.file, int(self._table.line[row]), heading, "", why)


def _whole(low: int, high: int) -> Cells:
    return Cells(whole(low, high, _ABSENT))


def _cells(event: Event) -> dict[str, object]:
    match event:
        case Cancelled():
            return {"event": "cancelled", "request": event.request}
        case CapacityChanged():
            return {
                "event": "capacity",
                "department": event.department,
                "day": event.day,
                "units": event.units,
            }
        case DayClosed():
            return {"event": "closed", "enterprise": event.enterprise, "day": event.day}
        case CapChanged():
            return {"event": "cap", "cap": event.cap, "room": event.room}
        case Late():
            return _late_cells(event)


def _late_cells(late: Late) -> dict[str, object]:
    maybe = {"party": late.party, "caps": BETWEEN_CAPS.join(late.caps), "must": int(late.must)}
    maybe |= {"weight": late.weight}
    given = {"pinned": late.pinned, "unplaced": late.unplaced}
    return {
        "event": "late",
        "request": late.request,
        "enterprise": late.enterprise,
        "department": late.department,
        "choices": _written(late.choices),
        "duration": late.duration,
        **{heading: value for heading, value in maybe.items() if value},
        **{heading: value for heading, value in given.items() if value is not None},
    }


def _written(choices: Sequence[Choice]) -> str:
    return " ".join(f"{day}:{points}:{units}" for day, points, units in choices)


def _missing(kind: str) -> CellFault:
    return cell_fault(f"{kind} 需要此列", f"{kind} needs it", "填上", "fill it in")


def _foreign(kind: str) -> CellFault:
    return cell_fault(f"{kind} 不用此列", f"{kind} has no use for it", "清空", "clear it")
