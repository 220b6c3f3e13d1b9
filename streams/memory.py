"""The ports kept in memory: shipped, public, and held to the same contract as Postgres.

One lock stands for all row locks, and a transaction writes nothing before it commits, so what the
ports promise holds here too; only the disk is missing. Tests, previews and trial runs use it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import islice

from schemas.notifications import Notification
from streams.ports import (
    RETENTION,
    Append,
    Cell,
    CommandKey,
    Conflict,
    Effect,
    Misuse,
    RawInput,
)

_NOTHING = Cell(0, None)


class MemoryOutbox:
    """Notifications in memory."""

    def __init__(self) -> None:
        self._waiting: dict[str, Notification] = {}
        self._sent: dict[str, str] = {}

    async def due(self, limit: int) -> Sequence[Notification]:
        """Return notifications not delivered yet, oldest first."""
        return list(self._waiting.values())[:limit]

    async def delivered(self, ids: Sequence[str], channel: str) -> None:
        """Record that these were handed to a channel; the first record stands."""
        for id_ in ids:
            if self._waiting.pop(id_, None) is not None:
                self._sent[id_] = channel

    def _put(self, notifications: Iterable[Notification]) -> None:
        self._waiting.update((n.id, n) for n in notifications)

    def _knows(self, id_: str) -> bool:
        return id_ in self._waiting or id_ in self._sent


class MemoryInputs:
    """Rejected inputs in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, RawInput] = {}

    async def find(self, id_: str) -> RawInput | None:
        """Return a rejected input, ``None`` when it is unknown or has expired."""
        return self._kept.get(id_)

    async def purge(self, now: datetime) -> int:
        """Destroy the inputs whose time has run out; return how many."""
        old = [id_ for id_, kept in self._kept.items() if kept.received + RETENTION <= now]
        for id_ in old:
            del self._kept[id_]
        return len(old)

    def _put(self, inputs: Iterable[RawInput]) -> None:
        self._kept.update((kept.id, kept) for kept in inputs)


