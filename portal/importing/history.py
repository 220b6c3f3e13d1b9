"""The sheet of a past year's visits: it becomes each department's baseline, month by month.

One entry is one department at one enterprise on one day, however many rows speak of it. Memory holds
eight bytes and a little for each different entry, so a province's year fits.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from portal.importing import cells as c
from portal.importing.columns import Column
from portal.importing.registers import DEPARTMENT, Lookups
from portal.importing.sheets import Row, Sheet, Values
from schemas.commands import RecordBaseline
from schemas.lanes import Lane

Evidence = Literal["registered", "reported", "estimated", "generated"]

COLUMNS: Final = (
    DEPARTMENT,
    Column(
        "enterprise",
        ("企业", "enterprise", "统一社会信用代码", "uscc", "信用代码", "企业名称"),
        c.text,
        required=True,
    ),
    Column("day", ("日期", "date", "入企日期", "检查日期"), c.day, required=True),
    Column("lane", ("通道", "lane", "类型"), c.word(Lane)),
)


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One row: a department was at an enterprise on a day."""

    department: str
    enterprise: str
    day: date
    lane: Lane = Lane.ROUTINE


def history(lookups: Lookups) -> Sheet[PastVisit]:
    """Return the sheet of past visits."""

    def build(values: Values) -> PastVisit:
        department = lookups.department(values["department"])
        lane = values.get("lane", Lane.ROUTINE)
        return PastVisit(department, values["enterprise"], values["day"], lane)

    return Sheet("history", COLUMNS, build)


@dataclass(slots=True)
class Counting:
    """Counts past visits into baselines."""

    evidence: Evidence
    rows: int = 0
    _months: dict[tuple[str, int], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0] * 12)
    )
    _seen: set[bytes] = field(default_factory=set)

    def add(self, visit: PastVisit) -> bool:
        """Count a visit; tell whether it is an entry of its own."""
        self.rows += 1
        text = f"{visit.department}\x1f{visit.enterprise}\x1f{visit.day}"
        mark = hashlib.blake2b(text.encode(), digest_size=8).digest()
        if mark in self._seen:
            return False
        self._seen.add(mark)
        self._months[visit.department, visit.day.year][visit.day.month - 1] += 1
        return True

    def baselines(self) -> Iterator[RecordBaseline]:
        """Return one command for each department and year, in order."""
        for (department, year), months in sorted(self._months.items()):
            yield RecordBaseline(
                department=department, year=year, by_month=tuple(months), evidence=self.evidence
            )


def count(
    rows: Iterator[Row[PastVisit]],
    evidence: Evidence,
    fault: Callable[[Row[PastVisit]], None],
    progress: Callable[[int], None],
) -> Counting:
    """Count the sound rows of a file; hand the others to ``fault``."""
    counting = Counting(evidence)
    for row in rows:
        if row.value is None:
            fault(row)
        else:
            counting.add(row.value)
        progress(1)
    return counting
