"""The records of a watch in Postgres."""

from __future__ import annotations

import json
from collections.abc import Mapping

from scheduler.watching import COUNTERS, NONE, Record
from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES


class PostgresWatched:
    """The watch of one planning domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> dict[str, Record]:
        """Return all records."""
        async with self._database.connection() as connection:
            with named():
                found = await connection.fetch(QUERIES["watched"])
        return {row["key"]: json.loads(row["body"]) for row in found}

    async def position(self) -> int:
        """Return the position of the counters that are kept."""
        async with self._database.connection() as connection:
            with named():
                body = await connection.fetchval(QUERIES["watched_one"], COUNTERS)
        return int((json.loads(body) if body else NONE)["position"])

    async def save(self, before: int, records: Mapping[str, Record]) -> bool:
        """Keep records at once, unless another watch was first."""
        async with self._database.connection() as connection:
            with named():
                async with connection.transaction():
                    await connection.execute(QUERIES["lock_watched"])
                    body = await connection.fetchval(QUERIES["watched_one"], COUNTERS)
                    if (json.loads(body) if body else NONE)["position"] != before:
                        return False
                    kept = {key: json.dumps(r).encode() for key, r in records.items() if r}
                    await connection.execute(
                        QUERIES["keep_watched"], list(kept), list(kept.values())
                    )
                    gone = [key for key, record in records.items() if not record]
                    await connection.execute(QUERIES["drop_watched"], gone)
        return True

    async def clear(self) -> None:
        """Throw everything away."""
        async with self._database.connection() as connection:
            with named():
                await connection.execute(QUERIES["clear_watched"])
