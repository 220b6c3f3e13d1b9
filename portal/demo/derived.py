"""What a past year's records do not say and the run needs: registers, capacities, officers.

All of it is derived from the records and marked as generated, so that nobody takes it for recorded.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.demo.mapping import Mapping, Record
from scheduler.workdays import WorkCalendar
from schemas import uscc
from schemas.registry import Department, Enterprise, Item, Officer

_BODY = 8  # characters of a code that tell one unit from another
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything that is on record before the year begins."""

    departments: tuple[Department, ...]
    officers: tuple[Officer, ...]
    enterprises: tuple[Enterprise, ...]
    items: tuple[Item, ...]
    codes: dict[str, str]
    item_of: dict[tuple[str, str], str]
    teams: dict[str, tuple[str, ...]]


def uscc_of(enterprise: str, mapping: Mapping) -> str:
    """Return the valid code derived from an enterprise's number in the records.

    Numbers of up to eight digits stand in the code as they are, so no two of them meet; anything
    else is hashed.
    """
    parts = mapping.derived.uscc
    if enterprise.isascii() and enterprise.isdigit() and len(enterprise) <= _BODY:
        body = enterprise.zfill(_BODY)
    else:
        number = int.from_bytes(hashlib.sha256(enterprise.encode()).digest()[:8], "big")
        body = ""
        for _ in range(_BODY):
            number, rest = divmod(number, len(_LETTERS))
            body += _LETTERS[rest]
    return uscc.make(parts.authority, parts.category, parts.division, body)


def capacities(
    records: Sequence[Record], month: str, days: Sequence[date], percent: int
) -> dict[str, int]:
    """Return each department's units on a service day of a month.

    ceil(percent/100 x planned rows / days), in whole numbers.
    """
    rows = Counter(r.department for r in records if r.planned and r.month == month)
    return {
        department: -(-percent * number // (100 * len(days)))
        for department, number in sorted(rows.items())
    }


def own_day(record: Record, calendar: WorkCalendar) -> date:
    """Return the day on which a row that waits for no plan is entered."""
    return calendar.on_or_after(record.day)


def registers(
    records: Sequence[Record], mapping: Mapping, calendar: WorkCalendar, week_of: dict[str, int]
) -> Registers:
    """Derive all registers. ``week_of`` tells how many service days each month has."""
    ids = sorted({r.department for r in records})
    teams = _teams(records, mapping, calendar, week_of)
    items, item_of = _items(records, mapping)
    codes = {e: uscc_of(e, mapping) for e in sorted({r.enterprise for r in records})}
    return Registers(
        departments=tuple(_department(id_, mapping) for id_ in ids),
        officers=tuple(
            _officer(id_, department) for department in ids for id_ in teams[department]
        ),
        enterprises=tuple(_enterprises(records, codes)),
        items=items,
        codes=codes,
        item_of=item_of,
        teams=teams,
    )


def _department(id_: str, mapping: Mapping) -> Department:
    name = mapping.departments.get(id_, id_)
    return Department(id=id_, name=name, daily_units=0, ordinary_units=0, generated=True)


def _officer(id_: str, department: str) -> Officer:
    return Officer(id=id_, department=department, name=id_, licence=f"GEN-{id_}", generated=True)


def _enterprises(records: Sequence[Record], codes: dict[str, str]) -> list[Enterprise]:
    first: dict[str, Record] = {}
    for record in records:
        first.setdefault(record.enterprise, record)
    return [
        Enterprise(
            id=codes[id_],
            name=f"{record.kind or '企业'} {id_}"[:120],
            site=record.place or "-",
            risk=record.risk,
            generated=True,
        )
        for id_, record in sorted(first.items())
    ]


def _items(
    records: Sequence[Record], mapping: Mapping
) -> tuple[tuple[Item, ...], dict[tuple[str, str], str]]:
    """Return one published item per (department, purpose), numbered within the department."""
    items: list[Item] = []
    item_of: dict[tuple[str, str], str] = {}
    number: Counter[str] = Counter()
    for department, purpose in sorted({(r.department, r.purpose) for r in records}):
        number[department] += 1
        id_ = f"{department}.{number[department]:02d}"
        item_of[department, purpose] = id_
        name = purpose or "-"
        items.append(
            Item(
                id=id_,
                department=department,
                name=name[:120],
                basis=mapping.derived.basis,
                generated=True,
            )
        )
    return tuple(items), item_of


def _teams(
    records: Sequence[Record], mapping: Mapping, calendar: WorkCalendar, week_of: dict[str, int]
) -> dict[str, tuple[str, ...]]:
    """Return enough officers for a department's fullest day.

    An officer is booked by half-days and a visit takes two of them. A joint visit fixes the half-day
    for all that come along, so in the worst case the whole day's visits fall into one half.
    """
    planned: Counter[tuple[str, str]] = Counter()
    own: Counter[tuple[str, date]] = Counter()
    for record in records:
        if record.planned:
            planned[record.department, record.month] += 1
        else:
            own[record.department, own_day(record, calendar)] += 1
    fullest: Counter[str] = Counter()
    for (department, month), rows in planned.items():
        units = -(-mapping.capacity_percent * rows // (100 * week_of[month]))
        fullest[department] = max(fullest[department], units)
    alone: Counter[str] = Counter()
    for (department, _), rows in own.items():
        alone[department] = max(alone[department], rows)
    return {
        department: tuple(
            f"{department}.{n:03d}"
            for n in range(1, 2 * (fullest[department] + alone[department]) + 1)
        )
        for department in sorted({r.department for r in records})
    }
