"""A domain's tables copied out into files and back into an empty schema, as of one instant.

The text form of COPY is used: it says the same on every version of the server that is supported.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import asyncpg

from streams.postgres.database import Database, ServerError, named
from streams.postgres.queries import QUERIES

if TYPE_CHECKING:
    from streams.postgres.database import Connection

LEFT_OUT: Final = frozenset({"migration", "session"})
"""What migrations say themselves, and logins: whoever restores logs in anew."""

FIRST: Final = ("notification", "checkpoint")
"""Tables to which others refer."""


async def tables(connection: Connection, schema: str) -> list[str]:
    """Return the tables of a schema that are copied, in an order in which they can be filled."""
    rows = await connection.fetch(QUERIES["tables"], schema)
    found = [row["table"] for row in rows if row["table"] not in LEFT_OUT]
    return sorted(found, key=lambda name: (name not in FIRST, name))


async def copy_out(database: Database, folder: Path) -> dict[str, int]:
    """Copy every table into a file of the folder; return how many rows each has.

    All tables are of the same instant, whatever is written meanwhile.

    Raises:
        Unavailable: If the database does not answer.
    """
    async with database.connection() as connection:
        with named():
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return {
                    table: _count(
                        await connection.copy_from_table(
                            table, schema_name=database.schema, output=folder / f"{table}.copy"
                        )
                    )
                    for table in await tables(connection, database.schema)
                }


async def applied(database: Database) -> dict[str, str]:
    """Return the migrations of a schema: name and hash."""
    async with database.connection() as connection:
        with named():
            rows = await connection.fetch(QUERIES["applied"])
    return {row["name"]: row["hash"] for row in rows}


async def is_empty(database: Database) -> bool:
    """Tell whether nothing was ever written into a schema."""
    async with database.connection() as connection:
        with named():
            position = await connection.fetchval("SELECT position FROM head")
            accounts = await connection.fetchval("SELECT count(*) FROM account")
    return bool(position == 0 and accounts == 0)


async def copy_in(database: Database, folder: Path, rows: Mapping[str, int]) -> None:
    """Fill an empty schema from a folder's files, all of them or nothing.

    Raises:
        ServerError: If a file does not fit the tables, or has another number of rows than stated.
    """
    async with database.owned() as owner, owner.connection() as connection:
        try:
            async with connection.transaction():
                known = await tables(connection, database.schema)
                if set(known) != rows.keys():
                    differing = ", ".join(sorted(set(known) ^ rows.keys()))
                    raise ServerError(f"表不同 / other tables than here: {differing}")
                await connection.execute("DELETE FROM head")
                for table in known:
                    await _fill(connection, database.schema, folder, table, rows[table])
                await _count_on(connection, database.schema)
        except (asyncpg.PostgresError, OSError) as error:
            raise ServerError(f"恢复失败, 未写入 / nothing was restored: {error}") from error


async def _fill(connection: Connection, schema: str, folder: Path, table: str, stated: int) -> None:
    path = folder / f"{table}.copy"
    found = _count(await connection.copy_to_table(table, schema_name=schema, source=path))
    if found != stated:
        raise ServerError(f"{path.name}: {found} 行, 应为 / rows, not {stated}")


async def _count_on(connection: Connection, schema: str) -> None:
    """Let counters of rows go on where they were."""
    for row in await connection.fetch(QUERIES["counters"], schema):
        await connection.execute(
            f'SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max("{row["column"]}"), 0) + 1, '  # noqa: S608 - names of ours
            f'false) FROM "{schema}"."{row["table"]}"',
            f'"{schema}"."{row["table"]}"',
            row["column"],
        )


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
