"""The service: everything the faces of the program need, put together in one place.

The command line, the demo and the HTTP portal open a service and talk to it; none of them knows
whether a database of one's own, the embedded one or plain memory stands behind it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

from portal.running.keyfiles import Rings
from portal.running.logging import log_decisions
from portal.running.metrics import METERS
from portal.running.servers import opened
from portal.settings import Settings
from portal.wording.notices import HELD
from scheduler.decide import decide
from scheduler.evolve import evolve
from scheduler.notify import notify
from streams.clock import SystemClock
from streams.credentials import KeyedCredentials
from streams.delivery import deliver
from streams.handler import Busy, Handler
from streams.intake import Raw
from streams.memory import MemoryKeys, MemoryLedger
from streams.ports import Channel, Clock, Effect, Inputs, Keys, Ledger, Outbox, Vault
from streams.postgres import (
    Database,
    PostgresInputs,
    PostgresKeys,
    PostgresLedger,
    PostgresOutbox,
)
from streams.postgres.reading import PostgresQueries
from streams.postgres.scans import PostgresScans
from streams.postgres.watching import PostgresWatched
from streams.queries import MemoryQueries, Queries
from streams.scans import MemoryScans, Scans
from streams.timers import Timer
from streams.trial import TrialKeys, TrialLedger
from streams.vault import KeyVault
from streams.watching import LedgerWatch, MemoryWatched, Watched

BATCH: Final = 200
"""Commands in one transaction: enough to share its costs, few enough to keep its locks short."""

BATCH_BYTES: Final = 4_000_000
"""Bytes in one transaction, so that a few large messages do not pile up in memory."""

_PAUSES: Final = (0.05, 0.2, 1.0)  # seconds before a batch is handed in again


@dataclass(frozen=True, slots=True)
class Parts:
    """The stores that a service stands on."""

    ledger: Ledger
    queries: Queries
    outbox: Outbox
    inputs: Inputs
    keys: Keys


@dataclass(frozen=True, slots=True)
class Service:
    """An open ledger with all that belongs to it. ``Service.open`` and ``Service.memory`` give one."""

    clock: Clock
    ledger: Ledger
    handler: Handler
    queries: Queries
    outbox: Outbox
    inputs: Inputs
    keys: Keys
    vault: Vault
    credentials: KeyedCredentials
    rings: Rings
    watch: LedgerWatch
    scans: Scans
    database: Database | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings, *, clock: Clock | None = None
    ) -> AsyncIterator[Service]:
        """Open the service on Postgres: the one of the DSN, else the embedded one below ``data``.

        Raises:
            ServerError: If the database cannot be used.
            EmbeddedError: If the embedded server cannot run here.
            KeyFileError: If a key file is damaged, or open to others.
        """
        rings = Rings.of(settings.keys)
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(opened(settings))
            parts = Parts(
                ledger=PostgresLedger(database),
                queries=PostgresQueries(database),
                outbox=PostgresOutbox(database),
                inputs=PostgresInputs(database),
                keys=PostgresKeys(database),
            )
            yield cls.of(parts, rings, clock or SystemClock(), database)

    @classmethod
    def memory(cls, *, clock: Clock, seed: bytes = b"memory") -> Service:
        """Return a service in memory, with the keys that a seed stands for: for tests and previews."""
        ledger = MemoryLedger()
        parts = Parts(
            ledger=ledger,
            queries=MemoryQueries(ledger),
            outbox=ledger.outbox,
            inputs=ledger.inputs,
            keys=MemoryKeys(),
        )
        return cls.of(parts, Rings.from_seed(seed), clock)

    def trial(self, *, clock: Clock | None = None) -> Service:
        """Return a service that decides on this one's ledger and writes nothing into it."""
        ledger = TrialLedger(self.ledger)
        parts = Parts(
            ledger=ledger,
            queries=MemoryQueries(ledger),
            outbox=ledger.outbox,
            inputs=ledger.inputs,
            keys=TrialKeys(self.keys),
        )
        return Service.of(parts, self.rings, clock or self.clock)

    @classmethod
    def of(
        cls, parts: Parts, rings: Rings, clock: Clock, database: Database | None = None
    ) -> Service:
        """Put a service together from its stores and keys."""
        vault = KeyVault(parts.keys, rings.vault)
        credentials = KeyedCredentials(rings.credentials)
        handler = Handler(parts.ledger, vault, credentials, clock, decide, evolve, notify)
        return cls(
            clock=clock,
            ledger=parts.ledger,
            handler=handler,
            queries=parts.queries,
            outbox=parts.outbox,
            inputs=parts.inputs,
            keys=parts.keys,
            vault=vault,
            credentials=credentials,
            rings=rings,
            watch=LedgerWatch(parts.ledger, _watched(database)),
            scans=MemoryScans() if database is None else PostgresScans(database),
            database=database,
        )

    async def tick(self) -> int:
        """Let deadlines lapse that are over; return how many did."""
        return await Timer(self.queries, self.submit, self.clock).step()

    async def deliver(self, channel: Channel) -> int:
        """Hand all waiting notifications to a channel, or leave them to a digest; return how many."""
        sent = 0
        while handed := await deliver(self.outbox, channel, self.credentials, held=HELD):
            sent += handed
        return sent

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
        started = time.perf_counter()
        effects = await self.handler.handle(batch)
        METERS.decided(effects, time.perf_counter() - started)
        log_decisions(batch, effects)
        return effects


def _watched(database: Database | None) -> Watched:
    return MemoryWatched() if database is None else PostgresWatched(database)


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
