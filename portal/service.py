"""The service: everything the faces of the program need, put together in one place.

The command line, the demo and the HTTP portal open a service and talk to it; none of them knows
whether a database of one's own, the embedded one or plain memory stands behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from portal.logging import log_decisions
from streams.handler import Busy, Handler
from streams.intake import Raw
from streams.ports import Clock, Credentials, Effect, Inputs, Ledger, Outbox, Vault
from streams.queries import Queries

BATCH: Final = 200
"""Commands in one transaction: enough to share its costs, few enough to keep its locks short."""

BATCH_BYTES: Final = 4_000_000
"""Bytes in one transaction, so that a few large messages do not pile up in memory."""

_PAUSES: Final = (0.05, 0.2, 1.0)  # seconds before a batch is handed in again


@dataclass(frozen=True, slots=True)
class Service:
    """An open ledger with all that belongs to it. Use ``opened`` or ``in_memory`` to get one."""

    clock: Clock
    ledger: Ledger
    handler: Handler
    queries: Queries
    outbox: Outbox
    inputs: Inputs
    vault: Vault
    credentials: Credentials

    async def submit(
        self,
        messages: Sequence[Raw],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Effect]:
        """Hand commands in, in order and in batches; return what became of each.

        Batches are committed one by one. Whoever is interrupted hands the same messages in again:
        those that had their effect keep it.

        Raises:
            Busy: If others were first every time.
        """
        effects: list[Effect] = []
        for batch in batches(messages):
            effects += await self._patiently(batch)
            if progress is not None:
                progress(len(batch))
        return effects

    async def stream(self, messages: AsyncIterator[Raw]) -> AsyncIterator[tuple[Raw, Effect]]:
        """Hand commands in as they come; at most one batch is held in memory."""
        waiting: list[Raw] = []
        size = 0
        async for raw in messages:
            waiting.append(raw)
            size += len(raw.body)
            if len(waiting) >= BATCH or size >= BATCH_BYTES:
                for pair in zip(waiting, await self._patiently(waiting), strict=True):
                    yield pair
                waiting, size = [], 0
        if waiting:
            for pair in zip(waiting, await self._patiently(waiting), strict=True):
                yield pair

    async def _patiently(self, batch: Sequence[Raw]) -> Sequence[Effect]:
        for pause in _PAUSES:
            try:
                return await self._handle(batch)
            except Busy:
                await asyncio.sleep(pause)
        return await self._handle(batch)

    async def _handle(self, batch: Sequence[Raw]) -> Sequence[Effect]:
        effects = await self.handler.handle(batch)
        log_decisions(batch, effects)
        return effects


def batches(messages: Sequence[Raw]) -> Iterator[Sequence[Raw]]:
    """Cut messages into batches that one transaction can take, in order."""
    rest = iter(messages)
    while taken := list(islice(rest, BATCH)):
        start = size = 0
        for n, raw in enumerate(taken):
            if n > start and size + len(raw.body) > BATCH_BYTES:
                yield taken[start:n]
                start, size = n, 0
            size += len(raw.body)
        yield taken[start:]
