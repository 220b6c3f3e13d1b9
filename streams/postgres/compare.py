"""Compares two schemas table by table: what a replay found against what pages have been reading.

Both sides are copied out in the order of their keys and hashed, so "no difference" means the same
bytes. Where a table differs the rows are named by their keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.postgres import rows
from streams.postgres.database import Database, named
from streams.postgres.migrations import migrate
from streams.postgres.roles import grant, role_of
from streams.readmodels import TABLES

if TYPE_CHECKING:
    from streams.postgres.database import Connection


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared of a table. What only says how the work was done is left out."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    where: str = "true"


CELLS = Comparison("cell", ("key",), ("sequence", "state"), "state IS NOT NULL")
"""Cells without their versions: those count transactions, and a replay batches differently."""

ENTRIES = Comparison("entry", ("position",), ("stream", "sequence", "type", "body"))
READ_MODELS = tuple(
    Comparison(t.name, t.key, tuple(c.name for c in t.columns if c.name not in t.key))
    for t in TABLES.values()
)
EFFECTS = Comparison("effect", ("source", "id"), ("hash", "status", "about", "objections"))
NOTIFICATIONS = Comparison(
    "notification",
    ("id",),
    ("recipient", "addressee", "template", "params", "about", "ordinal"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same: only in one of the two, or with other values in ``columns``."""

    table: str
    key: tuple[str, ...]
    kind: str
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.table} {'/'.join(self.key)}: {self.kind}"
        return f"{said} ({', '.join(self.columns)})" if self.columns else said


async def differences(
    database: Database,
    live: str,
    rebuilt: str,
    tables: Iterable[Comparison] = (CELLS, *READ_MODELS),
    limit: int = 1000,
) -> list[Difference]:
    """Return the rows in which two schemas differ, at most ``limit`` a table.

    ``kind`` is ``missing`` (not among the live rows), ``extra`` (only there) or ``changed``.
    """
    found: list[Difference] = []
    async with database.connection() as connection:
        with named():
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                for table in tables:
                    if await digest(connection, live, table) != await digest(
                        connection, rebuilt, table
                    ):
                        found += await _named_rows(connection, live, rebuilt, table, limit)
    return found


async def digest(connection: Connection, schema: str, table: Comparison) -> str:
    """Return the SHA-256 of a table's rows, copied out in the order of their keys."""
    hasher = hashlib.sha256()

    async def take(data: bytes) -> None:
        hasher.update(data)

    columns = ", ".join(f'"{name}"' for name in (*table.key, *table.columns))
    order = ", ".join(f'"{name}"' for name in table.key)
    source = f'"{schema}"."{table.table}"'
    query = f"SELECT {columns} FROM {source} WHERE {table.where} ORDER BY {order}"  # noqa: S608 - names of ours
    await connection.copy_from_query(query, output=take)
    return hasher.hexdigest()


async def _named_rows(
    connection: Connection, live: str, rebuilt: str, table: Comparison, limit: int
) -> list[Difference]:
    def side(schema: str) -> str:
        return f'(SELECT *, true AS here FROM "{schema}"."{table.table}" WHERE {table.where})'  # noqa: S608 - names of ours

    keys = ", ".join(f'"{name}"' for name in table.key)
    texts = ", ".join(f'"{name}"::text' for name in table.key)
    differ = [f'l."{name}" IS DISTINCT FROM r."{name}"' for name in table.columns]
    changed = ", ".join(differ) or "false"
    query = (
        f"SELECT ARRAY[{texts}] AS key, "  # noqa: S608 - names of ours
        f"l.here AS live, r.here AS rebuilt, ARRAY[{changed}] AS changed "
        f"FROM {side(live)} AS l FULL JOIN {side(rebuilt)} AS r USING ({keys}) "
        f"WHERE l.here IS NULL OR r.here IS NULL OR {' OR '.join(differ) or 'false'} "
        f"ORDER BY {keys} LIMIT $1"
    )
    return [
        _difference(table, row["key"], row["live"], row["rebuilt"], row["changed"])
        for row in await connection.fetch(query, limit)
    ]


def _difference(
    table: Comparison, key: Sequence[str], live: object, rebuilt: object, changed: Sequence[bool]
) -> Difference:
    if not live or not rebuilt:
        return Difference(table.table, tuple(key), "extra" if live else "missing")
    columns = (name for name, differs in zip(table.columns, changed, strict=False) if differs)
    return Difference(table.table, tuple(key), "changed", tuple(columns))


@asynccontextmanager
async def rebuild_schema(database: Database) -> AsyncIterator[Database]:
    """Lend a fresh, empty schema beside the live one; it is gone after the block."""
    async with database.owned() as maker, maker.connection() as keeper:
        # The server's number for this connection is nobody else's while the connection lives.
        name = f"rebuild_{await keeper.fetchval('SELECT pg_backend_pid()')}"
        await keeper.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        fresh = await Database.open(maker.dsn, name, size=2)
        try:
            await migrate(fresh)
            if maker is not database:
                await grant(fresh, await role_of(database))
            yield fresh
        finally:
            await fresh.close()
            await keeper.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')


async def load(fresh: Database, cells: Sequence[tuple[str, int, bytes]]) -> None:
    """Load (key, sequence, state) into the cells and read models of a fresh schema.

    May be called again with other cells; a key may come once.
    """
    async with fresh.connection() as connection:
        with named():
            async with connection.transaction():
                await connection.copy_records_to_table(
                    "cell",
                    schema_name=fresh.schema,
                    columns=("key", "version", "sequence", "state"),
                    records=[(key, 1, sequence, state) for key, sequence, state in cells],
                )
                pairs = ((key, state) for key, _, state in cells)
                for table, lines in rows.records(pairs).items():
                    await connection.copy_records_to_table(
                        table,
                        schema_name=fresh.schema,
                        columns=[column.name for column in TABLES[table].columns],
                        records=lines,
                    )
