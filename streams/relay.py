"""The relay: every entry of the ledger to its topics, in order, from where the topic ends.

What the topic holds is the only memory of how far the relay came, so there is nothing that could
disagree with it. Positions have no gaps and become visible in order (the ledger's last lock sees to
that), so "all above the last one" can never skip an entry of a transaction that commits late.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

import structlog

from streams import outside
from streams.memo import known_state
from streams.outside import Record
from streams.patience import Outage, Patience
from streams.ports import Ledger, Unavailable

PAGE: Final = 400
"""Entries in one transaction of the publisher."""

PAGE_BYTES: Final = 4_000_000
IDLE: Final = 0.1
"""Seconds before the next look at a ledger that had no full page: a transaction of the broker costs the same
for one entry as for hundreds, and what reads the topics is in no hurry."""

_log = structlog.get_logger(__name__)


class Unpublished(RuntimeError):  # noqa: N818 - it asks for another try
    """Records may or may not be in their topics; open again and look what the topic holds."""


class Publisher(Protocol):
    """Writes records to topics, a page whole or not at all for whoever reads what is committed."""

    async def last(self) -> int:
        """Return the last position in the ledger's topic; 0 when it is empty."""

    async def publish(self, records: Sequence[Record]) -> None:
        """Write records in order.

        Raises:
            Unpublished: If that did not surely succeed, or another publisher took over.
        """


Opening = Callable[[], AbstractAsyncContextManager[Publisher]]
"""Opens a publisher: waits until it is the only one, and shuts out whoever was before."""


class Relay:
    """Moves entries from a ledger to a publisher."""

    def __init__(
        self,
        ledger: Ledger,
        opening: Opening,
        *,
        patience: Patience | None = None,
        idle: float = IDLE,
        told: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._idle = idle
        self._ledger = ledger
        self._opening = opening
        self._patience = patience or Patience()
        self._told = told

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until told to stop; after a fault begin again from what the topic holds.

        Raises:
            Outage: If the database or the broker stayed away.
        """
        pauses = self._patience.pauses()
        last: Exception | None = None
        while not stop.is_set():
            try:
                async with self._opening() as publisher:
                    async for _ in self.pages(publisher, stop):
                        pauses = self._patience.pauses()
            except (Unpublished, Unavailable, OSError, TimeoutError) as error:
                last = error
                _log.warning("relay-begins-again", fault=type(error).__name__, text=str(error))
                pause = next(pauses, None)
                if pause is None:
                    msg = f"the relay gives up: {type(last).__name__}"
                    raise Outage(msg) from last
                await self._patience.sleep(pause)

    async def pages(self, publisher: Publisher, stop: asyncio.Event) -> AsyncIterator[int]:
        """Publish page after page; yield the last position of each."""
        last = await publisher.last()
        while not stop.is_set():
            page, full = await self._page(last)
            if page:
                await publisher.publish(await self._records([body for _, body in page]))
                last = page[-1][0]
                self._told(last)
                yield last
            if not full:
                await self._patience.sleep(self._idle)

    async def _page(self, after: int) -> tuple[list[tuple[int, bytes]], bool]:
        """Return the next entries, and whether there was no room for more."""
        page: list[tuple[int, bytes]] = []
        size, full = 0, False
        async for position, body in self._ledger.entries(after, after + PAGE):
            full = bool(page) and size + len(body) > PAGE_BYTES
            if full:
                break
            page.append((position, body))
            size += len(body)
        _without_gap(after, page)
        return page, full or len(page) == PAGE

    async def _records(self, bodies: Sequence[bytes]) -> list[Record]:
        cells = await self._ledger.peek(outside.cells_needed(bodies))
        states: dict[str, Any] = {
            key: known_state(key, cell.state)
            for key, cell in cells.items()
            if cell.state is not None
        }
        return [record for body in bodies for record in outside.records(body, states)]


def _without_gap(after: int, page: Sequence[tuple[int, bytes]]) -> None:
    """Refuse to publish past a gap: a ledger has none, so something is wrong with what was read."""
    for expected, (position, _) in enumerate(page, start=after + 1):
        if position != expected:
            msg = f"position {expected} is missing from the ledger"
            raise Outage(msg)
