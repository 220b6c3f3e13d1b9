"""The history of a case in Postgres: the index of places in streams finds its entries."""

from __future__ import annotations

from collections.abc import Sequence

from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES


class PostgresHistory:
    """Entries of streams of one planning domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, streams: Sequence[str]) -> list[bytes]:
        """Return the entries of these streams, in order of position."""
        async with self._database.connection() as connection:
            with named():
                found = await connection.fetch(QUERIES["entries_of_streams"], list(streams))
        return [bytes(row["body"]) for row in found]
