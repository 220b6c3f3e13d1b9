"""CSV tables read into columns of numbers, chunk by chunk, and written from columns."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from scheduler.exchange.cells import BAD, Cells, closest
from scheduler.exchange.faults import CellFault, Faults, cell_fault
from scheduler.exchange.statement import Ints, Points

_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how its cells are read, and the number of a row where the column is absent."""

    cells: Cells
    absent: int | None = None
    """None: the column must be there."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of numbers, and the line of each row as an editor counts it."""

    file: str
    line: Ints
    columns: Mapping[str, Points]

    def __getitem__(self, heading: str) -> Points:
        return self.columns[heading]


def read_table(
    file: str, data: bytes, columns: Mapping[str, Column], faults: Faults
) -> Table | None:
    """Read a table; what is wrong goes to `faults`.

    It is None where heading or encoding are at fault: then its rows were not judged.
    """
    lines: list[Points] = []
    parts: dict[str, list[Points]] = {heading: [] for heading in columns}
    # newline="": line breaks belong to the CSV reader, which knows those inside of quotes.
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        headings = next(reader, [])
        if not _heading_is_good(file, headings, columns, faults):
            return None
        rows = ((reader.line_num, row) for row in reader if row)
        while chunk := list(islice(rows, _CHUNK)):
            line, cells = _rectangle(file, chunk, len(headings), faults)
            lines.append(line)
            for heading, column in zip(headings, cells, strict=True):
                numbers = _numbers(columns[heading].cells, column)
                if (bad := np.flatnonzero(numbers == BAD)).size:
                    _tell_bad((file, heading), columns[heading].cells, column, (line, bad), faults)
                parts[heading].append(numbers)
    except UnicodeDecodeError:
        faults.add(file, 0, "", "", _not_utf8())
        return None
    except csv.Error as error:
        faults.add(file, reader.line_num, "", "", _not_csv(str(error)))
        return None
    line = np.concatenate([np.empty(0, np.int64), *lines])
    return Table(
        file,
        line.astype(np.int32),
        {
            heading: np.concatenate([np.empty(0, np.int64), *parts[heading]])
            if heading in headings
            else np.full(len(line), column.absent, np.int64)
            for heading, column in columns.items()
        },
    )


def write_table(columns: Mapping[str, Iterable[object]]) -> bytes:
    """Write columns of equal length under their headings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def tell(table: Table, rows: Points, heading: str, why: CellFault, faults: Faults) -> None:
    """Add the same fault for several rows."""
    for done, line in enumerate(table.line[rows].tolist()):
        if faults.full():
            faults.count(len(rows) - done)
            return
        faults.add(table.file, line, heading, "", why)


def _heading_is_good(
    file: str, headings: list[str], columns: Mapping[str, Column], faults: Faults
) -> bool:
    before = faults.total
    for heading in headings:
        if heading not in columns:
            faults.add(file, 1, heading, "", _unknown(closest(heading, columns)))
        elif headings.count(heading) > 1:
            faults.add(file, 1, heading, "", _REPEATED)
    for heading, column in columns.items():
        if column.absent is None and heading not in headings:
            faults.add(file, 1, heading, "", _MISSING)
    return faults.total == before


def _rectangle(
    file: str, chunk: list[tuple[int, list[str]]], width: int, faults: Faults
) -> tuple[Points, list[tuple[str, ...]]]:
    """Turn rows into columns; rows of another width are told and left out."""
    whole = [pair for pair in chunk if len(pair[1]) == width]
    if len(whole) < len(chunk):
        for line, row in chunk:
            if len(row) != width:
                faults.add(file, line, "", "", _width(len(row), width))
    if not whole:
        return np.empty(0, np.int64), [()] * width
    lines = np.array([line for line, _ in whole], np.int64)
    return lines, list(zip(*(row for _, row in whole), strict=True))


def _numbers(cells: Cells, column: Sequence[str]) -> Points:
    return np.fromiter(map(cells.__getitem__, column), np.int64, len(column))


def _tell_bad(
    place: tuple[str, str],
    cells: Cells,
    column: Sequence[str],
    rows: tuple[Points, Points],
    faults: Faults,
) -> None:
    line, bad = rows
    for done, row in enumerate(bad.tolist()):
        if faults.full():
            faults.count(len(bad) - done)
            return
        try:
            cells.parse(column[row])
        except CellFault as why:
            faults.add(place[0], int(line[row]), place[1], column[row], why)


def _width(found: int, width: int) -> CellFault:
    return cell_fault(
        f"有 {found} 格, 表头有 {width} 格",
        f"{found} cells under {width} headings",
        "每格一个逗号; 含逗号的名称加引号",
        "separate cells by commas and quote names that hold a comma",
    )


def _unknown(near: str) -> CellFault:
    return cell_fault(
        "不认得的列",
        "a column that the format does not know",
        f"是否“{near}”?" if near else "删去或改名",
        f"did you mean {near!r}?" if near else "rename or remove it",
    )


_REPEATED: Final = cell_fault("列重复", "a column that comes twice", "只留一列", "keep one")
_MISSING: Final = cell_fault("缺列", "a column that must be there", "补上此列", "add it")


def _not_utf8() -> CellFault:
    return cell_fault(
        "不是 UTF-8 编码", "not written in UTF-8", "另存为 UTF-8 CSV", "save it as CSV in UTF-8"
    )


def _not_csv(why: str) -> CellFault:
    return cell_fault(
        f"CSV 格式错误: {why}", f"not well-formed CSV: {why}", "检查引号", "check the quotes"
    )
