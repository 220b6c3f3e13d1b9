"""A problem's files, read into a `Statement` and written from one.

Pure: names of files and their bytes come in and go out. Everything found wrong is told at once.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from scheduler.exchange import limits
from scheduler.exchange.capping import CAPS, MEMBERS, read_caps, write_caps
from scheduler.exchange.cells import Cells, known, names, whole
from scheduler.exchange.faults import Faults, cell_fault
from scheduler.exchange.heading import FILE, Heading, read_heading, write_heading
from scheduler.exchange.requests import REQUESTS, Asked, read_requests, write_requests
from scheduler.exchange.statement import Caps, Ints, Points, Statement
from scheduler.exchange.tables import Column, Table, read_table, tell, write_table

CAPACITIES: Final = "capacities.csv"
VISITS: Final = "visits.csv"
PROBLEM_FILES: Final = (FILE, REQUESTS, CAPACITIES, VISITS, CAPS, MEMBERS)


def digest(files: Mapping[str, bytes]) -> str:
    """Return what a plan calls its problem: the SHA-256 over the names and digests of its files."""
    lines = [
        f"{name} {hashlib.sha256(files[name]).hexdigest()}\n"
        for name in sorted(PROBLEM_FILES)
        if name in files
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_problem(files: Mapping[str, bytes]) -> Statement:
    """Read a problem from its files.

    Enterprises, departments and parties are numbered in the order of their names.

    Raises:
        BadFiles: With everything that is wrong with the files.
    """
    faults = Faults()
    _judge_names(files, faults)
    heading = read_heading(files.get(FILE), faults)
    days = len(heading.days) or limits.DAYS
    asked = read_requests(files[REQUESTS], heading, faults) if REQUESTS in files else None
    departments = asked.departments if asked else names()
    offered = _read_capacities(files.get(CAPACITIES), departments, days, faults)
    if asked is None or offered is None:
        raise faults.error()
    visits = _read_visits(files.get(VISITS), asked, days, faults)
    caps = read_caps(files.get(CAPS), files.get(MEMBERS), asked, days, faults)
    if faults.total:
        raise faults.error()
    return _statement(heading, asked, offered, visits, caps)


def write_problem(statement: Statement, made: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """Write a problem's files; `made` tells how it was made."""
    files = {
        FILE: write_heading(statement, made),
        REQUESTS: write_requests(statement),
        CAPACITIES: _write_capacities(statement),
        **write_caps(statement),
    }
    if len(statement.priced_visits):
        files[VISITS] = _write_visits(statement)
    return files


def _judge_names(files: Mapping[str, bytes], faults: Faults) -> None:
    for name in sorted(files):
        if name.endswith(".csv") and name not in PROBLEM_FILES:
            faults.add(name, 0, "", "", _FOREIGN)
    for name in (REQUESTS, CAPACITIES):
        if name not in files:
            faults.add(name, 0, "", "", _ABSENT)


def _read_capacities(
    data: bytes | None, departments: Cells, days: int, faults: Faults
) -> Table | None:
    if data is None:
        return None
    columns = {
        "department": Column(departments),
        "day": Column(Cells(whole(0, days - 1))),
        "units": Column(Cells(whole(0, limits.CAPACITY))),
    }
    table = read_table(CAPACITIES, data, columns, faults)
    if table is not None:
        key = table["department"] * days + table["day"]
        _tell_twice(table, key, (table["department"] >= 0) & (table["day"] >= 0), faults)
        if len(departments) * days > limits.CAPACITIES:
            faults.add(CAPACITIES, 0, "", "", _TOO_MANY)
    return table


def _read_visits(data: bytes | None, asked: Asked, days: int, faults: Faults) -> Table | None:
    if data is None:
        return None
    columns = {
        "enterprise": Column(Cells(known(asked.enterprises, REQUESTS))),
        "party": Column(Cells(known(asked.parties, REQUESTS)), asked.parties[""]),
        "day": Column(Cells(whole(0, days - 1))),
        "points": Column(Cells(whole(0, limits.POINTS))),
    }
    table = read_table(VISITS, data, columns, faults)
    if table is not None:
        group = table["enterprise"] * len(asked.parties) + table["party"]
        good = np.minimum.reduce([table[heading] for heading in columns]) >= 0
        _tell_twice(table, group * days + table["day"], good, faults)
    return table


