"""The sheet of an annual plan 年初备案: one row, one line of one department's plan."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from portal.importing import cells as c
from portal.importing.columns import Column
from portal.importing.faults import CellFault, cell_fault
from portal.importing.sheets import Row, Sheet, Values, open_sheet, read_rows
from schemas.annual import AnnualLine
from schemas.registry import RiskClass

_SPAN: Final = re.compile(r"(\d{1,2})(?:[-~—至](\d{1,2}))?月?")


def months(value: str) -> tuple[int, ...]:
    """Return months: ``3``, ``1-3``, ``3、9`` or ``全年``, in order."""
    plain = unicodedata.normalize("NFKC", value).replace(" ", "")
    if plain in {"全年", "all"}:
        return tuple(range(1, 13))
    found: set[int] = set()
    for part in c.listed(plain):
        match = _SPAN.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= 12:  # noqa: PLR2004 - months of a year
            raise cell_fault(
                "看不出是哪几个月", "no months can be read", "例如 1-3、9", "for example 1-3, 9"
            )
        found.update(range(first, last + 1))
    return tuple(sorted(found))


COLUMNS: Final = (
    Column("id", ("计划行", "line", "编号", "行号"), c.identifier, required=True),
    Column("items", ("检查事项", "items", "事项编号", "事项"), c.listed, required=True),
    Column("number", ("户次", "number", "次数", "检查户次"), c.whole, required=True),
    Column("months", ("月份", "months", "检查月份"), months, required=True),
    Column("risks", ("风险等级", "risks", "风险"), c.several(c.word(RiskClass))),
    Column("trades", ("行业", "trades", "行业代码"), c.several(c.industry)),
    Column("recurring", ("经常性", "recurring", "每年都有"), c.yes_no),
    Column("note", ("说明", "note", "备注"), c.text),
)
"""The columns; the page's form has the same."""


def line_of(values: Values) -> AnnualLine:
    """Return the line of a row's values."""
    return AnnualLine.model_validate(dict(values))


SHEET: Final = Sheet("annual", COLUMNS, line_of)


def read_lines(path: Path) -> Sequence[Row[AnnualLine]]:
    """Read a sheet of lines, each row with its faults.

    Raises:
        BadFile: If no row of it can be read.
    """
    return tuple(read_rows(open_sheet(path, COLUMNS), SHEET))


def values_of(texts: Mapping[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read the cells of one row of the page's form: its values, and what cannot be read."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for column in COLUMNS:
        text = c.clean(texts.get(column.field, ""))
        if not text:
            continue
        try:
            values[column.field] = column.read(text)
        except CellFault as wrong:
            faults.append(f"{column.title}: {wrong} ({wrong.fix.zh} / {wrong.fix.en})")
    return values, tuple(faults)
