"""What state a database's schema is in, without changing it."""

from __future__ import annotations

from dataclasses import dataclass

from streams.postgres.database import Database, named
from streams.postgres.migrations import read
from streams.postgres.queries import QUERIES


@dataclass(frozen=True, slots=True)
class Status:
    """The server's version, the migrations still to be applied, and those that were changed."""

    server: str
    pending: tuple[str, ...]
    changed: tuple[str, ...]
    unknown: tuple[str, ...]
    """Applied migrations that this program does not have: the database is newer."""


async def status(database: Database) -> Status:
    """Compare what was applied with what the program brings."""
    wanted = {migration.number: migration for migration in read()}
    async with database.connection() as connection:
        with named():
            server = str(await connection.fetchval("SHOW server_version"))
            there = await connection.fetchval(QUERIES["record_is_there"], database.schema)
            applied = await connection.fetch(QUERIES["applied"]) if there else []
    known = {row["number"]: row for row in applied}
    return Status(
        server,
        tuple(m.name for n, m in wanted.items() if n not in known),
        tuple(m.name for n, m in wanted.items() if n in known and known[n]["hash"] != m.hash),
        tuple(row["name"] for n, row in known.items() if n not in wanted),
    )
