"""Desks in Postgres."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from streams.desk import Kept
from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES


class PostgresDesk:
    """The desks of one planning domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, kept: Kept, *, most: int) -> None:
        """Keep something, or change what has its name; the owner's oldest beyond ``most`` go."""
        await self._fetch(
            "keep_on_desk", kept.kind, kept.id, kept.owner, kept.title, kept.body, kept.since
        )
        await self._fetch("clear_desk", kept.owner, kept.kind, most)

    async def find(self, kind: str, id_: str) -> Kept | None:
        """Return what has this name, ``None`` when there is nothing."""
        found = await self._fetch("on_desk", kind, id_)
        return Kept(**dict(found[0])) if found else None

    async def of(self, owner: str, kind: str) -> list[Kept]:
        """Return what somebody keeps of a kind, the newest first."""
        return [Kept(**dict(row)) for row in await self._fetch("desk_of", owner, kind)]

    async def drop(self, kind: str, id_: str) -> None:
        """Throw something away; what is unknown is no fault."""
        await self._fetch("drop_from_desk", kind, id_)

    async def purge(self, kind: str, before: datetime) -> None:
        """Throw away all of a kind that was kept before a moment."""
        await self._fetch("purge_desk", kind, before)

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        async with self._database.connection() as connection:
            with named():
                return list(await connection.fetch(QUERIES[query], *arguments))
