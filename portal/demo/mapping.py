"""How a past year's rows become requests: the documented mapping, and the rows themselves."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from portal.resources import deploy_dir
from schemas.base import Count, Frozen, Name, Text
from schemas.lanes import Ground, Lane
from schemas.registry import RiskClass


class BadHistory(ValueError):  # noqa: N818 - it names what was handed in
    """A file of past records that cannot be read; the message says where and how to mend it."""


class LaneRule(Frozen):
    """Rows whose purpose matches go this way."""

    match: str
    lane: Lane
    ground: Ground | None = None
    plan: Literal["month", "own_day"]
    months: Count = Field(default=1, ge=1, le=12)
    legal: Literal["last_working_day"] | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.match)


class UsccParts(Frozen):
    """The fixed parts of derived codes."""

    authority: str
    category: str
    division: str


class Derived(Frozen):
    """What the run adds because the file does not have it."""

    uscc: UsccParts
    basis: Text


class Columns(Frozen):
    """The file's column for each thing that a row says."""

    ref: str
    date: str
    enterprise: str
    department: str
    purpose: str
    risk: str
    kind: str
    place: str


class Mapping(Frozen):
    """The whole mapping, as its file states it."""

    version: Count
    year: Count
    columns: Columns
    lanes: tuple[LaneRule, ...] = Field(min_length=1)
    risks: dict[str, RiskClass]
    capacity_percent: Count
    derived: Derived
    departments: dict[str, Name]

    def rule(self, purpose: str) -> LaneRule:
        """Return the first rule whose expression is found in a purpose.

        Raises:
            BadHistory: If no rule matches.
        """
        for rule in self.lanes:
            if rule.pattern.search(purpose):
                return rule
        msg = f"没有规则适用于目的 {purpose!r} / the mapping has no rule for this purpose"
        raise BadHistory(msg)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the past year, with the way it goes."""

    ref: str
    day: date
    enterprise: str
    department: str
    purpose: str
    risk: RiskClass
    kind: str
    place: str
    rule: LaneRule

    @property
    def month(self) -> str:
        """The month of the row."""
        return f"{self.day:%Y-%m}"

    @property
    def planned(self) -> bool:
        """Whether a month's plan finds its day."""
        return self.rule.plan == "month"


def read_mapping(year: int, folder: Path | None = None) -> Mapping:
    """Read the mapping of a year from the program's data.

    Raises:
        BadHistory: If there is none for the year.
    """
    path = (folder or deploy_dir("demo")) / f"history-{year}.yaml"
    if not path.is_file():
        msg = f"没有 {year} 年的映射文件 {path.name} / there is no mapping for the year {year}"
        raise BadHistory(msg)
    return Mapping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def read_records(path: Path, mapping: Mapping) -> tuple[Record, ...]:
    """Read a file of past records, plain or gzipped CSV, in the order of the file.

    Raises:
        BadHistory: If the file, its header or one of its rows cannot be understood.
    """
    try:
        text = _text(path)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        msg = f"{path.name}: 读不出 / cannot be read as UTF-8 CSV: {error}"
        raise BadHistory(msg) from error
    return tuple(_records(path.name, text, mapping))


def _text(path: Path) -> str:
    body = path.read_bytes()
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    return body.decode("utf-8-sig")


def _records(name: str, text: str, mapping: Mapping) -> Iterator[Record]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    wanted = mapping.columns.model_dump()
    missing = sorted(set(wanted.values()) - set(reader.fieldnames or ()))
    if missing:
        msg = f"{name}: 缺少列 / columns are missing: {', '.join(missing)}"
        raise BadHistory(msg)
    seen: set[str] = set()
    for row in reader:
        values = {field: (row[column] or "").strip() for field, column in wanted.items()}
        try:
            record = _record(values, mapping)
        except (ValueError, KeyError) as error:
            msg = f"{name}, 第 {reader.line_num} 行 / line {reader.line_num}: {error}"
            raise BadHistory(msg) from error
        if record.ref in seen:
            msg = f"{name}: 编号重复 / the reference {record.ref} stands on two rows"
            raise BadHistory(msg)
        seen.add(record.ref)
        yield record


def _record(values: dict[str, str], mapping: Mapping) -> Record:
    day = date.fromisoformat(values["date"])
    if day.year != mapping.year:
        msg = f"不在 {mapping.year} 年 / {day} is not in the year {mapping.year}"
        raise ValueError(msg)
    for field in ("ref", "enterprise", "department"):
        if not values[field]:
            msg = f"{field} 为空 / is empty"
            raise ValueError(msg)
    return Record(
        ref=values["ref"],
        day=day,
        enterprise=values["enterprise"],
        department=values["department"],
        purpose=values["purpose"],
        risk=mapping.risks[values["risk"]],
        kind=values["kind"],
        place=values["place"],
        rule=mapping.rule(values["purpose"]),
    )
