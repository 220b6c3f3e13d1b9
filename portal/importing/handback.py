"""The file that is handed back: the sender's own rows with a column that says what is wrong.

It is corrected and imported again as it is. Cells that a spreadsheet would take for a formula are
guarded by an apostrophe, which the import takes off again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from portal.importing.columns import ERROR_COLUMN, plain

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d+)?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet will run."""
    if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def handback_path(path: Path) -> Path:
    """Return where the rows of a file are handed back."""
    return path.with_name(f"{path.name}.errors.csv")


class Handback:
    """Writes the rows with faults beside the file; without any, no file is left."""

    def __init__(self, path: Path, heading: Sequence[str]) -> None:
        self.path = handback_path(path)
        self._new = self.path.with_name(f".{self.path.name}.new")
        self._error = next(
            (n for n, cell in enumerate(heading) if plain(cell) == plain(ERROR_COLUMN)), None
        )
        self._width = len(heading)
        self._file = self._new.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self.rows = 0
        self._write(heading, ERROR_COLUMN)

    def add(self, cells: Sequence[str], told: str) -> None:
        """Hand a row back with what is wrong in it."""
        self._write(cells, told)
        self.rows += 1

    def _write(self, cells: Sequence[str], told: str) -> None:
        line = [guarded(cell) for cell in cells]
        line += [""] * (self._width - len(line))
        if self._error is None:
            line.append(guarded(told))
        else:
            line[self._error] = guarded(told)
        self._writer.writerow(line)

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
        self._file.close()
        if self.rows:
            self._new.replace(self.path)
        else:
            self._new.unlink()
            if kind is None:
                self.path.unlink(missing_ok=True)  # an earlier import's: everything is right now
