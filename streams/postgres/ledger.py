"""The ledger in Postgres: entries, cells, effects and read models in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import asyncpg

from schemas.notifications import Notification
from schemas.wire import canonical
from streams.ports import (
    RETENTION,
    Append,
    Cell,
    CommandKey,
    Conflict,
    Draft,
    Effect,
    Misuse,
    RawInput,
)
from streams.postgres import rows
from streams.postgres.database import LOST, Database, named
from streams.postgres.locking import plan
from streams.postgres.queries import QUERIES

if TYPE_CHECKING:
    from streams.postgres.database import Connection

_NOTHING = Cell(0, None)
_PAGE = 1000
"""Entries read at a time. An entry may hold a whole plan, so it is not many."""


class PostgresLedger:
    """The ledger of one planning domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def peek(self, keys: Sequence[str]) -> Mapping[str, Cell]:
        """Return committed cells without a lock; missing ones have version 0."""
        async with self._database.connection() as connection:
            with named():
                found = await connection.fetch(QUERIES["peek"], list(keys))
        return dict.fromkeys(keys, _NOTHING) | _cells(found)

    async def effects(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, Effect]:
        """Return the committed effects of commands, without a lock."""
        async with self._database.connection() as connection:
            return await _effects(connection, keys)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """Open a transaction; it commits when the block ends and rolls back when it raises."""
        async with self._database.connection() as connection:
            # Read committed: a statement sees what was committed before it, so a lock that had to
            # wait returns the state that its predecessor left.
            transaction = connection.transaction(isolation="read_committed")
            with named():
                await transaction.start()
            try:
                yield PostgresTransaction(connection)
            except BaseException:
                # Where the connection is gone the server rolls back by itself.
                with suppress(*LOST):
                    await transaction.rollback()
                raise
            with named():
                await transaction.commit()

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Read entries in order of position, ``after`` excluded, ``until`` included."""
        last = await self.position() if until is None else until
        while True:
            # Page by page on any connection: what is written never changes and has no gaps.
            async with self._database.connection() as connection:
                with named():
                    page = await connection.fetch(QUERIES["entries"], after, last, _PAGE)
            for row in page:
                yield row["position"], row["body"]
            if len(page) < _PAGE:
                return
            after = page[-1]["position"]

    async def cells(self, prefix: str = "") -> AsyncIterator[tuple[str, bytes]]:
        """Read the existing cells whose key starts with ``prefix``, sorted by key (C collation)."""
        async with self._database.connection() as connection:
            # One statement, so all cells are as of one moment.
            with named():
                async with connection.transaction():
                    async for row in connection.cursor(QUERIES["cells"], prefix, prefetch=_PAGE):
                        yield row["key"], row["state"]

    async def position(self) -> int:
        """Return the last position; 0 when the ledger is empty."""
        async with self._database.connection() as connection:
            with named():
                return int(await connection.fetchval(QUERIES["position"]))


class PostgresTransaction:
    """One transaction of the ledger: it locks once, and appends once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._owned: frozenset[str] = frozenset()
        self._new: frozenset[str] = frozenset()
        self._locked = self._appended = False

    async def lock(self, shared: Sequence[str], owned: Sequence[str]) -> Mapping[str, Cell]:
        """Lock cells in the one order that ``streams.postgres.locking`` explains."""
        if self._locked:
            raise Misuse("a transaction locks once: all of its keys, in one order")
        self._locked, self._owned = True, frozenset(owned)
        order = plan(shared, owned)
        strength = QUERIES["lock_owned" if order.references_owned else "lock_shared"]
        with named():
            await self._connection.execute(QUERIES["add_missing"], order.all)
            found = []
            if order.references:
                found += await self._connection.fetch(strength, order.references)
            if order.others:
                found += await self._connection.fetch(QUERIES["lock_owned"], order.others)
        cells = _cells(found)
        self._new = frozenset(key for key, cell in cells.items() if cell.state is None)
        return cells

    async def effects(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, Effect]:
        """Return the effects that are already on record for these commands."""
        return await _effects(self._connection, keys)

    async def append(self, batch: Append) -> int:
        """Write all of it, taking positions as the last lock; return the first position.

        Raises:
            Conflict: If one of the commands has its effect on record by now.
            Misuse: If the batch writes a cell that is not owned, or a place in a stream twice.
        """
        if self._appended:
            raise Misuse("a transaction appends once: positions are its last lock")
        if stray := batch.cells.keys() - self._owned:
            raise Misuse(f"written but not owned: {', '.join(sorted(stray))}")
        self._appended = True
        try:
            with named():
                return await self._write(batch)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "effect_once":
                raise Conflict(error.detail or str(error)) from error
            raise Misuse(error.detail or str(error)) from error

    async def _write(self, batch: Append) -> int:
        await self._add_effects(batch.effects)
        await self._write_cells(batch)
        await self._add_inputs(batch.inputs)
        await self._add_notifications(batch.notifications)
        # From here on others wait for us: only what needs the position may follow.
        last = await self._connection.fetchval(QUERIES["advance"], len(batch.drafts))
        first: int = last - len(batch.drafts) + 1
        await self._add_entries(first, batch.drafts)
        if batch.notifications:
            ids = [notification.id for notification in batch.notifications]
            await self._connection.execute(QUERIES["add_deliveries"], first, ids)
        return first

    async def _add_effects(self, effects: Sequence[Effect]) -> None:
        if effects:
            lines = [
                (e.key.source, e.key.id, e.hash, e.status, e.about, e.objections) for e in effects
            ]
            await self._connection.execute(QUERIES["add_effects"], *_columns(lines))

    async def _write_cells(self, batch: Append) -> None:
        if not batch.cells:
            return
        reached = {draft.stream: draft.sequence for draft in batch.drafts}
        lines = [(key, reached.get(key), state) for key, state in batch.cells.items()]
        await self._connection.execute(QUERIES["write_cells"], *_columns(lines))
        await rows.write(self._connection, batch, self._new)

    async def _add_inputs(self, inputs: Sequence[RawInput]) -> None:
        if inputs:
            lines = [(i.id, i.source, i.received, i.received + RETENTION, i.body) for i in inputs]
            await self._connection.execute(QUERIES["add_inputs"], *_columns(lines))

    async def _add_notifications(self, notifications: Sequence[Notification]) -> None:
        if notifications:
            lines = [
                (n.id, n.recipient.value, n.to, n.template, _params(n), n.about, n.ordinal)
                for n in notifications
            ]
            await self._connection.execute(QUERIES["add_notifications"], *_columns(lines))

    async def _add_entries(self, first: int, drafts: Sequence[Draft]) -> None:
        if drafts:
            lines = [(d.stream, d.sequence, d.type, d.at(first + n)) for n, d in enumerate(drafts)]
            await self._connection.execute(QUERIES["add_entries"], first, *_columns(lines))


async def _effects(connection: Connection, keys: Sequence[CommandKey]) -> dict[CommandKey, Effect]:
    arguments = [key.source for key in keys], [key.id for key in keys]
    with named():
        found = await connection.fetch(QUERIES["effects"], *arguments)
    effects = (
        Effect(
            CommandKey(r["source"], r["id"]), r["hash"], r["status"], r["about"], r["objections"]
        )
        for r in found
    )
    return {effect.key: effect for effect in effects}


def _cells(found: Sequence[asyncpg.Record]) -> dict[str, Cell]:
    return {row["key"]: Cell(row["version"], row["state"], row["sequence"]) for row in found}


def _columns(lines: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*lines, strict=True))


def _params(notification: Notification) -> str:
    return canonical(notification.params).decode()
