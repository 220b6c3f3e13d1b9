"""CSV records with their row numbers, from files that people made.

Python's reader stops for good at the first stray quote, and a quote that is never closed swallows the
rest of the file. Here each record is found first (lines are joined while a quote is open, as long as
they make a row of the right width) and parsed by itself, so a broken row costs that row only. Memory
holds a few lines, never the file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from portal.importing.encoding import LONGEST_LINE, Encoding, raw_lines
from portal.importing.faults import CellFault, cell_fault

_LINES_OF_A_RECORD: Final = 50  # a cell may hold a paragraph; beyond this a quote was forgotten


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the file: its cells, or why it has none."""

    row: int
    cells: tuple[str, ...]
    fault: CellFault | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing stands in the row."""
        return self.fault is None and not any(cell.strip() for cell in self.cells)


def read_records(path: Path, encoding: Encoding, delimiter: str) -> Iterator[Record]:
    """Read a file's records in order; the first is row 1, the heading."""
    with path.open("rb") as file:
        file.seek(encoding.mark)
        lines = _Lines(file, encoding)
        row = width = 0
        while (line := lines.take()) is not None:
            row += 1
            cells = line if isinstance(line, CellFault) else _cells(line, lines, delimiter, width)
            if isinstance(cells, CellFault):
                yield Record(row, (), cells)
                continue
            width = width or len(cells)
            yield Record(row, cells)


def first_line(path: Path, encoding: Encoding) -> str:
    """Return the first line of a file; empty where it cannot be read."""
    with path.open("rb") as file:
        file.seek(encoding.mark)
        line = _Lines(file, encoding).take()
    return line.rstrip("\r\n") if isinstance(line, str) else ""


def _cells(first: str, lines: _Lines, delimiter: str, width: int) -> tuple[str, ...] | CellFault:
    """Return the cells of the record that begins with a line."""
    if not first.count('"') % 2:
        cells = _parsed(first, delimiter)
        return _stray_quote() if cells is None else cells
    joined = first
    for n in range(_LINES_OF_A_RECORD):
        line = lines.peek(n)
        if not isinstance(line, str) or len(joined) + len(line) > LONGEST_LINE:
            break
        joined += line
        if line.count('"') % 2:
            cells = _parsed(joined, delimiter)
            # A row of another width means that two stray quotes met: then only this line is broken.
            if cells is None or (width and len(cells) != width):
                break
            lines.drop(n + 1)
            return cells
    return _stray_quote()


def _parsed(text: str, delimiter: str) -> tuple[str, ...] | None:
    try:
        found = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return tuple(found[0]) if len(found) == 1 else () if not found else None


class _Lines:
    """The lines of a file as text, with a look ahead."""

    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        self._source = _decoded(file, encoding)
        self._ahead: deque[str | CellFault] = deque()

    def take(self) -> str | CellFault | None:
        """Return the next line, ``None`` at the end."""
        return self._ahead.popleft() if self._ahead else next(self._source, None)

    def peek(self, n: int) -> str | CellFault | None:
        """Return the line that lies ``n`` lines behind the next one, without taking it."""
        while len(self._ahead) <= n:
            line = next(self._source, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[n]

    def drop(self, n: int) -> None:
        """Take the next ``n`` lines, which were looked at before."""
        for _ in range(n):
            self._ahead.popleft()


def _decoded(file: BinaryIO, encoding: Encoding) -> Iterator[str | CellFault]:
    for line, cut in raw_lines(file):
        if cut:
            yield _too_long()
            continue
        try:
            yield encoding.decode(line)
        except UnicodeDecodeError as error:
            yield _undecodable(encoding, error.start)


def _too_long() -> CellFault:
    return cell_fault(
        f"这一行超过 {LONGEST_LINE} 字节",
        f"the row is longer than {LONGEST_LINE} bytes",
        "请删去多余内容",
        "remove what does not belong there",
    )


def _undecodable(encoding: Encoding, at: int) -> CellFault:
    return cell_fault(
        f"第 {at + 1} 个字节不是 {encoding.name}",
        f"byte {at + 1} of the row is not {encoding.name}",
        "请用同一种编码重新保存这一行",
        "save this row again in the file's own encoding",
    )


def _stray_quote() -> CellFault:
    return cell_fault(
        "引号不成对",
        "a quotation mark stands alone",
        '单元格内的引号请写成两个 ""',
        'write a quotation mark inside a cell twice: ""',
    )
