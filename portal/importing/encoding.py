"""Which encoding a text file is in: UTF-8, UTF-8 with a byte order mark, or GB18030 (and so GBK).

Chinese spreadsheets still save CSV files in GBK. The choice is made by strict decoding, line by line,
never by a guess on letters: a line that is not pure ASCII is hardly ever valid UTF-8 by accident.
Splitting into lines before decoding is safe, because neither encoding uses the bytes of a line feed,
a comma or a quote for anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from portal.importing.faults import BadFile, bad_file

LONGEST_LINE: Final = 100_000
"""Bytes of a line that are looked at; no row of a sheet comes near it."""

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NAMES: Final = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "gb18030": "GB18030/GBK"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding that a file was taken for; ``strange`` lines do not fit it."""

    codec: str
    strange: int = 0

    @property
    def name(self) -> str:
        """What people call it."""
        return _NAMES[self.codec]

    @property
    def mark(self) -> int:
        """The number of bytes before the text."""
        return len(_UTF8_MARK) if self.codec == "utf-8-sig" else 0

    def decode(self, line: bytes) -> str:
        """Return a line as text.

        Raises:
            UnicodeDecodeError: If the line is in another encoding.
        """
        return line.decode("gb18030" if self.codec == "gb18030" else "utf-8")


def detect(path: Path) -> Encoding:
    """Return the encoding of a file, reading all of it once with bounded memory.

    Raises:
        BadFile: If it is empty, a workbook, UTF-16, or fits neither encoding.
    """
    with path.open("rb") as file:
        _refuse_others(file.read(4))
        file.seek(0)
        marked = file.read(len(_UTF8_MARK)) == _UTF8_MARK
        if not marked:
            file.seek(0)
        telling = utf8 = gb = 0
        for line, _ in raw_lines(file):
            if not line.isascii():
                telling += 1
                utf8 += _fits(line, "utf-8")
                gb += _fits(line, "gb18030")
    if marked:
        return Encoding("utf-8-sig", telling - utf8)
    if utf8 * 2 >= telling:
        return Encoding("utf-8", telling - utf8)
    if gb * 2 >= telling:
        return Encoding("gb18030", telling - gb)
    raise _unreadable(telling)


def raw_lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Read lines, each cut at ``LONGEST_LINE`` bytes; tell which ones were cut."""
    while line := file.readline(LONGEST_LINE):
        cut = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        while cut and (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield line, cut


def _fits(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        # A line that was cut may end inside a letter.
        return len(line) == LONGEST_LINE
    return True


def _refuse_others(head: bytes) -> None:
    if not head:
        raise bad_file("文件是空的", "the file is empty", "请检查导出步骤", "check the export")
    if head.startswith(_WORKBOOKS):
        raise bad_file(
            "这是 Excel/WPS 工作簿, 不是 CSV",
            "this is a spreadsheet workbook, not CSV",
            "请另存为“CSV UTF-8”",
            "save it as “CSV UTF-8”",
        )
    if head.startswith(_UTF16_MARKS):
        raise bad_file(
            "文件是 UTF-16 (“Unicode 文本”)",
            "the file is UTF-16 (“Unicode text”)",
            "请另存为“CSV UTF-8”",
            "save it as “CSV UTF-8”",
        )


def _unreadable(lines: int) -> BadFile:
    return bad_file(
        f"既不是 UTF-8 也不是 GB18030/GBK, {lines} 行中多数无法辨认",
        f"neither UTF-8 nor GB18030/GBK: most of {lines} lines fit none of them",
        "请另存为“CSV UTF-8”",
        "save it as “CSV UTF-8”",
    )
