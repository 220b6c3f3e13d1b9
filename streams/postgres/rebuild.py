"""Everything beside the entries written anew into an empty schema, in bulk, to be compared.

Entries, effects and notifications are copied in as the fold hands them out; cells and read models
once at the end, when each has its last state. That gives the same rows as writing them one
transaction after another, which a test holds, at a fraction of the cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from schemas.wire import canonical
from streams.ports import Append, Cell
from streams.postgres.compare import load
from streams.postgres.database import Database, named

if TYPE_CHECKING:
    from streams.postgres.database import Connection

_AT_ONCE: Final = 5_000


class Rebuilt:
    """An empty schema that takes what a fold hands out."""

    def __init__(self, fresh: Database) -> None:
        self._fresh = fresh
        self._position = 0

    async def take(self, page: Append) -> None:
        """Write a page's entries, effects and notifications; its cells wait for ``finish``."""
        first = self._position + 1
        self._position += len(page.drafts)
        entries = (
            (first + n, d.stream, d.sequence, d.type, d.at(first + n))
            for n, d in enumerate(page.drafts)
        )
        effects = (
            (e.key.source, e.key.id, e.hash, e.status, e.about, e.objections) for e in page.effects
        )
        notices = (
            (
                n.id,
                n.recipient.value,
                n.to,
                n.template,
                canonical(n.params).decode(),
                n.about,
                n.ordinal,
            )
            for n in page.notifications
        )
        async with self._fresh.connection() as connection:
            with named():
                await self._copy(connection, "entry", _ENTRY, entries)
                await self._copy(connection, "effect", _EFFECT, effects)
                await self._copy(connection, "notification", _NOTIFICATION, notices)

    async def finish(self, cells: Mapping[str, Cell]) -> None:
        """Write the cells with their read models."""
        waiting = ((key, c.sequence, c.state) for key, c in cells.items() if c.state is not None)
        while chunk := list(islice(waiting, _AT_ONCE)):
            await load(self._fresh, chunk)

    async def _copy(
        self,
        connection: Connection,
        table: str,
        columns: tuple[str, ...],
        records: Iterator[tuple[Any, ...]],
    ) -> None:
        await connection.copy_records_to_table(
            table, schema_name=self._fresh.schema, columns=columns, records=records
        )


_ENTRY: Final = ("position", "stream", "sequence", "type", "body")
_EFFECT: Final = ("source", "id", "hash", "status", "about", "objections")
_NOTIFICATION: Final = (
    "id", "recipient", "addressee", "template", "params", "about", "ordinal",
)  # fmt: skip