class MemoryKeys:
    """Wrapped data keys of the vault in memory."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    async def find(self, subjects: Sequence[str]) -> Mapping[str, bytes]:
        """Return the wrapped keys of those subjects that have one."""
        return {s: self._keys[s] for s in subjects if self._keys.get(s)}

    async def add(self, keys: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Keep keys of subjects that have none yet; return the ones that stand."""
        standing = {s: self._keys.setdefault(s, key) for s, key in keys.items()}
        return {s: key for s, key in standing.items() if key}

    async def remove(self, subject: str) -> bool:
        """Destroy a subject's key for ever; tell whether there was one."""
        had = bool(self._keys.get(subject))
        self._keys[subject] = b""  # its name stays taken
        return had

    async def under(self, number: int, most: int) -> Mapping[str, bytes]:
        """Return keys that are wrapped by the master key of a number, so many at most."""
        found = ((s, key) for s, key in sorted(self._keys.items()) if key and key[1] == number)
        return dict(islice(found, most))

    async def replace(self, keys: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Put a subject's second key in the place of the first, where that one still stands."""
        self._keys |= {s: new for s, (old, new) in keys.items() if self._keys.get(s) == old}


class MemoryLedger:
    """A ledger in memory with its outbox and its rejected inputs."""

    def __init__(self) -> None:
        self.outbox = MemoryOutbox()
        self.inputs = MemoryInputs()
        self._lock = asyncio.Lock()
        self._entries: list[bytes] = []
        self._places: set[tuple[str, int]] = set()
        self._cells: dict[str, Cell] = {}
        self._effects: dict[CommandKey, Effect] = {}

    async def peek(self, keys: Sequence[str]) -> Mapping[str, Cell]:
        """Return committed cells without a lock; missing ones have version 0."""
        await asyncio.sleep(0)  # others may run here, as they may while a database answers
        return {key: self._cells.get(key, _NOTHING) for key in keys}

    async def effects(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, Effect]:
        """Return the committed effects of commands, without a lock."""
        await asyncio.sleep(0)
        return {key: self._effects[key] for key in keys if key in self._effects}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """Open a transaction; it commits when the block ends and rolls back when it raises."""
        async with self._lock:
            transaction = MemoryTransaction(self)
            yield transaction
            if transaction.batch is not None:
                self._commit(transaction.batch)

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Read entries in order of position, ``after`` excluded, ``until`` included."""
        last = len(self._entries) if until is None else min(until, len(self._entries))
        for position in range(max(after, 0) + 1, last + 1):
            yield position, self._entries[position - 1]

    async def cells(self, prefix: str = "") -> AsyncIterator[tuple[str, bytes]]:
        """Read the existing cells whose key starts with ``prefix``, sorted by their UTF-8 bytes."""
        found = [key for key in self._cells if key.startswith(prefix)]
        kept = [(key, self._cells[key].state) for key in sorted(found, key=str.encode)]
        for key, state in kept:
            if state is not None:
                yield key, state

    async def position(self) -> int:
        """Return the last position; 0 when the ledger is empty."""
        return len(self._entries)

    def _check(self, batch: Append) -> None:
        """Raise before anything is written: a batch is written whole or not at all."""
        keys = [effect.key for effect in batch.effects]
        if len(set(keys)) != len(keys) or any(key in self._effects for key in keys):
            raise Conflict("a command of this batch has its effect on record")
        places = [(draft.stream, draft.sequence) for draft in batch.drafts]
        if len(set(places)) != len(places) or not self._places.isdisjoint(places):
            raise Misuse("a place in a stream is taken")
        ids = [n.id for n in batch.notifications]
        if len(set(ids)) != len(ids) or any(self.outbox._knows(id_) for id_ in ids):  # noqa: SLF001 - one store
            raise Misuse("a notification is on record already")

    def _commit(self, batch: Append) -> None:
        start = len(self._entries) + 1
        self._entries.extend(draft.at(start + n) for n, draft in enumerate(batch.drafts))
        self._places.update((draft.stream, draft.sequence) for draft in batch.drafts)
        reached = {draft.stream: draft.sequence for draft in batch.drafts}
        for key, state in batch.cells.items():
            old = self._cells.get(key, _NOTHING)
            self._cells[key] = Cell(old.version + 1, state, reached.get(key, old.sequence))
        self._effects.update((effect.key, effect) for effect in batch.effects)
        self.outbox._put(batch.notifications)  # noqa: SLF001 - the ledger and its outbox are one store
        self.inputs._put(batch.inputs)  # noqa: SLF001 - the same


class MemoryTransaction:
    """A transaction of the memory ledger. It holds the ledger's lock while it lives."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self._owned: frozenset[str] | None = None
        self.batch: Append | None = None

    async def lock(self, shared: Sequence[str], owned: Sequence[str]) -> Mapping[str, Cell]:
        """Return cells as they are now; the ledger's lock already keeps others out."""
        if self._owned is not None:
            raise Misuse("a transaction locks once: all of its keys, in one order")
        self._owned = frozenset(owned)
        return await self._ledger.peek([*shared, *owned])

    async def effects(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, Effect]:
        """Return the effects that are already on record for these commands."""
        return await self._ledger.effects(keys)

    async def append(self, batch: Append) -> int:
        """Take the batch for the commit; return the first position.

        Raises:
            Conflict: If one of the commands has its effect on record by now.
            Misuse: If the batch writes a cell that is not owned, or a place in a stream twice.
        """
        if self.batch is not None:
            raise Misuse("a transaction appends once: positions are its last lock")
        if stray := batch.cells.keys() - (self._owned or frozenset()):
            raise Misuse(f"written but not owned: {', '.join(sorted(stray))}")
        self._ledger._check(batch)  # noqa: SLF001 - a transaction is the ledger's other half
        self.batch = batch
        return await self._ledger.position() + 1
