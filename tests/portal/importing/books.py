"""Workbooks to import: good ones, and ones that somebody meant harm with."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

MANIFEST = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'


def xlsx(folder: Path, rows: Iterable[Sequence[Any]], name: str = "r.xlsx", **more: Any) -> Path:  # noqa: ANN401 - cells of any kind
    """Write a workbook of one sheet; ``before`` are hidden sheets in front, ``after`` others."""
    path = folder / name
    book = xlsxwriter.Workbook(
        str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    )
    for title in more.get("before", ()):
        book.add_worksheet(title).hide()
    sheet = book.add_worksheet("申请")
    sheet.activate()
    sheet.set_first_sheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if (far := more.get("far")) is not None:
        sheet.write(*far, "x")
    for title in more.get("after", ()):
        book.add_worksheet(title)
    book.close()
    return path


def ods(folder: Path, rows: Iterable[Sequence[str]], repeated: str = "") -> Path:
    """Write an OpenDocument sheet; ``repeated`` are attributes of each cell."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string" {repeated}><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="申请">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = folder / "r.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {MANIFEST}/>")
        archive.writestr("content.xml", content)
    return path


def bomb(folder: Path, megabytes: int, *, told: int | None = None) -> Path:
    """Write an archive that unpacks to this much; ``told`` bytes is what its directory says."""
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(b" " * 1_000_000)
    if told is not None:
        _lie(path, told)
    return path


def _lie(path: Path, told: int) -> None:
    """Change the sizes that the directory states for the last member."""
    raw = bytearray(path.read_bytes())
    place = raw.rindex(b"PK\x01\x02")
    struct.pack_into("<L", raw, place + 24, told)
    path.write_bytes(raw)


def overlapping(folder: Path, copies: int) -> Path:
    """Write an archive whose members are all the same compressed bytes."""
    path = folder / "overlap.xlsx"
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = engine.compress(b" " * 10_000_000) + engine.flush()
    crc = zlib.crc32(b" " * 10_000_000)
    sizes = (crc, len(packed), 10_000_000)
    out = io.BytesIO()
    out.write(struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, *sizes, 1, 0) + b"a" + packed)
    start = out.tell()
    for _ in range(copies):
        head = struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *sizes, 1, 0, 0, 0, 0, 0, 0
        )
        out.write(head + b"a")
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, out.tell() - start, start, 0)
    path.write_bytes(out.getvalue() + end)
    return path
