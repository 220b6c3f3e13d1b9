"""Files for spreadsheets: rows of texts as CSV or as a workbook, in which nothing comes alive.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which an import takes
off again; in a workbook every cell is text as well, so that a code of eighteen digits keeps them all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d+)?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet will run."""
    if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


class Writer(Protocol):
    """Writes rows of texts into a file."""

    def write(self, line: Sequence[str]) -> None:
        """Write a row; nothing in it will be run by a spreadsheet."""

    def close(self) -> None:
        """Finish the file."""


class CsvWriter:
    """Writes CSV that spreadsheets read: UTF-8 with its mark."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)

    def write(self, line: Sequence[str]) -> None:
        """Write a row."""
        self._writer.writerow([guarded(cell) for cell in line])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class XlsxWriter:
    """Writes a workbook of texts: long codes keep every digit, and nothing is a formula or a link."""

    LONGEST: Final = 32_000  # letters that a cell holds

    def __init__(self, path: Path, title: str) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._sheet = self._book.add_worksheet(title)
        self._text = self._book.add_format({"num_format": "@", "text_wrap": False})
        self._head = self._book.add_format({"num_format": "@", "bold": True})
        self._sheet.freeze_panes(1, 0)
        self._row = 0

    def write(self, line: Sequence[str]) -> None:
        """Write a row, the first one as the heading."""
        style: Any = self._text if self._row else self._head
        for column, cell in enumerate(line):
            # Guarded although it is text here: saved as CSV it would come alive.
            self._sheet.write_string(self._row, column, guarded(cell)[: self.LONGEST], style)
        self._row += 1

    def widths(self, widths: Sequence[int]) -> None:
        """Set the columns' widths in letters."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()
