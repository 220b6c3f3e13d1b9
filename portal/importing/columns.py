"""Columns of a sheet, and how the headings of a file are matched to them.

Which names a column may go by is data, in one table per kind of sheet: departments have been filling
in forms for years, and their headings are what they are.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from portal.importing.faults import BadFile, bad_file

ERROR_COLUMN: Final = "错误说明 / errors"
"""The column that is added to a file that is handed back; it is ignored when it comes in again."""

_REMARK: Final = re.compile(r"[(（\[【].*?[)）\]】]")
_DELIMITERS: Final = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it fills, its headings (Chinese first), its reader, whether it must be.

    The first two headings are what templates and messages print.
    """

    field: str
    names: tuple[str, ...]
    read: Callable[[str], Any]
    required: bool = False

    @property
    def title(self) -> str:
        """The heading that messages print."""
        return " / ".join(self.names[:2])


@dataclass(frozen=True, slots=True)
class Heading:
    """A file's heading row: which column stands where, and which headings nobody knows."""

    cells: tuple[str, ...]
    places: Mapping[str, int]
    unknown: tuple[str, ...]

    def name(self, field: str) -> str:
        """Return a field's heading as the file has it; the field where it has none."""
        place = self.places.get(field)
        return self.cells[place].strip() if place is not None else field


def choose_delimiter(line: str, columns: Sequence[Column]) -> str:
    """Return the delimiter under which a heading line names most of the columns."""
    known = _known(columns)

    def hits(delimiter: str) -> int:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:  # it ends within itself: the row is told as broken when it is read
            return 0
        return sum(plain(cell) in known for cell in cells)

    return max(_DELIMITERS, key=hits)


def hits(cells: Sequence[str], columns: Sequence[Column]) -> int:
    """Return how many of a row's cells are headings that are known."""
    known = _known(columns)
    return sum(plain(cell) in known for cell in cells)


def match(cells: Sequence[str], columns: Sequence[Column]) -> Heading:
    """Match a heading row to columns.

    Raises:
        BadFile: If no column is recognised, one that must be is missing, or one stands twice.
    """
    known = _known(columns)
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(cells):
        field = known.get(plain(cell))
        if field is None:
            if cell.strip() and plain(cell) != plain(ERROR_COLUMN):
                unknown.append(cell.strip())
        elif field in places:
            raise _twice(cells[places[field]], cell)
        else:
            places[field] = place
    if not places:
        raise _no_heading(columns)
    if missing := [column for column in columns if column.required and column.field not in places]:
        raise _missing(missing, unknown)
    return Heading(tuple(cells), places, tuple(unknown))


def nearest(heading: str, columns: Sequence[Column]) -> str | None:
    """Return the heading that somebody may have meant."""
    names = {plain(name): name for column in columns for name in column.names}
    close = get_close_matches(plain(heading), names, n=1, cutoff=0.5)
    return names[close[0]] if close else None


def plain(heading: str) -> str:
    """Return a heading without what people add to it: remarks in brackets, stars, spaces."""
    text = _REMARK.sub("", unicodedata.normalize("NFKC", heading)).casefold()
    return re.sub(r"[\s_\-*:：'\"]+", "", text)


def _known(columns: Iterable[Column]) -> dict[str, str]:
    return {
        plain(name): column.field
        for column in columns
        for name in (column.title, column.field, *column.names)
    }


def _twice(first: str, second: str) -> BadFile:
    return bad_file(
        f"“{first.strip()}”和“{second.strip()}”是同一列",
        f"“{first.strip()}” and “{second.strip()}” are the same column",
        "请删去一列",
        "remove one of them",
    )


def _no_heading(columns: Sequence[Column]) -> BadFile:
    wanted = "、".join(c.names[0] for c in columns if c.required)
    wanted_en = ", ".join(c.names[1] for c in columns if c.required)
    return bad_file(
        "第一行没有认得的列名",
        "the first row has no heading that is known",
        f"第一行应为列名, 至少有: {wanted}",
        f"the first row must be headings, at least: {wanted_en}",
    )


def _missing(missing: Sequence[Column], unknown: Sequence[str]) -> BadFile:
    strange = f"; 不认得: {'、'.join(unknown)}" if unknown else ""
    strange_en = f"; not known: {', '.join(unknown)}" if unknown else ""
    return bad_file(
        f"缺少列: {'、'.join(c.names[0] for c in missing)}{strange}",
        f"missing columns: {', '.join(c.names[1] for c in missing)}{strange_en}",
        "请补上这些列或改正列名",
        "add them or correct the headings",
    )
