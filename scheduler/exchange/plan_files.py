"""A plan's files, read against its problem and written. Pure, as `scheduler.exchange.files` is."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from scheduler.exchange import limits
from scheduler.exchange.capping import CAPS
from scheduler.exchange.cells import Cells, known, whole
from scheduler.exchange.faults import CellFault, Faults, cell_fault
from scheduler.exchange.files import CAPACITIES
from scheduler.exchange.heading import read_json
from scheduler.exchange.plan import NO_DAY, Certificate, Plan
from scheduler.exchange.requests import REQUESTS
from scheduler.exchange.statement import Ints, Points, Statement
from scheduler.exchange.tables import Column, Table, read_table, tell, write_table

FORMAT: Final = "wurao-plan/1"
FILE: Final = "plan.json"
PLACEMENTS: Final = "placements.csv"
TOLLS: Final = "tolls.csv"
SURCHARGES: Final = "surcharges.csv"
BUDGETS: Final = "budgets.csv"
SHORTFALLS: Final = "shortfalls.csv"
VALUES: Final = "values.csv"
PLAN_FILES: Final = (FILE, PLACEMENTS, TOLLS, SURCHARGES, BUDGETS, SHORTFALLS, VALUES)

_NUMBERS: Final = ("objective", "bound", "entries", "unplaced", "seed", "step")
_LARGEST: Final = 2**63 - 1


def write_plan(statement: Statement, plan: Plan) -> dict[str, bytes]:
    """Write a plan's files; a table without lines is left out."""
    heading = {"format": FORMAT, "problem": plan.problem}
    heading |= {name: getattr(plan, name) for name in _NUMBERS} | {"made": dict(plan.made)}
    placed = np.flatnonzero(plan.day != NO_DAY)
    paper = plan.certificate
    department, day = np.nonzero(paper.tolls)
    budget = np.flatnonzero(paper.budgets)
    short = np.flatnonzero(paper.rebates)
    values = np.zeros(0, np.int64) if paper.values is None else paper.values
    worth = np.flatnonzero(values)
    tables: dict[str, dict[str, list[Any]]] = {
        TOLLS: {
            "department": _named(statement.departments, department),
            "day": day.tolist(),
            "micro": paper.tolls[department, day].tolist(),
        },
        SURCHARGES: {
            "request": _named(statement.ids, paper.surcharge_request),
            "day": paper.surcharge_day.tolist(),
            "micro": paper.surcharge_micro.tolist(),
        },
        BUDGETS: {
            "cap": _named(statement.caps.names, budget),
            "micro": paper.budgets[budget].tolist(),
        },
        SHORTFALLS: {
            "department": _named(statement.departments, short),
            "least": paper.least[short].tolist(),
            "micro": paper.rebates[short].tolist(),
        },
        VALUES: {
            "request": _named(statement.ids, worth),
            "micro": values[worth].tolist(),
        },
    }
    return {
        FILE: (json.dumps(heading, ensure_ascii=False, indent=1) + "\n").encode(),
        PLACEMENTS: write_table(
            {"request": _named(statement.ids, placed), "day": plan.day[placed].tolist()}
        ),
        **{name: write_table(columns) for name, columns in tables.items() if columns["micro"]},
    }


def read_plan(files: Mapping[str, bytes], statement: Statement) -> Plan:
    """Read a plan of this problem from its files.

    Raises:
        BadFiles: With everything that is wrong with the files. A plan that breaks a rule is no
            fault of its files: `scheduler.exchange.verify` says that.
    """
    faults = Faults()
    for name in sorted(files):
        if name.endswith(".csv") and name not in PLAN_FILES:
            faults.add(name, 0, "", "", _FOREIGN)
    if PLACEMENTS not in files:
        faults.add(PLACEMENTS, 0, "", "", _ABSENT)
    heading = read_json(FILE, files.get(FILE), faults) or {}
    _judge_heading(heading, faults)
    tables = _Tables(files, statement, faults)
    day = tables.days()
    certificate = tables.certificate()
    if faults.total:
        raise faults.error()
    return Plan(
        problem=heading["problem"],
        day=day,
        certificate=certificate,
        made=heading.get("made", {}),
        **{name: heading[name] for name in _NUMBERS},
    )


