"""Running an import: rows in, commands out, and a report that tells what became of every row."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from portal.importing.faults import CellFault, RowFault
from portal.importing.handback import Handback
from portal.importing.keying import Keyed, Keying
from portal.importing.sheets import Opened, Row, Sheet, read_rows
from portal.running.service import BATCH, Service
from portal.wording.refusals import objections_of, rejected, title, ways_out
from schemas.base import Bilingual
from schemas.commands import Command
from streams.ports import Effect

SHOWN: Final = 50
"""Faults that a report carries; the file that is handed back has them all."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How many rows are judged at once, and the seconds that are left to others before the next ones."""

    rows: int
    pause: float


WHOLE: Final = Pace(BATCH, 0)
"""The pace of a process that does nothing else."""


@dataclass(slots=True)
class Report:
    """What became of a file. Every row is counted once, in one of the first four numbers.

    ``repeated`` rows say what is on record already, or were handed in before.
    """

    kind: str
    path: Path
    encoding: str
    taken: int = 0
    repeated: int = 0
    refused: int = 0
    faulty: int = 0
    warnings: int = 0
    faults: list[RowFault] = field(default_factory=list)
    unknown_columns: tuple[tuple[str, str | None], ...] = ()
    handback: Path | None = None
    dry_run: bool = False

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.taken + self.repeated + self.refused + self.faulty

    @property
    def clean(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.refused and not self.faulty

    def plain(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {
            "kind": self.kind,
            "file": str(self.path),
            "encoding": self.encoding,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "taken": self.taken,
            "repeated": self.repeated,
            "refused": self.refused,
            "faulty": self.faulty,
            "warnings": self.warnings,
            "unknown_columns": [heading for heading, _ in self.unknown_columns],
            "handback": str(self.handback) if self.handback else None,
            "faults": [
                {
                    "row": fault.row,
                    "column": fault.column,
                    "value": fault.value,
                    "code": fault.code,
                    "reason": {"zh": fault.reason.zh, "en": fault.reason.en},
                    "fix": {"zh": fault.fix.zh, "en": fault.fix.en},
                    "warning": fault.doubt,
                }
                for fault in self.faults
            ],
        }

    def note(self, fault: RowFault) -> None:
        """Keep a fault or a warning, as long as there is room."""
        self.warnings += fault.doubt
        if len(self.faults) < SHOWN:
            self.faults.append(fault)


async def run(
    service: Service,
    opened: Opened,
    sheet: Sheet[Command],
    keying: Keying,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
    pace: Pace = WHOLE,
) -> Report:
    """Import a file into a service; ``dry_run`` only marks the report, the service is a trial then.

    Rows are handed in a slice at a time, in order. An import that was interrupted is run again as it
    is: the rows that had their effect keep it.
    """
    report = Report(
        sheet.kind,
        opened.path,
        opened.source.format,
        unknown_columns=opened.hints,
        dry_run=dry_run,
    )
    workbook = opened.source.workbook
    faulty = Handback(opened.path, opened.heading.cells, workbook=workbook)
    async with _closed_elsewhere(faulty) as handback:
        for rows in _batched(read_rows(opened, sheet), pace.rows):
            keyed = await _keyed(rows, keying)
            effects = await _effects(service, keyed)
            for one in keyed:
                _settle(report, handback, one, effects.get(one.row.number))
            progress(len(rows))
            await asyncio.sleep(pace.pause)
    if handback.rows:
        report.handback = handback.path
    return report


@asynccontextmanager
async def _closed_elsewhere(handback: Handback) -> AsyncIterator[Handback]:
    """Finish the file in a thread: a workbook of many rows is only put together at its end."""
    with_what: tuple[Any, Any, Any] = (None, None, None)
    try:
        yield handback.__enter__()
    except BaseException:
        with_what = sys.exc_info()
        raise
    finally:
        await asyncio.to_thread(handback.__exit__, *with_what)


def _batched(rows: Iterator[Row[Command]], at_once: int) -> Iterator[Sequence[Row[Command]]]:
    while batch := list(islice(rows, at_once)):
        yield batch


async def _keyed(rows: Sequence[Row[Command]], keying: Keying) -> list[Keyed]:
    """Give the sound rows their keys; return all rows in order."""
    sound = [row for row in rows if row.value is not None]
    keys = {keyed.row.number: keyed for keyed in await keying.key(sound)} if sound else {}
    return [keys.get(row.number, Keyed(row)) for row in rows]


async def _effects(service: Service, keyed: Sequence[Keyed]) -> dict[int, Effect]:
    asked = [one for one in keyed if one.raw is not None]
    effects = await service.submit([one.raw for one in asked if one.raw is not None])
    return {one.row.number: effect for one, effect in zip(asked, effects, strict=True)}


def _settle(report: Report, handback: Handback, keyed: Keyed, effect: Effect | None) -> None:
    """Count a row and say what is wrong with it."""
    row = keyed.row
    faults = list(row.faults)
    if keyed.fault is not None:
        faults.append(_of_row(row, keyed.fault))
    refused = effect is not None and effect.status != "accepted"
    if faults:
        report.faulty += 1
    elif refused:
        report.refused += 1
    elif effect is None or keyed.known:
        report.repeated += 1
    else:
        report.taken += 1
    if effect is not None and refused:
        faults += _refusals(row, effect)
    if faults:
        where = f"第 {row.number} 行 / row {row.number}"
        handback.add(row.cells, f"{where}: {' | '.join(fault.told() for fault in faults)}")
    for fault in (*faults, *row.doubts):
        report.note(fault)


def _of_row(row: Row[Command], fault: CellFault) -> RowFault:
    return RowFault(row.number, "", row.reference or "", fault.reason, fault.fix, code="repeated")


def _refusals(row: Row[Command], effect: Effect) -> list[RowFault]:
    objections = objections_of(effect) or (rejected(effect),)
    return [
        RowFault(row.number, "", "", title(o), _fix(ways_out(o)), code=o.rule) for o in objections
    ]


def _fix(ways: Bilingual) -> Bilingual:
    return Bilingual(zh=f"解决办法: {ways.zh}", en=f"ways out: {ways.en}")
