"""Ordered migrations: each is applied once, under a lock, and recorded with the hash of its text."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streams.postgres.database import Database, ServerError, named
from streams.postgres.queries import QUERIES, SQL

if TYPE_CHECKING:
    from streams.postgres.database import Connection

MIGRATIONS = SQL / "migrations"

_LOCK = 0x77757261_6F
"""Key of the advisory lock that lets one program migrate at a time."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration file."""

    number: int
    name: str
    text: str

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(folder: Path = MIGRATIONS) -> list[Migration]:
    """Return the migrations of a folder in order. Numbers are given out in blocks: gaps mean nothing.

    Raises:
        ServerError: If two have the same number.
    """
    found = [
        Migration(int(file.name.partition("_")[0]), file.stem, file.read_text())
        for file in sorted(folder.glob("*.sql"))
    ]
    if len({m.number for m in found}) != len(found):
        raise ServerError(f"{folder}: 迁移编号重复 / two migrations have the same number")
    return found


async def migrate(database: Database, folder: Path = MIGRATIONS) -> list[str]:
    """Bring a database's schema up to date; return the names of what was applied.

    Raises:
        ServerError: If an applied migration was changed, or the schema is newer than the program.
    """
    async with database.session() as connection, alone(connection):
        with named():
            await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{database.schema}"')
            await connection.execute(QUERIES["create_record"])
        return await _apply(connection, read(folder))


@asynccontextmanager
async def alone(connection: Connection) -> AsyncIterator[None]:
    """Be the only program that changes a schema or its rights, within the block."""
    with named():
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _apply(connection: Connection, wanted: list[Migration]) -> list[str]:
    with named():
        applied = {row["number"]: row for row in await connection.fetch(QUERIES["applied"])}
    known = {migration.number: migration for migration in wanted}
    for number, row in applied.items():
        if number not in known:
            message = (
                f"数据库比程序新（迁移 {row['name']}），请升级程序。"
                f" / the database is newer than the program (migration {row['name']})"
            )
            raise ServerError(message)
        if row["hash"] != known[number].hash:
            message = (
                f"已执行的迁移被改动：{row['name']}；请恢复原文件，另写新迁移。"
                f" / migration {row['name']} was changed after it was applied; restore it and "
                "write a new one"
            )
            raise ServerError(message)
    todo = [migration for migration in wanted if migration.number not in applied]
    for migration in todo:
        with named():
            async with connection.transaction():
                await connection.execute(migration.text)
                record = (migration.number, migration.name, migration.hash)
                await connection.execute(QUERIES["record"], *record)
    return [migration.name for migration in todo]
