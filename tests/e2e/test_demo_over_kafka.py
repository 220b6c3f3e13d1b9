"""The demo over Kafka comes to the same ledger as in one process, whoever is killed meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from portal.demo.clock import at
from portal.demo.desk import Desk
from portal.demo.history import played
from portal.demo.mapping import Record, read_mapping, read_records
from portal.demo.over_kafka import through_kafka
from portal.running.service import Service
from portal.settings import Settings
from scheduler.planner.limits import Limits
from streams.clock import SimulatedClock
from streams.digest import digest
from streams.ports import Ledger
from tests.e2e.installations import settings_of
from tests.portal.demo.histories import rows, written
from tests.processes import Installation

pytestmark = [pytest.mark.lane("kafka"), pytest.mark.timeout(400)]

MAPPING = read_mapping(2012)
START = at(date(2012, 1, 1), 0)
QUICK = Limits(steps=2)
KILLED = ["worker", "relay", "watch", "planner", "serve", "worker"]


@pytest.fixture
def records(tmp_path: Path) -> tuple[Record, ...]:
    """Return a small year that is busy in its first months."""
    return read_records(written(tmp_path / "year.csv.gz", rows(8)), MAPPING)


async def in_memory(records: tuple[Record, ...]) -> str:
    """Return the digest of the year, played in this process."""
    clock = SimulatedClock(START)
    service = Service.memory(clock=clock)
    await played(Desk(service, clock), records, MAPPING, limits=QUICK)
    return await digest(service.ledger.entries())


@asynccontextmanager
async def desk_over_kafka(settings: Settings) -> AsyncIterator[Desk]:
    clock = SimulatedClock(START)
    way = through_kafka(settings, Console(file=StringIO()))
    async with Service.open(settings, clock=clock) as service, way(Desk(service, clock)) as desk:
        yield desk


def children() -> list[tuple[int, str]]:
    """Return the processes that this one started, each with its command."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text(encoding="ascii").split():
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            found.append((int(pid), " ".join(line)))
    return found


async def killing(ledger: Ledger, words: list[str]) -> None:
    """Kill a process of each kind in turn, each a bit further into the run."""
    for number, word in enumerate(words, start=1):
        while await ledger.position() < 20 * number:  # noqa: ASYNC110 - other processes write there
            await asyncio.sleep(0.05)
        for pid, line in children():
            if f" {word} " in line:
                os.kill(pid, signal.SIGKILL)
                break


async def test_the_same_digest_while_everybody_is_killed(
    installation: Installation, records: tuple[Record, ...]
) -> None:
    settings = settings_of(installation)
    expected = await in_memory(records)
    async with desk_over_kafka(settings) as desk:
        killer = asyncio.create_task(killing(desk.service.ledger, KILLED))
        result: dict[str, Any] = await played(desk, records, MAPPING, limits=QUICK)
        await killer
        assert await digest(desk.service.ledger.entries()) == expected
    assert json.dumps(result)
    assert not [line for _, line in children() if "--parent" in line]
