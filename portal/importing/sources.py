"""Where rows come from: a text file or a workbook, behind one face."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from portal.importing.columns import Column, choose_delimiter, hits
from portal.importing.encoding import detect
from portal.importing.faults import bad_file
from portal.importing.records import Record, first_line, read_records
from portal.importing.workbooks import is_workbook, read_workbook

_TITLES: Final = 10  # rows above a heading in which an official form may have its title


@dataclass(frozen=True, slots=True)
class Source:
    """A file's heading row, and the rows below it as often as they are asked for.

    ``format`` is what the file was taken for, in words for people.
    """

    format: str
    heading: Record
    records: Callable[[], Iterator[Record]]
    workbook: bool = False


def open_source(path: Path, columns: Sequence[Column]) -> Source:
    """Find out how a file is to be read.

    Raises:
        BadFile: If no row of it can be read.
    """
    try:
        return _workbook(path, columns) if is_workbook(path) else _text(path, columns)
    except OSError as error:
        raise bad_file(
            f"读不出文件 {path}", f"cannot read {path}: {error.strerror}", "请核对路径", "check it"
        ) from None


def _text(path: Path, columns: Sequence[Column]) -> Source:
    encoding = detect(path)
    delimiter = choose_delimiter(first_line(path, encoding), columns)

    def records() -> Iterator[Record]:
        return read_records(path, encoding, delimiter)

    heading = next(records(), Record(1, ()))
    return Source(encoding.name, heading, lambda: islice(records(), 1, None))


def _workbook(path: Path, columns: Sequence[Column]) -> Source:
    book = read_workbook(path)
    first = book.rows[:_TITLES]
    # The row that names most of the columns; the first of them where none names any.
    place = max(range(len(first)), key=lambda n: hits(first[n].cells, columns), default=0)
    heading = first[place] if first else Record(1, ())
    return Source(book.name, heading, lambda: iter(book.rows[place + 1 :]), workbook=True)
