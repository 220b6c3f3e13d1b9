"""Holds the table of counters and alerts against a replay of the ledger."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from scheduler.alerts.facts import remember
from scheduler.watching import COUNTERS, NONE, Record, facts_of, settled, step
from streams.faust_app.watch import records
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
    held = await records(broker, domain)
    table, facts = settled(held), facts_of(held)
    entries = await ledger.position()
    until = int(table[COUNTERS]["position"])
    replayed, remembered = await _replayed(ledger.entries(until=until))
    keys = sorted({*table, *replayed})
    differing = [key for key in keys if table.get(key) != replayed.get(key)]
    # As JSON, which is how the table holds them: pairs become lists there.
    if facts != json.loads(json.dumps(remembered)):
        differing.append("facts")
    return Watched(
        entries=entries,
        counters=table[COUNTERS],
        alerts={key: record for key, record in table.items() if key != COUNTERS},
        differing=tuple(differing),
    )


async def _replayed(
    entries: AsyncIterator[tuple[int, bytes]],
) -> tuple[dict[str, Record], dict[str, Record]]:
    """Return the counters and alerts that a replay makes, and what its rules remember."""
    counters, alerts, facts = dict(NONE), dict[str, Record](), dict[str, Record]()
    async for _, body in entries:
        counters, found, changed = step(counters, json.loads(body), facts)
        alerts |= found
        remember(facts, changed)
    return {COUNTERS: counters, **alerts}, facts
