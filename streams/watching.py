"""The watch of an installation without a broker: the same fold, kept beside the ledger.

Whoever wants to see alerts lets the fold read on from where it stands; nothing runs by itself, so
nothing can be behind. What is kept is operational: thrown away, the next look makes the same anew.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Mapping
from typing import Final, Protocol

from scheduler.alerts.facts import remember
from scheduler.watching import COUNTERS, NONE, Record, step
from streams.ports import Ledger

PAGE: Final = 2_000
"""Entries that are folded before what came of them is kept."""

_FACT: Final = "fact/"


class Watched(Protocol):
    """Keeps the records of one watch."""

    async def load(self) -> dict[str, Record]:
        """Return all records."""

    async def position(self) -> int:
        """Return the position of the counters that are kept."""

    async def save(self, before: int, records: Mapping[str, Record]) -> bool:
        """Keep records at once, unless another watch was first.

        Args:
            before: The position that the kept counters must have.
            records: The records by key, the counters among them; an empty one is thrown away.
        """

    async def clear(self) -> None:
        """Throw everything away."""


class MemoryWatched:
    """The same in memory."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    async def load(self) -> dict[str, Record]:
        """Return all records."""
        return dict(self._records)

    async def position(self) -> int:
        """Return the position of the counters that are kept."""
        return int(self._records.get(COUNTERS, NONE)["position"])

    async def save(self, before: int, records: Mapping[str, Record]) -> bool:
        """Keep records at once, unless another watch was first."""
        if await self.position() != before:
            return False
        # As a database has them: pairs become lists.
        remember(self._records, json.loads(json.dumps(records)))
        return True

    async def clear(self) -> None:
        """Throw everything away."""
        self._records.clear()


class LedgerWatch:
    """Folds a ledger as far as it goes, whenever somebody looks."""

    def __init__(self, ledger: Ledger, watched: Watched) -> None:
        self._ledger = ledger
        self._watched = watched
        self._records: dict[str, Record] = {}

    async def look(self) -> dict[str, Record]:
        """Return the counters and all alerts up to the newest entry."""
        if not self._records or await self._watched.position() != self._counters["position"]:
            self._records = await self._watched.load()
        until = await self._ledger.position()
        while self._counters["position"] < until:
            await self._read_on(until)
        return {
            key: record
            for key, record in (self._records | {COUNTERS: self._counters}).items()
            if not key.startswith(_FACT)
        }

    async def rebuild(self) -> dict[str, Record]:
        """Throw away what is kept and fold from the first entry; return the same as ``look``."""
        await self._watched.clear()
        self._records = {}
        return await self.look()

    @property
    def _counters(self) -> Record:
        return self._records.get(COUNTERS, dict(NONE))

    async def _read_on(self, until: int) -> None:
        """Fold some entries more; where another watch was first, take what it made."""
        before = counters = self._counters
        facts = {k.removeprefix(_FACT): r for k, r in self._records.items() if k.startswith(_FACT)}
        news: dict[str, Record] = {}
        alerts: dict[str, Record] = {}
        start = before["position"]
        async for _, body in self._ledger.entries(after=start, until=min(until, start + PAGE)):
            counters, found, changed = step(counters, json.loads(body), ChainMap(news, facts))
            alerts |= found
            news |= changed
        kept = {f"{_FACT}{key}": record for key, record in news.items()}
        records = {**alerts, **kept, COUNTERS: counters}
        if await self._watched.save(start, records):
            remember(self._records, json.loads(json.dumps(records)))
        else:
            self._records = await self._watched.load()
