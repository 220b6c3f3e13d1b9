"""The history: what was written is read again, and is on the disk before the next thing happens."""

from __future__ import annotations

from pathlib import Path

from tests.faults.history import History, Line, What, read


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    lines = [
        Line(at=0.0, what=What.ASKED, source="portal", id="k1-1"),
        Line(at=0.25, what=What.TAKEN, source="portal", id="bytes~ab", bad=True),
        Line(at=1.5, what=What.FAULT, kind="kill-worker", text="worker1 died of signal 9"),
    ]
    history = History(path)
    for n, line in enumerate(lines, start=1):
        history.add(line)
        assert list(read(path.read_text(encoding="utf-8").splitlines())) == lines[:n]
    history.close()
    assert history.lines == lines
