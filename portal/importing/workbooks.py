"""Workbooks (.xlsx, .xls, .ods): read into the same records as a CSV file, within limits.

The first visible sheet counts. Its heading may stand below a title, as official forms have it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from portal.importing.archives import check_archive, protected
from portal.importing.faults import BadFile, CellFault, bad_file, cell_fault
from portal.importing.reading import MOST_ROWS, PROTECTED, SECONDS
from portal.importing.records import Record

LARGEST: Final = 10_000_000
"""Bytes of a workbook."""

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_LARGEST_TEXT: Final = 100_000_000
_LONGEST_CELL: Final = 10_000
_MOST_COLUMNS: Final = 200


@dataclass(frozen=True, slots=True)
class Workbook:
    """The rows of a workbook's first visible sheet, each with the number that people see."""

    sheet: str
    sheets: int
    rows: tuple[Record, ...]

    @property
    def name(self) -> str:
        """What people call it."""
        more = f", 另有 {self.sheets - 1} 张表未读 / not read" if self.sheets > 1 else ""
        return f"工作表 / sheet 「{self.sheet}」{more}"


def is_workbook(path: Path) -> bool:
    """Whether a file begins like a workbook, whatever it is called."""
    with path.open("rb") as file:
        return file.read(4) in {_ZIP, _OLE}


def read_workbook(path: Path) -> Workbook:
    """Read a workbook.

    Raises:
        BadFile: If it is too large, damaged, protected, or no workbook that we read.
    """
    if path.stat().st_size > LARGEST:
        raise _too_large()
    with path.open("rb") as file:
        zipped = file.read(4) == _ZIP
    if zipped:
        check_archive(path)
    head, *lines = _printed(path)
    rows = tuple(_record(n, json.loads(line)) for n, line in enumerate(lines, start=1))
    if sum(not row.blank for row in rows) > MOST_ROWS + 1:
        raise _too_many()
    about = json.loads(head)
    return Workbook(str(about["sheet"])[:60], int(about["sheets"]), rows)


def _printed(path: Path) -> Sequence[str]:
    """Return what the child printed, line by line."""
    command = [sys.executable, "-I", "-m", "portal.importing.reading", str(path.resolve())]
    with subprocess.Popen(  # noqa: S603 - our own module; the file's name is an argument
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as child:
        try:
            out = child.stdout.read(_LARGEST_TEXT) if child.stdout else ""
            if len(out) == _LARGEST_TEXT:
                raise _too_many()
            code = child.wait(SECONDS)
        finally:
            child.kill()
    if code == PROTECTED:
        raise protected()
    if code < 0:  # it ran out of memory or time and was ended
        raise _too_many()
    if code:
        raise _unreadable()
    return out.splitlines()


def _record(row: int, cells: Sequence[Any]) -> Record:
    texts = tuple(cell if isinstance(cell, str) else cell["rounded"] for cell in cells)
    while texts and not texts[-1].strip():
        texts = texts[:-1]
    for n, cell in enumerate(cells):
        if not isinstance(cell, str):
            return Record(row, texts, _rounded(n))
    if len(texts) > _MOST_COLUMNS or any(len(cell) > _LONGEST_CELL for cell in texts):
        return Record(row, texts[:_MOST_COLUMNS], _too_wide())
    return Record(row, texts)


def _rounded(place: int) -> CellFault:
    column = chr(ord("A") + place) if place < 26 else str(place + 1)  # noqa: PLR2004 - letters
    return cell_fault(
        f"{column} 列的长数字已被表格软件四舍五入, 末几位丢失",
        f"the long number in column {column} was rounded by the spreadsheet, its end is lost",
        "请先把该列设为文本格式, 再重新填写",
        "format the column as text first, then write it again",
    )


def _too_wide() -> CellFault:
    return cell_fault(
        "这一行的列或文字过多",
        "the row has too many columns or too long a text",
        "请删去多余内容",
        "remove what does not belong there",
    )


def _too_large() -> BadFile:
    megabytes = LARGEST // 1_000_000
    return bad_file(
        f"文件超过 {megabytes} MB",
        f"the file is larger than {megabytes} MB",
        "请分成几个文件",
        "split it",
    )


def _too_many() -> BadFile:
    return bad_file(
        f"工作表超过 {MOST_ROWS} 行, 或范围过大",
        f"the sheet has more than {MOST_ROWS} rows, or reaches too far",
        "请分成几个文件, 并删去数据以外的单元格",
        "split it, and delete cells beyond the data",
    )


def _unreadable() -> BadFile:
    return bad_file(
        "读不出这个工作簿",
        "the workbook cannot be read",
        "请在 WPS 或 Excel 中另存为 .xlsx 或“CSV UTF-8”",
        "save it as .xlsx or “CSV UTF-8” in WPS or Excel",
    )
