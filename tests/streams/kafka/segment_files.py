"""Writes files as a broker writes them: batches of a transaction, its marker, right checksums."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

PAGE = 40
"""Entries in a transaction."""

_CONTROL = 0x20
_CRC = 17
_ATTRIBUTES = 21
ABORT, COMMIT = 0, 1


def segment(entries: Sequence[tuple[int, bytes]], *, aborted: Sequence[bytes] = ()) -> bytes:
    """Return a file with these entries, each page committed, and something aborted before them."""
    offset, parts = 0, list[bytes]()
    pages = [(ABORT, [(0, body) for body in aborted])] if aborted else []
    pages += [(COMMIT, list(entries[n : n + PAGE])) for n in range(0, len(entries), PAGE)]
    for marker, page in pages:
        parts.append(_batch(offset, [(b"key", body, position) for position, body in page]))
        offset += len(page)
        parts.append(control(offset, marker))
        offset += 1
    return b"".join(parts)


def _batch(offset: int, records: Sequence[tuple[bytes, bytes, int]]) -> bytes:
    builder = DefaultRecordBatchBuilder(2, 0, 1, 7, 0, 0, 1 << 30)
    for n, (key, value, position) in enumerate(records):
        headers = [("position", str(position).encode())]
        builder.append(n, timestamp=0, key=key, value=value, headers=headers)
    return struct.pack(">q", offset) + bytes(builder.build())[8:]


def control(offset: int, marker: int) -> bytes:
    """Return the marker that ends a transaction."""
    data = bytearray(_batch(offset, [(struct.pack(">hh", 0, marker), struct.pack(">hi", 0, 0), 0)]))
    data[_ATTRIBUTES + 1] |= _CONTROL
    data[_CRC : _CRC + 4] = struct.pack(">I", calc_crc32c(bytes(data[_ATTRIBUTES:])))
    return bytes(data)
