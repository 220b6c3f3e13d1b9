"""Reading the broker's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.kafka.segments import BadSegmentError, read_folder, read_segments
from tests.streams.kafka.segment_files import COMMIT, control, segment

ENTRIES = [(n, b"entry %d" % n) for n in range(1, 101)]


def test_committed_entries_come_in_order_and_aborted_ones_not(tmp_path: Path) -> None:
    first = segment(ENTRIES[:60], aborted=[b"never", b"was"])
    (tmp_path / "00000000000000000000.log").write_bytes(first)
    (tmp_path / "00000000000000000064.log").write_bytes(segment(ENTRIES[60:]))
    (tmp_path / "00000000000000000064.index").write_bytes(b"not read")
    assert list(read_folder(tmp_path)) == ENTRIES


def test_a_page_without_its_marker_is_not_committed() -> None:
    whole = segment(ENTRIES[:40])
    assert list(read_segments([whole])) == ENTRIES[:40]
    assert list(read_segments([whole[: -len(control(40, COMMIT))]])) == []


def test_a_changed_byte_is_found_by_its_checksum() -> None:
    data = bytearray(segment(ENTRIES))
    data[data.index(b"entry 7")] ^= 1
    with pytest.raises(BadSegmentError):
        list(read_segments([bytes(data)]))
