"""A sheet: a file read row by row into values, each row with its faults. Memory holds one row.

What a row means is not known here: a ``Sheet`` names the columns and makes a command from values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from portal.importing.cells import clean
from portal.importing.columns import Column, Heading, match, nearest
from portal.importing.faults import CellFault, RowFault, bad_file, cell_fault
from portal.importing.records import Record
from portal.importing.sources import Source, open_source
from schemas.base import Bilingual
from schemas.faults import explain

V = TypeVar("V")
Values = Mapping[str, Any]


class FieldFault(ValueError):  # noqa: N818 - it names what the row says
    """A fault that only shows when cells are seen together; ``field`` is where to mend it."""

    def __init__(self, field_: str, fault: CellFault) -> None:
        self.field = field_
        self.fault = fault
        super().__init__(str(fault))


@dataclass(frozen=True, slots=True)
class Sheet(Generic[V]):
    """A kind of sheet: its columns, what a row becomes, and what is odd about a row's values."""

    kind: str
    columns: tuple[Column, ...]
    build: Callable[[Values], V]
    doubts: Callable[[Values, Values], Sequence[tuple[str, Bilingual]]] | None = None


@dataclass(frozen=True, slots=True)
class Row(Generic[V]):
    """A row of a file: what it became, or why not, and the cells as they stand."""

    number: int
    cells: tuple[str, ...]
    value: V | None
    faults: tuple[RowFault, ...] = ()
    doubts: tuple[RowFault, ...] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose heading was understood."""

    path: Path
    source: Source
    heading: Heading
    hints: tuple[tuple[str, str | None], ...] = field(default=())
    """Headings that nobody knows, each with the one that may have been meant."""


def open_sheet(path: Path, columns: Sequence[Column]) -> Opened:
    """Find out how a file is to be read.

    Raises:
        BadFile: If no row of it can be read.
    """
    source = open_source(path, columns)
    first = source.heading
    if first.fault is not None:
        raise bad_file(
            f"第一行: {first.fault.reason.zh}",
            f"the first row: {first.fault.reason.en}",
            first.fault.fix.zh,
            first.fault.fix.en,
        )
    heading = match(first.cells, columns)
    hints = tuple((each, nearest(each, columns)) for each in heading.unknown)
    return Opened(path, source, heading, hints)


def read_rows(opened: Opened, sheet: Sheet[V]) -> Iterator[Row[V]]:
    """Read the rows below the heading; blank ones are left out but counted."""
    for record in opened.source.records():
        if not record.blank:
            yield _row(record, opened.heading, sheet)


def _row(record: Record, heading: Heading, sheet: Sheet[V]) -> Row[V]:
    if record.fault is not None:
        return Row(record.row, record.cells, None, (_whole(record.row, record.fault),))
    if any(cell.strip() for cell in record.cells[len(heading.cells) :]):
        return Row(record.row, record.cells, None, (_whole(record.row, _too_many(heading)),))
    texts = _texts(record, heading)
    values, faults = _values(record, texts, heading, sheet.columns)
    if faults:
        return Row(record.row, record.cells, None, faults)
    return _built(record, texts, values, heading, sheet)


def _built(
    record: Record, texts: Values, values: dict[str, Any], heading: Heading, sheet: Sheet[V]
) -> Row[V]:
    try:
        value = sheet.build(values)
    except FieldFault as wrong:
        name, text = heading.name(wrong.field), texts.get(wrong.field, "")
        return Row(record.row, record.cells, None, (_of_cell(record.row, name, text, wrong.fault),))
    except ValidationError as error:
        return Row(record.row, record.cells, None, _of_model(record.row, error, texts, heading))
    odd = sheet.doubts(texts, values) if sheet.doubts else ()
    doubts = tuple(_doubt(record.row, heading.name(f), texts[f], said) for f, said in odd)
    return Row(record.row, record.cells, value, (), doubts, values.get("reference"))


def _texts(record: Record, heading: Heading) -> dict[str, str]:
    return {
        name: clean(record.cells[place])
        for name, place in heading.places.items()
        if place < len(record.cells)
    }


def _values(
    record: Record, texts: Mapping[str, str], heading: Heading, columns: Sequence[Column]
) -> tuple[dict[str, Any], tuple[RowFault, ...]]:
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for column in columns:
        text = texts.get(column.field, "")
        if not text:
            if column.required:
                faults.append(_of_cell(record.row, heading.name(column.field), "", _empty()))
            continue
        try:
            values[column.field] = column.read(text)
        except CellFault as wrong:
            faults.append(_of_cell(record.row, heading.name(column.field), text, wrong))
    return values, tuple(faults)


def _of_model(
    row: int, error: ValidationError, texts: Mapping[str, str], heading: Heading
) -> tuple[RowFault, ...]:
    """Say what the vocabulary itself refuses; its texts come in both languages already."""
    found = []
    for fault in error.errors(include_url=False, include_input=False):
        places = [str(part) for part in fault["loc"] if str(part) in texts]
        name = places[-1] if places else ""
        said = explain(ValidationError.from_exception_data(error.title, [_bare(fault)]))
        zh, _, en = said.removeprefix("-: ").partition(" / ")
        found.append(
            RowFault(
                row=row,
                column=heading.name(name) if name else "",
                value=texts.get(name, ""),
                reason=Bilingual(zh=zh or "-", en=en or zh or "-"),
                fix=Bilingual(zh="请更正", en="correct it"),
                code="model",
            )
        )
    return tuple(found)


def _bare(fault: Any) -> Any:  # noqa: ANN401 - pydantic's own dictionary, in and out
    context = {"ctx": fault["ctx"]} if "ctx" in fault else {}
    return {"type": fault["type"], "loc": (), "input": None, **context}


def _whole(row: int, fault: CellFault) -> RowFault:
    return RowFault(row, "", "", fault.reason, fault.fix, code="row")


def _of_cell(row: int, column: str, text: str, fault: CellFault) -> RowFault:
    return RowFault(row, column, text, fault.reason, fault.fix)


def _doubt(row: int, column: str, text: str, said: Bilingual) -> RowFault:
    fix = Bilingual(zh="已接收, 请核对", en="taken; please check")
    return RowFault(row, column, text, said, fix, code="doubt", doubt=True)


def _empty() -> CellFault:
    return cell_fault("不能为空", "must not be empty", "请填写", "fill it in")


def _too_many(heading: Heading) -> CellFault:
    width = len(heading.cells)
    return cell_fault(
        f"这一行的单元格多于 {width} 列",
        f"the row has more cells than the {width} columns",
        "内容里有逗号时请整格加双引号",
        "put a cell that holds a comma into double quotes",
    )
