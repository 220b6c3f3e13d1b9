"""A workbook is a zip archive from outside: it is measured before anything unpacks it.

An archive of a few kilobytes can hold gigabytes, and its own directory may lie about it, so every
member is inflated here in small pieces and counted, never kept.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from portal.importing.faults import BadFile, bad_file

LARGEST: Final = 150_000_000
"""Bytes of all members unpacked; 20,000 rows of forty filled columns come to half of it."""

_MEMBERS: Final = 1000
_SUSPICIOUS: Final = 20_000_000  # below this no ratio harms anybody
_RATIO: Final = 200  # blank formatted rows repeat themselves about a hundredfold
_PIECE: Final = 1 << 16
_LOCAL: Final = struct.Struct("<4s22x2H")
_ENCRYPTED: Final = 0x1


def check_archive(path: Path) -> None:
    """Measure an archive.

    Raises:
        BadFile: If it is damaged, protected, or holds more than a sheet can need.
    """
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            members = archive.infolist()
            if len(members) > _MEMBERS:
                raise _bomb()
            left = min(LARGEST, max(_SUSPICIOUS, size * _RATIO))
            if sum(member.file_size for member in members) > left:
                raise _bomb()
            for member in members:
                left -= _inflated(file, member, left)
    except (
        *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, OverflowError),
        UnicodeDecodeError,  # a name that is not in the encoding it says
    ):
        raise bad_file(
            "工作簿已损坏",
            "the workbook is damaged",
            "请重新另存为 .xlsx",
            "save it as .xlsx again",
        ) from None


def _inflated(file: BinaryIO, member: zipfile.ZipInfo, most: int) -> int:
    """Return how many bytes a member really has."""
    if member.flag_bits & _ENCRYPTED:
        raise protected()
    if member.header_offset < 0:
        raise zipfile.BadZipFile
    file.seek(member.header_offset)
    mark, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    if mark != b"PK\x03\x04" or member.compress_type not in {
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    }:
        raise zipfile.BadZipFile
    file.seek(name + extra, 1)
    if member.compress_type == zipfile.ZIP_STORED:
        if member.compress_size > most:
            raise _bomb()
        return member.compress_size
    return _counted(file, member.compress_size, most)


def _counted(file: BinaryIO, packed: int, most: int) -> int:
    engine, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while packed > 0 and not engine.eof:
        piece = file.read(min(_PIECE, packed))
        if not piece:
            raise zipfile.BadZipFile
        packed -= len(piece)
        while piece and not engine.eof:
            size += len(engine.decompress(piece, _PIECE))
            piece = engine.unconsumed_tail
            if size > most:
                raise _bomb()
    return size


def protected() -> BadFile:
    """Return the fault of a workbook that needs a password."""
    return bad_file(
        "工作簿有密码",
        "the workbook is protected by a password",
        "请去掉密码后另存",
        "save it without the password",
    )


def _bomb() -> BadFile:
    megabytes = LARGEST // 1_000_000
    return bad_file(
        f"工作簿解开后过大 (上限 {megabytes} MB)",
        f"the workbook is too large once unpacked ({megabytes} MB at most)",
        "请只保留需要导入的工作表, 删去空行和图片",
        "keep the one sheet to import, without blank rows and pictures",
    )
