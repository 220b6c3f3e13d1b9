"""Holds the table of counters and alerts against a replay of the ledger."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from scheduler.watching import COUNTERS, NONE, Record, step
from streams.faust_app.watch import watched
from streams.ports import Ledger


@dataclass(frozen=True, slots=True)
class Watched:
    """What the table holds, and where it differs from the replay up to the same entry."""

    entries: int
    """Entries in the ledger."""

    counters: Record
    alerts: dict[str, Record]
    differing: tuple[str, ...]
    """Keys of the records that a replay makes otherwise, or not at all, or that are missing."""

    @property
    def position(self) -> int:
        """The last entry that is counted."""
        return int(self.counters["position"])

    @property
    def behind(self) -> int:
        """How many entries are not counted yet."""
        return self.entries - self.position


async def check(broker: str, domain: str, ledger: Ledger) -> Watched:
    """Read the table, replay the ledger up to where the table stands, and compare."""
    table = await watched(broker, domain)
    entries = await ledger.position()
    until = int(table[COUNTERS]["position"])
    replayed = await _replayed(ledger.entries(until=until))
    keys = sorted({*table, *replayed})
    return Watched(
        entries=entries,
        counters=table[COUNTERS],
        alerts={key: record for key, record in table.items() if key != COUNTERS},
        differing=tuple(key for key in keys if table.get(key) != replayed.get(key)),
    )


async def _replayed(entries: AsyncIterator[tuple[int, bytes]]) -> dict[str, Record]:
    counters, alerts = dict(NONE), dict[str, Record]()
    async for _, body in entries:
        counters, found = step(counters, json.loads(body))
        alerts |= found
    return {COUNTERS: counters, **alerts}
