"""The history of a case: the entries of a few streams, in the order in which they were recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

from streams.ports import Ledger


class History(Protocol):
    """Reads the entries of some streams without walking through the whole ledger."""

    async def of(self, streams: Sequence[str]) -> list[bytes]:
        """Return the entries of these streams, in order of position."""


class MemoryHistory:
    """The same over any ledger, by walking through it: for tests and small ledgers."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def of(self, streams: Sequence[str]) -> list[bytes]:
        """Return the entries of these streams, in order of position."""
        wanted = set(streams)
        return [
            body
            async for _, body in self._ledger.entries()
            if json.loads(body)["subject"] in wanted
        ]
