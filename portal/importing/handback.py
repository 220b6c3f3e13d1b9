"""The file that is handed back: the sender's own rows with a column that says what is wrong.

It is corrected and imported again as it is. Cells that a spreadsheet would take for a formula are
guarded by an apostrophe, which the import takes off again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.importing.columns import ERROR_COLUMN, plain
from portal.spreadsheets import CsvWriter, Writer, XlsxWriter


def handback_path(path: Path, *, workbook: bool = False) -> Path:
    """Return where the rows of a file are handed back: as what they came."""
    return path.with_name(f"{path.name}.errors.{'xlsx' if workbook else 'csv'}")


class Handback:
    """Writes the rows with faults beside the file; without any, no file is left."""

    def __init__(self, path: Path, heading: Sequence[str], *, workbook: bool = False) -> None:
        self.path = handback_path(path, workbook=workbook)
        self._new = self.path.with_name(f".{self.path.name}.new")
        self._error = next(
            (n for n, cell in enumerate(heading) if plain(cell) == plain(ERROR_COLUMN)), None
        )
        self._width = len(heading)
        self._writer: Writer = (
            XlsxWriter(self._new, "错误回填") if workbook else CsvWriter(self._new)
        )
        self.rows = 0
        self._write(heading, ERROR_COLUMN)

    def add(self, cells: Sequence[str], told: str) -> None:
        """Hand a row back with what is wrong in it."""
        self._write(cells, told)
        self.rows += 1

    def _write(self, cells: Sequence[str], told: str) -> None:
        line = [*cells, *[""] * (self._width - len(cells))]
        if self._error is None:
            line.append(told)
        else:
            line[self._error] = told
        self._writer.write(line)

    def __enter__(self) -> Self:
        """Begin; the file appears when all is written."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the file behind where it has rows; also after an interruption, for what was seen."""
        self._writer.close()
        if self.rows:
            self._new.replace(self.path)
        else:
            self._new.unlink()
            if kind is None:
                self.path.unlink(missing_ok=True)  # an earlier import's: everything is right now
