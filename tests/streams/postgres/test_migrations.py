"""Migrations: in order, once, by one program at a time, and never changed afterwards."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from streams.postgres import Database, ServerError, migrate
from streams.postgres.migrations import MIGRATIONS, read
from streams.postgres.queries import QUERIES
from streams.readmodels import TABLES, Table

pytestmark = pytest.mark.lane("postgres")

ALL = [migration.name for migration in read()]
_TYPES = {"timestamptz": "timestamp with time zone"}


@pytest_asyncio.fixture
async def fresh(database_dsn: str) -> AsyncIterator[Database]:
    """Yield a database whose schema is not there yet."""
    opened = await Database.open(database_dsn, "fresh")
    yield opened
    await opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the migrations that a test may change."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))


async def test_each_is_applied_once(fresh: Database) -> None:
    assert await migrate(fresh) == ALL
    assert await migrate(fresh) == []


async def test_programs_that_start_together_take_turns(fresh: Database) -> None:
    applied = await asyncio.gather(*(migrate(fresh) for _ in range(4)))
    assert sorted(applied) == [[], [], [], ALL]


async def test_a_new_one_is_applied_to_an_old_schema(fresh: Database, folder: Path) -> None:
    await migrate(fresh, folder)
    (folder / "0900_more.sql").write_text("CREATE TABLE more (id text);")
    assert await migrate(fresh, folder) == ["0900_more"]


async def test_a_changed_one_is_refused(fresh: Database, folder: Path) -> None:
    await migrate(fresh, folder)
    with (folder / "0001_ledger.sql").open("a") as file:
        file.write("-- a word more\n")
    with pytest.raises(ServerError, match="0001_ledger was changed"):
        await migrate(fresh, folder)


async def test_an_older_program_is_refused(fresh: Database, folder: Path) -> None:
    await migrate(fresh, folder)
    (folder / f"{ALL[-1]}.sql").unlink()
    with pytest.raises(ServerError, match=f"newer than the program.*{ALL[-1]}"):
        await migrate(fresh, folder)


async def test_gaps_mean_nothing_and_no_number_stands_twice(fresh: Database, folder: Path) -> None:
    (folder / "0900_more.sql").write_text("CREATE TABLE more (id text);")
    assert await migrate(fresh, folder) == [*ALL, "0900_more"]
    (folder / "0850_between.sql").write_text("CREATE TABLE between_them (id text);")
    assert await migrate(fresh, folder) == ["0850_between"]
    (folder / "0900_again.sql").write_text("SELECT 1;")
    with pytest.raises(ServerError, match="same number"):
        read(folder)


async def test_one_that_fails_leaves_nothing(fresh: Database, folder: Path) -> None:
    await migrate(fresh, folder)
    broken = folder / "0900_broken.sql"
    broken.write_text("CREATE TABLE half (id text); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(fresh, folder)
    broken.write_text("CREATE TABLE half (id text);")
    assert await migrate(fresh, folder) == [broken.stem]


async def test_the_tables_are_as_the_list_says(database: Database) -> None:
    async with database.connection() as connection:
        found = await connection.fetch(QUERIES["columns"], database.schema)
        keys = await connection.fetch(
            "SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS said "
            "FROM pg_constraint WHERE contype = 'p'"
        )
    primary = {row["name"]: row["said"] for row in keys}
    for table in TABLES.values():
        live = [row for row in found if row["table_name"] == table.name]
        assert [
            (row["column_name"], row["data_type"], row["empty"], row["column_default"])
            for row in live
        ] == _listed(table)
        assert re.findall(r"\w+", primary[table.name])[2:] == list(table.key)
    ours = {
        "account",
        "cell",
        "checkpoint",
        "cosignature",
        "delivery",
        "desk",
        "effect",
        "entry",
        "head",
        "input",
        "job",
        "migration",
        "notification",
        "scan",
        "session",
        "tile",
        "watched",
    }
    # A table that is neither ours by name nor on the list would escape a replay.
    assert {row["table_name"] for row in found} == ours | {"subject_key"} | TABLES.keys()


def _listed(table: Table) -> list[tuple[str, str, bool, str | None]]:
    return [(c.name, _TYPES.get(c.type, c.type), c.empty, c.default) for c in table.columns]


async def test_nobody_there_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="cannot connect to the database"):
        await Database.open(f"postgresql://wurao@/postgres?host={tmp_path}")


async def test_an_unreadable_dsn_is_said_clearly() -> None:
    with pytest.raises(ServerError, match="cannot connect to the database"):
        await Database.open("http://nowhere")


async def test_an_old_server_is_refused(database_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.postgres.database.OLDEST", 99)
    with pytest.raises(ServerError, match="too old, 99 or newer"):
        await Database.open(database_dsn)


async def test_a_schema_has_a_plain_name(database_dsn: str) -> None:
    with pytest.raises(ServerError, match="no name for a schema"):
        await Database.open(database_dsn, 'x"; DROP SCHEMA wurao')
