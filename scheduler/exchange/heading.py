"""problem.json: what a problem is beside its tables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from scheduler.exchange import limits
from scheduler.exchange.cells import closest
from scheduler.exchange.faults import CellFault, Faults, cell_fault
from scheduler.exchange.statement import Statement

FILE: Final = "problem.json"
FORMAT: Final = "wurao-problem/1"
ENTRY: Final = 10
UNPLACED: Final = 100
_FIELDS: Final = ("format", "name", "days", "entry", "unplaced", "max_departments", "made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The fields of problem.json, save `made`, which is for people."""

    name: str = ""
    days: tuple[date, ...] = ()
    entry: int = ENTRY
    unplaced: int = UNPLACED
    max_departments: int | None = None


def read_heading(data: bytes | None, faults: Faults) -> Heading:
    """Read problem.json; what is wrong goes to `faults`, and a default takes its place."""
    fields = read_json(FILE, data, faults)
    if fields is None:
        return Heading()
    tell = _Teller(FILE, faults)
    for field in fields:
        if field not in _FIELDS:
            near = closest(field, _FIELDS)
            tell(field, "", _unknown(near))
    if fields.get("format") != FORMAT:
        tell("format", str(fields.get("format", "")), _needed(f'"{FORMAT}"'))
    if not isinstance(name := fields.get("name", ""), str):
        tell("name", str(name), _needed('"..."'))
        name = ""
    most = fields.get("max_departments")
    return Heading(
        name=name,
        days=_days(fields.get("days"), tell),
        entry=_number(fields, "entry", ENTRY, limits.POINTS, tell),
        unplaced=_number(fields, "unplaced", UNPLACED, limits.POINTS, tell),
        max_departments=None
        if most is None
        else _number(fields, "max_departments", 1, limits.REQUESTS, tell, low=1),
    )


def write_heading(statement: Statement, made: Mapping[str, Any] | None) -> bytes:
    """Write problem.json."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "name": statement.name,
        "days": [day.isoformat() for day in statement.days],
        "entry": statement.entry,
        "unplaced": statement.unplaced,
    }
    if statement.max_departments is not None:
        fields["max_departments"] = statement.max_departments
    if made is not None:
        fields["made"] = dict(made)
    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()


def read_json(file: str, data: bytes | None, faults: Faults) -> dict[str, Any] | None:
    """Read a JSON object; None where there is none, which is told."""
    if data is None:
        faults.add(file, 0, "", "", _needed(file))
        return None
    try:
        fields = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        faults.add(file, 0, "", "", _needed("UTF-8"))
        return None
    except (ValueError, RecursionError) as error:
        faults.add(file, getattr(error, "lineno", 0), "", "", _not_json(str(error)))
        return None
    if not isinstance(fields, dict):
        faults.add(file, 0, "", "", _needed("{...}"))
        return None
    return fields


class _Teller:
    def __init__(self, file: str, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def __call__(self, field: str, value: str, why: CellFault) -> None:
        self._faults.add(self._file, 0, field, value, why)


def _number(
    fields: Mapping[str, Any], field: str, default: int, most: int, tell: _Teller, *, low: int = 0
) -> int:
    value = fields.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= most:
        tell(field, str(value), _needed(f"{low} .. {most}"))
        return default
    return value


def _days(value: object, tell: _Teller) -> tuple[date, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= limits.DAYS:
        tell("days", "", _needed(f'["YYYY-MM-DD", ...], 1 .. {limits.DAYS}'))
        return ()
    days = []
    for text in value:
        try:
            days.append(date.fromisoformat(text))
        except (TypeError, ValueError):
            tell("days", str(text), _needed('"YYYY-MM-DD"'))
    if any(after <= before for before, after in pairwise(days)):
        tell("days", "", _ASCENDING)
    return tuple(days)


def _needed(what: str) -> CellFault:
    return cell_fault("缺少或不对", "missing or wrong", f"写 {what}", f"write {what}")


def _unknown(near: str) -> CellFault:
    return cell_fault(
        "不认得的字段",
        "a field that the format does not know",
        f"是否“{near}”?" if near else "删去, 或放进 made",
        f"did you mean {near!r}?" if near else "remove it or put it into 'made'",
    )


def _not_json(why: str) -> CellFault:
    return cell_fault(
        f"不是 JSON: {why}", f"not JSON: {why}", "检查逗号和引号", "check commas and quotes"
    )


_ASCENDING: Final = cell_fault(
    "日期不是升序", "days that do not ascend", "从早到晚, 每日一次", "list each day once, in order"
)