class _Tables:
    """The tables of one plan, by the names of its problem."""

    def __init__(self, files: Mapping[str, bytes], statement: Statement, faults: Faults) -> None:
        self._files, self._statement, self._faults = files, statement, faults
        self._ids = _numbered(statement.ids, REQUESTS)
        self._departments = _numbered(statement.departments, CAPACITIES)
        self._caps = _numbered(statement.caps.names, CAPS)

    def days(self) -> Ints:
        """Read the placements."""
        day = np.full(self._statement.requests, NO_DAY, np.int32)
        table = self._read(PLACEMENTS, {"request": self._ids, "day": self._day()}, ("request",))
        if table is not None:
            day[table["request"]] = table["day"]
        return day

    def certificate(self) -> Certificate:
        """Read the tables of prices."""
        statement = self._statement
        micro = Cells(whole(0, limits.MICRO))
        tolls = np.zeros((len(statement.departments), len(statement.days)), np.int64)
        columns = {"department": self._departments, "day": self._day(), "micro": micro}
        if table := self._read(TOLLS, columns, ("department", "day")):
            tolls[table["department"], table["day"]] = table["micro"]
        columns = {"request": self._ids, "day": self._day(), "micro": micro}
        surcharges = self._read(SURCHARGES, columns, ("request", "day"))
        budgets = np.zeros(len(statement.caps.names), np.int64)
        if table := self._read(BUDGETS, {"cap": self._caps, "micro": micro}, ("cap",)):
            budgets[table["cap"]] = table["micro"]
        least = np.zeros(len(statement.departments), np.int64)
        rebates = least.copy()
        most = Cells(whole(0, limits.REQUESTS))
        columns = {"department": self._departments, "least": most, "micro": micro}
        if table := self._read(SHORTFALLS, columns, ("department",)):
            least[table["department"]] = table["least"]
            rebates[table["department"]] = table["micro"]
        values = None
        if table := self._read(VALUES, {"request": self._ids, "micro": micro}, ("request",)):
            values = np.zeros(statement.requests, np.int64)
            values[table["request"]] = table["micro"]
        return Certificate(
            tolls=tolls,
            surcharge_request=_column(surcharges, "request").astype(np.int32),
            surcharge_day=_column(surcharges, "day").astype(np.int32),
            surcharge_micro=_column(surcharges, "micro"),
            budgets=budgets,
            least=least,
            rebates=rebates,
            values=values,
        )

    def _day(self) -> Cells:
        return Cells(whole(0, len(self._statement.days) - 1))

    def _read(self, file: str, cells: Mapping[str, Cells], keys: Sequence[str]) -> Table | None:
        """Read a table whose lines differ in the keys; None if it is absent or at fault."""
        if file not in self._files:
            return None
        before = self._faults.total
        columns = {heading: Column(read) for heading, read in cells.items()}
        table = read_table(file, self._files[file], columns, self._faults)
        if table is None or self._faults.total > before:
            return None
        key = np.zeros(len(table.line), np.int64)
        for heading in keys:
            key = key * (limits.DAYS if heading == "day" else 1) + table[heading]
        repeated = np.ones(len(key), np.bool_)
        repeated[np.unique(key, return_index=True)[1]] = False
        tell(table, np.flatnonzero(repeated), keys[0], _TWICE, self._faults)
        return table


def _judge_heading(heading: Mapping[str, Any], faults: Faults) -> None:
    if not heading:
        return  # told already
    for field in heading:
        if field not in ("format", "problem", "made", *_NUMBERS):
            faults.add(FILE, 0, field, "", _UNKNOWN)
    made = heading.get("made", {})
    wrong = [
        ("format", heading.get("format") != FORMAT, f'"{FORMAT}"'),
        ("problem", not isinstance(heading.get("problem"), str), '"..."'),
        ("made", not isinstance(made, dict), "{...}"),
        *((name, not _is_whole(heading.get(name)), "123") for name in _NUMBERS),
    ]
    for field, is_wrong, what in wrong:
        if is_wrong:
            faults.add(FILE, 0, field, str(heading.get(field, "")), _wanted(what))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _numbered(names: Sequence[str], where: str) -> Cells:
    return Cells(known({name: number for number, name in enumerate(names)}, where))


def _named(names: Sequence[str], numbers: Ints | Points) -> list[str]:
    return [names[n] for n in numbers.tolist()]


def _column(table: Table | None, heading: str) -> Points:
    return np.empty(0, np.int64) if table is None else table[heading]


def _wanted(what: str) -> CellFault:
    return cell_fault("缺少或不对", "missing or wrong", f"写 {what}", f"write {what}")


_FOREIGN: Final = cell_fault(
    "格式没有此表",
    "a table that the format does not know",
    f"改名为 {', '.join(PLAN_FILES[1:])} 之一, 或移走",
    f"rename it to one of {', '.join(PLAN_FILES[1:])}, or move it away",
)
_ABSENT: Final = cell_fault("缺少此表", "a table that must be there", "补上", "add it")
_UNKNOWN: Final = cell_fault(
    "不认得的字段", "a field that the format does not know", "放进 made", "put it into 'made'"
)
_TWICE: Final = cell_fault(
    "与上文某行重复", "says the same as a line further up", "只留一行", "keep one of them"
)
