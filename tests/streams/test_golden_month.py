"""Months that earlier programs wrote are read, folded and counted today as they were then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas import wire
from schemas.plain_json import canonical
from streams.logs import FileLog
from tests.golden_month import FOLDER, result, unpacked

MONTHS = sorted(FOLDER.glob("*.jsonl.gz"))
LARGEST = 300_000
"""Bytes of all months together."""

STATIONS = (
    *("request.accepted", "request.refused", "plan.published", "visit.published"),
    *("code.issued", "visit.entered", "visit.left", "rating.given", "visit.closed"),
)


def test_there_are_months_and_they_are_small() -> None:
    assert len(MONTHS) >= 2
    assert sum(file.stat().st_size for file in MONTHS) <= LARGEST


@pytest.mark.parametrize("file", MONTHS, ids=lambda file: file.name.partition(".jsonl")[0])
async def test_a_months_ledger_gives_what_it_gave(file: Path, tmp_path: Path) -> None:
    """Tests the digest that the old program took, and the states that today's makes of its entries."""
    expected = json.loads(file.with_name(file.name.replace(".jsonl.gz", ".json")).read_text())
    log = unpacked(file, tmp_path)
    assert await result(log) == expected
    types = {json.loads(body)["type"] async for _, body in log.entries()}
    assert {f"cn.wurao.{name}.v1" for name in STATIONS} <= types


OLD = "cn.wurao.visit.gone.v1"
"""A type as it could have been before: another name, and its time in another field."""


def older(body: bytes) -> bytes:
    """Return an entry as a program would have written it before a type got its name of today."""
    entry = json.loads(body)
    if entry["type"] == "cn.wurao.visit.left.v1":
        data = entry["data"]
        entry |= {"type": OLD, "data": {**data, "gone": data["at"]}}
        del entry["data"]["at"]
    return canonical(entry)


def upcast(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return an old event as one of today."""
    return "cn.wurao.visit.left.v1", {
        **{k: v for k, v in data.items() if k != "gone"},
        "at": data["gone"],
    }


async def test_old_versions_of_events_are_upcast_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests a month in which one type has the form of an older version: the states are the same."""
    log = unpacked(MONTHS[0], tmp_path)
    new = await result(log)
    old = tmp_path / "old.jsonl"
    bodies = [older(body) async for _, body in log.entries()]
    assert any(OLD.encode() in body for body in bodies)
    old.write_bytes(b"".join(body + b"\n" for body in bodies))
    monkeypatch.setitem(wire.UPCASTS, OLD, upcast)
    found = await result(FileLog(old))
    assert found["cells"] == new["cells"]
    assert found["entries"] == new["entries"]
