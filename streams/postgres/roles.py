"""Two roles: one owns the tables and migrates them, one runs the application and may do no more than it must.

What the application may do to a table follows from the table itself: one that carries the trigger
``append_only`` can only be read and added to, whoever adds such a table later. Nobody but the owner may
change, empty or drop a table, or take its trigger away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import asyncpg

from streams.postgres.database import Database, ServerError, named
from streams.postgres.migrations import alone, migrate
from streams.postgres.queries import QUERIES
from streams.postgres.status import status

if TYPE_CHECKING:
    from streams.postgres.database import Connection

_READ: Final = frozenset({"SELECT"})
_ADD: Final = frozenset({"SELECT", "INSERT"})
_CHANGE: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})

_SPECIAL: Final = {
    "migration": _READ,
    "head": frozenset({"SELECT", "UPDATE"}),
    "notification": _ADD,
}
"""Tables that no trigger guards, and of which the application needs less than usual."""


@dataclass(frozen=True, slots=True)
class Excess:
    """A table of which a role may do something else than it should."""

    table: str
    wanted: frozenset[str]
    held: frozenset[str]

    def __str__(self) -> str:
        """Say what is too much and what is missing."""
        more, less = sorted(self.held - self.wanted), sorted(self.wanted - self.held)
        said = [f"+{', '.join(more)}"] if more else []
        said += [f"-{', '.join(less)}"] if less else []
        return f"{self.table}: {' '.join(said)}"


def due(table: str, *, append_only: bool) -> frozenset[str]:
    """Return what the application may do to a table."""
    return _SPECIAL.get(table, _ADD if append_only else _CHANGE)


async def differing(connection: Connection, schema: str, role: str) -> list[Excess]:
    """Return the tables of a schema on which a role has other rights than it should."""
    with named():
        rows = await connection.fetch(QUERIES["rights"], schema, role)
    found = (
        Excess(
            row["table"],
            due(row["table"], append_only=row["append_only"]),
            frozenset(row["held"]),
        )
        for row in rows
    )
    return [each for each in found if each.held != each.wanted]


async def grant(owner: Database, role: str) -> list[Excess]:
    """Give the application's role its rights on the owner's schema; return what was otherwise."""
    async with owner.session() as connection, alone(connection):
        found = await differing(connection, owner.schema, role)
        entered = await connection.fetchval(QUERIES["may_enter"], owner.schema, role)
        with named():
            async with connection.transaction():
                if not entered:
                    await connection.execute(f'GRANT USAGE ON SCHEMA "{owner.schema}" TO "{role}"')
                for each in found:
                    place = f'"{owner.schema}"."{each.table}"'
                    wanted = ", ".join(sorted(each.wanted))
                    await connection.execute(f'REVOKE ALL ON {place} FROM "{role}"')
                    await connection.execute(f'GRANT {wanted} ON {place} TO "{role}"')
    return found


async def prepare(database: Database) -> None:
    """Bring a schema up to date by whoever may, and give the application's role its rights.

    Without an owner's DSN the application's own role migrates where it owns the tables; where it does
    not, the schema must be up to date already.

    Raises:
        ServerError: If the schema is out of date and nobody here may mend it.
        Unavailable: If the database went away meanwhile; what was done can be done again.
    """
    with named():
        await _prepare(database)


async def _prepare(database: Database) -> None:
    if database.owner is None:
        async with database.connection() as connection:
            may = await connection.fetchval(QUERIES["may_alter"], database.schema)
        if may:
            await migrate(database)
            return
    if await _ready(database):
        return
    if database.owner is None:
        raise ServerError(
            "数据库结构待更新或权限不足, 而本账号无权修改; 请设 WURAO_MIGRATION_DSN 运行一次"
            " / the schema is out of date or closed to this role, which may not change it;"
            " run once with WURAO_MIGRATION_DSN"
        )
    role = await role_of(database)
    async with database.owned() as owner:
        await migrate(owner)
        if role != await role_of(owner):
            await grant(owner, role)


async def role_of(database: Database) -> str:
    """Return the name of the role by which a database is used."""
    async with database.connection() as connection:
        with named():
            return str(await connection.fetchval("SELECT current_user"))


async def ensure_role(owner_dsn: str, role: str) -> None:
    """Make a role that may log in and nothing else, unless it is there.

    Raises:
        ServerError: If the owner cannot connect, or may not make roles.
    """
    try:
        connection = await asyncpg.connect(owner_dsn)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerError(f"连接不上数据库 / cannot connect: {error!r}") from error
    try:
        if not await connection.fetchval(QUERIES["role_exists"], role):
            await connection.execute(f'CREATE ROLE "{role}" LOGIN')
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        pass  # another program was first
    except asyncpg.PostgresError as error:
        raise ServerError(f"不能建立账号 / cannot make the role {role}: {error}") from error
    finally:
        await connection.close()


async def _ready(database: Database) -> bool:
    """Tell whether the schema is the program's and the application may do what it must, no more."""
    role = await role_of(database)
    async with database.connection() as connection:
        if not await connection.fetchval(QUERIES["may_enter"], database.schema, role):
            return False
    found = await status(database)
    if found.pending or found.changed or found.unknown:
        return False
    async with database.connection() as connection:
        return not await differing(connection, database.schema, role)
