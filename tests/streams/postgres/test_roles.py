"""The application's role may do what it must and nothing else; the owner alone changes tables."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio

from streams.postgres import Database, ServerError
from streams.postgres.compare import rebuild_schema
from streams.postgres.roles import due, ensure_role, grant, prepare
from tests.databases import execute

pytestmark = pytest.mark.lane("postgres")

SCHEMA: Final = "wurao"


def as_role(dsn: str, role: str) -> str:
    """Return a DSN by which one works as a role."""
    parts = urlsplit(dsn)
    more = f"options={quote(f'-c role={role}')}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


@pytest_asyncio.fixture
async def role(database_dsn: str) -> AsyncIterator[str]:
    """Yield a role that may log in and nothing else; it is gone after the test."""
    name = f"app_{os.getpid()}_{urlsplit(database_dsn).path.rpartition('_')[2]}"
    await ensure_role(database_dsn, name)
    yield name
    await execute(database_dsn, f'DROP OWNED BY "{name}"', f'DROP ROLE "{name}"')


@pytest_asyncio.fixture
async def app(database_dsn: str, role: str) -> AsyncIterator[Database]:
    """Yield the database as the application has it."""
    opened = await Database.open(as_role(database_dsn, role), SCHEMA, 2, owner=database_dsn)
    await prepare(opened)
    yield opened
    await opened.close()


ENTRY: Final = "INSERT INTO entry VALUES (1, 'visit/1', 1, 'a.type', 'body')"
FORBIDDEN: Final = (
    *(
        statement.format(table=table)
        for table in ("entry", "effect", "checkpoint", "cosignature")
        for statement in (
            "DELETE FROM {table}",
            "TRUNCATE {table} CASCADE",
            "ALTER TABLE {table} DISABLE TRIGGER append_only",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "DROP TRIGGER append_only ON {table}",
            "ALTER TABLE {table} ADD COLUMN more text",
            "DROP TABLE {table} CASCADE",
            "CREATE TRIGGER mine AFTER INSERT ON {table} EXECUTE FUNCTION refuse_change()",
            "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
        )
    ),
    "UPDATE entry SET body = 'another'",
    "UPDATE effect SET status = 'refused'",
    "UPDATE checkpoint SET note = 'another'",
    "UPDATE notification SET addressee = 'another'",
    "DELETE FROM notification",
    "TRUNCATE notification CASCADE",
    "DELETE FROM head",
    "INSERT INTO head VALUES ('second', 0)",
    "TRUNCATE head",
    "TRUNCATE cell",
    "TRUNCATE session",
    "ALTER TABLE cell ADD COLUMN more text",
    "ALTER TABLE session RENAME TO another",
    "CREATE INDEX mine ON entry (type)",
    "INSERT INTO migration VALUES (99, 'mine', 'x')",
    "UPDATE migration SET hash = 'x'",
    "DELETE FROM migration",
    "CREATE TABLE mine (id text)",
    "CREATE SCHEMA mine",
    "DROP SCHEMA wurao CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION refuse_change() OWNER TO current_user",
    "SET session_replication_role = replica",
    "CREATE ROLE friend SUPERUSER",
    "ALTER ROLE current_user SUPERUSER",
    "COPY entry TO PROGRAM 'cat'",
    "COPY input FROM '/etc/hostname'",
    "ALTER SYSTEM SET fsync = off",
)
"""What whoever has the application's password would do to the ledger."""


async def test_each_forbidden_statement_is_refused(app: Database) -> None:
    allowed = []
    async with app.connection() as connection:
        await connection.execute(ENTRY)
        for statement in FORBIDDEN:
            try:
                await connection.execute(statement)
            except asyncpg.InsufficientPrivilegeError:
                continue
            except asyncpg.PostgresError as error:
                allowed.append(f"{statement}: {error!r}")
            else:
                allowed.append(statement)
        kept = await connection.fetch("SELECT position, body FROM entry")
    assert allowed == []
    assert [tuple(row) for row in kept] == [(1, b"body")]


async def test_the_application_works(app: Database) -> None:
    async with app.connection() as connection:
        await connection.execute(ENTRY)
        await connection.execute("UPDATE head SET position = position + 1")
        await connection.execute("INSERT INTO cell VALUES ('k', 0, 0, 's')")
        await connection.execute("SELECT * FROM cell FOR UPDATE")
        await connection.execute("DELETE FROM cell")
        await connection.execute(
            "INSERT INTO job (id, kind, args, tries) VALUES ('1', 'plan', '', 0)"
        )
        assert await connection.fetchval("SELECT count(*) FROM migration") > 0


async def test_nothing_is_left_to_mend_and_excess_is_taken_away(
    app: Database, database_dsn: str, role: str
) -> None:
    owner = await Database.open(database_dsn, SCHEMA, 1)
    try:
        assert await grant(owner, role) == []
        await execute(database_dsn, f'GRANT ALL ON wurao.entry TO "{role}"')
        await prepare(app)
        assert await grant(owner, role) == []
    finally:
        await owner.close()


async def test_a_replay_compares_in_a_schema_of_the_owner(app: Database) -> None:
    async with rebuild_schema(app) as fresh, app.connection() as connection:
        found = await connection.fetchval(f'SELECT count(*) FROM "{fresh.schema}".entry')  # noqa: S608 - a name of ours
    assert found == 0


async def test_without_an_owner_an_old_schema_is_not_opened(database_dsn: str, role: str) -> None:
    alone = await Database.open(as_role(database_dsn, role), SCHEMA, 1)
    try:
        with pytest.raises(ServerError, match="WURAO_MIGRATION_DSN"):
            await prepare(alone)
    finally:
        await alone.close()


async def test_one_role_for_both_still_migrates(database_dsn: str) -> None:
    single = await Database.open(database_dsn, "single", 2)
    try:
        await prepare(single)
        async with single.connection() as connection:
            assert await connection.fetchval("SELECT count(*) FROM migration") > 0
    finally:
        await single.close()


def test_a_table_that_is_only_added_to_is_never_changed() -> None:
    assert due("anything", append_only=True) == {"SELECT", "INSERT"}
    assert due("migration", append_only=False) == {"SELECT"}
    assert "TRUNCATE" not in due("session", append_only=False)