def _tell_twice(table: Table, key: Points, good: Any, faults: Faults) -> None:  # noqa: ANN401
    repeated = np.ones(len(key), np.bool_)
    repeated[np.unique(key, return_index=True)[1]] = False
    tell(table, np.flatnonzero(repeated & good), "", _TWICE, faults)


def _statement(
    heading: Heading, asked: Asked, offered: Table, visits: Table | None, caps: Caps
) -> Statement:
    table = asked.table
    enterprises, enterprise_rank = _ranked(asked.enterprises, np.arange(len(asked.enterprises)))
    departments, department_rank = _ranked(asked.departments, np.arange(len(asked.departments)))
    parties, party_rank = _ranked(asked.parties, np.unique(table["party"]))
    day, points, units = asked.choices()
    capacity = np.zeros((len(departments), len(heading.days)), np.int64)
    capacity[department_rank[offered["department"]], offered["day"]] = offered["units"]
    return Statement(
        name=heading.name,
        days=heading.days,
        entry=heading.entry,
        unplaced=heading.unplaced,
        max_departments=heading.max_departments,
        ids=tuple(asked.ids),
        enterprises=enterprises,
        departments=departments,
        parties=parties,
        enterprise=enterprise_rank[table["enterprise"]],
        department=department_rank[table["department"]],
        party=party_rank[table["party"]],
        duration=table["duration"].astype(np.int32),
        must=table["must"] == 1,
        weight=table["weight"].astype(np.int32),
        pinned=table["pinned"].astype(np.int32),
        leave=table["unplaced"],
        choice_first=asked.choice_first(),
        choice_day=day,
        choice_points=points,
        choice_units=units,
        capacity=capacity,
        priced_visits=_priced(visits, enterprise_rank, party_rank),
        caps=caps,
    )


def _ranked(cells: Cells, used: Points) -> tuple[tuple[str, ...], Ints]:
    """Return the used names in order, and the new number of each old one; -1: not used."""
    listed = list(cells)
    order = sorted(used.tolist(), key=listed.__getitem__)
    rank = np.full(len(listed), -1, np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return tuple([listed[k] for k in order]), rank


def _priced(visits: Table | None, enterprise: Ints, party: Ints) -> Points:
    if visits is None:
        return np.empty((0, 4), np.int64)
    rows = np.stack(
        [
            enterprise[visits["enterprise"]],
            party[visits["party"]],
            visits["day"],
            visits["points"],
        ],
        axis=1,
    ).astype(np.int64)
    rows = rows[rows[:, 1] >= 0]  # of no party that asks for anything
    return rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]


def _write_capacities(statement: Statement) -> bytes:
    departments, days = statement.capacity.shape
    return write_table(
        {
            "department": [name for name in statement.departments for _ in range(days)],
            "day": list(range(days)) * departments,
            "units": statement.capacity.ravel().tolist(),
        }
    )


def _write_visits(statement: Statement) -> bytes:
    enterprise, party, day, points = statement.priced_visits.T.tolist()
    return write_table(
        {
            "enterprise": [statement.enterprises[e] for e in enterprise],
            "party": [statement.parties[p] for p in party],
            "day": day,
            "points": points,
        }
    )


_FOREIGN: Final = cell_fault(
    "格式没有此表",
    "a table that the format does not know",
    f"改名为 {', '.join(PROBLEM_FILES[1:])} 之一, 或移走",
    f"rename it to one of {', '.join(PROBLEM_FILES[1:])}, or move it away",
)
_ABSENT: Final = cell_fault("缺少此表", "a table that must be there", "补上", "add it")
_TWICE: Final = cell_fault(
    "与上文某行重复", "says the same as a line further up", "只留一行", "keep one of them"
)
_TOO_MANY: Final = cell_fault(
    "部门数乘日数过大",
    "departments times days are more than fit",
    f"至多 {limits.CAPACITIES}",
    f"at most {limits.CAPACITIES}",
)
