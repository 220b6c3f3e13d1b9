"""How many bytes of records a worker holds in memory: what comes in waits until there is room.

The framework limits how many records wait for an agent, not how large they are; 2,000 of the largest
would be 2 GB for each agent. Here records are counted in bytes, from when they are handed over until
nothing refers to them any more, whether they were handled, dropped in a rebalance, or skipped.
"""

from __future__ import annotations

import asyncio
import gc
from typing import Any, Final
from weakref import finalize

MOST: Final = 64_000_000
"""Bytes that a worker holds, and one record more."""

_PAUSE: Final = 0.02
_SWEEP: Final = 100
"""Looks after which records that refer to themselves are collected: who waits makes no garbage, so
nothing else would."""


class Room:
    """Room for records. ``held`` is how many bytes are in it, ``waiting`` whether somebody wants in."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.held = 0
        self.waiting = False

    async def take(self, record: Any, size: int) -> None:  # noqa: ANN401 - whatever can be referred to weakly
        """Wait until there is room, then hold a record of this size until it is gone."""
        looks = 0
        while self.held >= self._most:
            self.waiting = True
            looks += 1
            if looks % _SWEEP == 0:
                gc.collect()
            await asyncio.sleep(_PAUSE)
        self.waiting = False
        self.held += size
        # Nobody has to be told at the end of the process.
        finalize(record, self._give, size).atexit = False

    def _give(self, size: int) -> None:
        self.held -= size
