"""Reads the ledger's topic from the broker's own files, for an audit that does not ask the broker.

What is not committed is left out, as a reader of committed records leaves it out. A checksum that does
not fit ends the reading: what comes behind it cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from aiokafka.record.memory_records import MemoryRecords

from streams.kafka.ends import POSITION

_COMMIT: Final = b"\x00\x01"
_TYPE: Final = slice(2, 4)


class BadSegmentError(ValueError):
    """A file that no broker wrote like this."""


def read_folder(folder: Path) -> Iterator[tuple[int, bytes]]:
    """Yield position and bytes of the committed entries of a partition's folder.

    Raises:
        BadSegmentError: If a file is damaged.
    """
    yield from read_segments([path.read_bytes() for path in sorted(folder.glob("*.log"))])


def read_segments(segments: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield position and bytes of the committed entries of a partition's files, oldest first.

    Raises:
        BadSegmentError: If one is damaged.
    """
    waiting: dict[int, list[tuple[int, bytes]]] = {}
    for batch in _batches(segments):
        producer = batch.producer_id
        if batch.is_control_batch:
            done = waiting.pop(producer, [])
            if next(iter(batch)).key[_TYPE] == _COMMIT:
                yield from done
        elif batch.is_transactional:
            waiting.setdefault(producer, []).extend(_entries(batch))
        else:
            yield from _entries(batch)


def _batches(segments: Sequence[bytes]) -> Iterator[Any]:
    for segment in segments:
        records = MemoryRecords(segment)
        while records.has_next():
            batch = records.next_batch()
            if not batch.validate_crc():
                raise BadSegmentError("校验和不符 / a checksum that does not fit")
            yield batch


def _entries(batch: Any) -> Iterator[tuple[int, bytes]]:  # noqa: ANN401 - of an untyped library
    for record in batch:
        yield int(dict(record.headers)[POSITION]), record.value
