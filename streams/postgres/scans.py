"""Pictures of what was signed on paper, in Postgres."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES
from streams.scans import Scan


class PostgresScans:
    """The pictures of one planning domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, scan: Scan) -> None:
        """Keep a picture; one that is here already stays as it is."""
        await self._fetch("keep_scan", scan.sha256, scan.media, scan.size, scan.sealed, scan.since)

    async def find(self, sha256: str) -> Scan | None:
        """Return the picture with this hash, ``None`` when there is none."""
        found = await self._fetch("find_scan", sha256)
        return Scan(**dict(found[0])) if found else None

    async def having(self, hashes: Collection[str]) -> frozenset[str]:
        """Return those of some hashes whose pictures are here."""
        found = await self._fetch("having_scans", list(hashes))
        return frozenset(row["sha256"] for row in found)

    async def before(self, moment: datetime) -> list[str]:
        """Return the hashes of all that was kept before a moment, the oldest first."""
        return [row["sha256"] for row in await self._fetch("old_scans", moment)]

    async def drop(self, hashes: Collection[str]) -> None:
        """Throw pictures away; what is unknown is no fault."""
        await self._fetch("drop_scans", list(hashes))

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        async with self._database.connection() as connection:
            with named():
                return list(await connection.fetch(QUERIES[query], *arguments))
