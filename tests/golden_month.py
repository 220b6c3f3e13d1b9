"""A small town's December as a ledger of today's program: ``python -m tests.golden_month VERSION``.

The files it writes under ``tests/golden/months/`` are never written again: each stays as the ledger of the
program of its day, and every later program must read it, fold it and come to the same.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from portal.demo.clock import at
from portal.demo.county.december import Scripted, december
from portal.demo.county.people import County, county
from portal.demo.december import BEGINS, December
from portal.demo.run import in_memory
from scheduler.evolve import evolve
from scheduler.notify import notify
from scheduler.planner.limits import Limits
from streams.digest import digest
from streams.logs import FileLog
from streams.memory import MemoryLedger
from streams.ports import Ledger
from streams.replay import rebuild

FOLDER: Final = Path(__file__).parent / "golden" / "months"
DEPARTMENTS: Final = 9
ENTERPRISES: Final = 36


def town(seed: int = 0) -> tuple[County, list[Scripted]]:
    """Return the part of the demo county that most is asked of, and what is asked there."""
    found = county(seed)
    script = december(found, seed)
    homes = _most((s.request.department for s in script), DEPARTMENTS)
    asked = [s for s in script if s.request.department in homes]
    places = _most((s.request.enterprise for s in asked), ENTERPRISES)
    small = replace(
        found,
        bodies=tuple(b for b in found.bodies if b.id in homes),
        departments=tuple(d for d in found.departments if d.id in homes),
        items=tuple(i for i in found.items if i.department in homes),
        officers=tuple(o for o in found.officers if o.department in homes),
        enterprises=tuple(e for e in found.enterprises if e.id in places),
        baseline={id_: rows for id_, rows in found.baseline.items() if id_ in homes},
    )
    return small, [s for s in asked if s.request.enterprise in places]


def _most(names: Any, number: int) -> set[str]:  # noqa: ANN401 - names in order
    counted = Counter(names)
    return set(sorted(counted, key=lambda name: (-counted[name], name))[:number])


async def played() -> list[bytes]:
    """Return the entries of the town's December."""
    desk = in_memory(at(BEGINS, 0))
    small, script = town()
    await December(desk, small, script, limits=Limits(steps=1)).play()
    return [body async for _, body in desk.service.ledger.entries()]


async def result(log: FileLog) -> dict[str, Any]:
    """Replay a log into an empty store; return its count, its digest and the hash of all cells."""
    fresh = MemoryLedger()
    entries = await rebuild(log, fresh, evolve, notify)
    return {"entries": entries, "digest": await digest(log.entries()), "cells": await cells(fresh)}


async def cells(ledger: Ledger) -> str:
    """Return the SHA-256 of all cells, in order of their keys."""
    taken = hashlib.sha256()
    async for key, state in ledger.cells():
        taken.update(f"{key} {len(state)}\n".encode() + state)
    return taken.hexdigest()


def unpacked(file: Path, to: Path) -> FileLog:
    """Unpack a log into a folder; return it."""
    lines = to / file.name.removesuffix(".gz")
    lines.write_bytes(gzip.decompress(file.read_bytes()))
    return FileLog(lines)


def main(version: str) -> None:
    """Write the golden month of a version, unless it is there."""
    file = FOLDER / f"{version}.jsonl.gz"
    if file.exists():
        sys.exit(f"{file} stays as it is")
    FOLDER.mkdir(exist_ok=True)
    bodies = asyncio.run(played())
    file.write_bytes(gzip.compress(b"".join(body + b"\n" for body in bodies), 9, mtime=0))
    lines = FOLDER / f"{version}.jsonl"
    lines.write_bytes(gzip.decompress(file.read_bytes()))
    found = asyncio.run(result(FileLog(lines)))
    lines.unlink()
    file.with_name(f"{version}.json").write_text(json.dumps(found, indent=1) + "\n")
    print(file, file.stat().st_size, "bytes", found)  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main(sys.argv[1])
