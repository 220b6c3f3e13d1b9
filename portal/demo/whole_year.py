"""A past year's planned rows as one problem of the neutral format, the year seen as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from portal.demo.derived import capacities
from portal.demo.mapping import Mapping as HistoryMapping
from portal.demo.mapping import Record, read_mapping, read_records
from portal.demo.reference import calendar, policy_layers
from scheduler.exchange.arrays import firsts, ranges
from scheduler.exchange.statement import Caps, Ints, Points, Statement
from scheduler.ruleset import RuleSet
from scheduler.workdays import WorkCalendar
from schemas.lanes import Lane

ENTRY: Final = 10
UNPLACED: Final = 100
PRESENCES: Final = 2


def problem_of_year(path: Path, year: int) -> Statement:
    """Read a file of past records and state its planned rows as one problem.

    Every row has one unit and the service days of its month, and of the next ones where it may
    wait; points are months after its own. A department has on a service day what the month's rows
    need, times the mapping's percentage. Routine rows of a department at an enterprise make at
    most two presences.

    Raises:
        BadHistory: If there is no mapping for the year, or the file cannot be understood.
    """
    mapping = read_mapping(year)
    records = [r for r in read_records(path, mapping) if r.planned]
    weeks = _service_weeks(year)
    days = [day for month in sorted(weeks) for day in weeks[month]]
    number = {day: n for n, day in enumerate(days)}
    enterprises, enterprise = _numbered(r.enterprise for r in records)
    departments, department = _numbered(r.department for r in records)
    offered = [_offered(record, weeks, number) for record in records]
    first = firsts(np.array([len(own) for own in offered], np.int64))
    return Statement(
        name=f"{path.name}: the planned rows of {year}",
        days=tuple(days),
        entry=ENTRY,
        unplaced=UNPLACED,
        max_departments=None,
        ids=tuple(r.ref for r in records),
        enterprises=enterprises,
        departments=departments,
        parties=("",),
        enterprise=enterprise,
        department=department,
        party=np.zeros(len(records), np.int32),
        duration=np.ones(len(records), np.int32),
        must=np.array([r.rule.lane is Lane.STATUTORY for r in records], np.bool_),
        weight=np.zeros(len(records), np.int32),
        pinned=np.full(len(records), -1, np.int32),
        leave=np.full(len(records), UNPLACED, np.int64),
        choice_first=first,
        choice_day=np.array([day for own in offered for day, _ in own], np.int32),
        choice_points=np.array([late for own in offered for _, late in own], np.int32),
        choice_units=np.ones(int(first[-1]), np.int32),
        capacity=_capacity(records, weeks, departments, mapping),
        priced_visits=np.empty((0, 4), np.int64),
        caps=_caps(records, first),
    )


def _service_weeks(year: int) -> dict[str, Sequence[date]]:
    """Return the service days of each month of the year, under the policy as if in force."""
    rules = RuleSet(policy_layers(), date(year, 1, 1))
    known = WorkCalendar([found for y in (year, year + 1) if (found := calendar(y)) is not None])
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    return {month: rules.visiting_days(month, known) for month in months}


def _offered(
    record: Record, weeks: Mapping[str, Sequence[date]], number: Mapping[date, int]
) -> list[tuple[int, int]]:
    """Return day numbers and months after the row's own."""
    months = sorted(weeks)
    own = months.index(record.month)
    within = months[own : own + record.rule.months]
    return [(number[day], late) for late, month in enumerate(within) for day in weeks[month]]


def _capacity(
    records: Sequence[Record],
    weeks: Mapping[str, Sequence[date]],
    departments: Sequence[str],
    mapping: HistoryMapping,
) -> Points:
    columns = []
    for month in sorted(weeks):
        units = capacities(records, month, weeks[month], mapping.capacity_percent)
        columns += [[units.get(name, 0) for name in departments]] * len(weeks[month])
    return np.array(columns, np.int64).T.copy()


def _caps(records: Sequence[Record], first: Points) -> Caps:
    """Cap the routine presences of each department at each enterprise that could make more."""
    of_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, record in enumerate(records):
        if record.rule.lane is Lane.ROUTINE:
            of_pair[record.department, record.enterprise].append(n)
    bound = {pair: rows for pair, rows in sorted(of_pair.items()) if len(rows) > PRESENCES}
    rows = np.array([n for own in bound.values() for n in own], np.int64)
    of_row = np.array([c for c, own in enumerate(bound.values()) for _ in own], np.int32)
    width = np.diff(first)[rows]
    return Caps(
        names=tuple(f"{department} {enterprise}" for department, enterprise in bound),
        room=np.full(len(bound), PRESENCES, np.int64),
        counts_entries=np.zeros(len(bound), np.bool_),
        member_cap=np.repeat(of_row, width),
        member_choice=ranges(first[rows], width).astype(np.int32),
    )


def _numbered(column: Iterable[str]) -> tuple[tuple[str, ...], Ints]:
    drawn = list(column)
    names = sorted(set(drawn))
    number = {name: n for n, name in enumerate(names)}
    return tuple(names), np.array([number[name] for name in drawn], np.int32)
