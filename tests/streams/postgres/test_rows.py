"""Read models in Postgres: written with the entries, told apart row by row."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from scheduler.states import KINDS, dump_state
from schemas.base import Frozen
from schemas.registry import Enterprise
from streams.ports import Append
from streams.postgres import Database, PostgresLedger
from streams.postgres.compare import Difference, differences, load, rebuild_schema
from tests.contracts.stores import put
from tests.streams.readmodels.worlds import a_draft, a_visit, key_of, poor, rich

pytestmark = pytest.mark.lane("postgres")


async def write(database: Database, **states: Frozen) -> None:
    """Write states by key in one transaction."""
    cells = {key: dump_state(state) for key, state in states.items()}
    async with PostgresLedger(database).transaction() as transaction:
        await transaction.lock([], list(cells))
        await transaction.append(Append([], cells, []))


async def column(database: Database, query: str) -> list[object]:
    async with database.connection() as connection:
        return [row[0] for row in await connection.fetch(query)]


@pytest_asyncio.fixture
async def rebuilt(database: Database) -> AsyncIterator[Database]:
    """Yield a second schema with the read models loaded from the live cells."""
    async with rebuild_schema(database) as fresh:
        yield fresh


async def reload(database: Database, fresh: Database) -> list[Difference]:
    ledger = PostgresLedger(database)
    cells = [(key, state) async for key, state in ledger.cells()]
    places = await ledger.peek([key for key, _ in cells])
    await load(fresh, [(key, places[key].sequence, state) for key, state in cells])
    return await differences(database, database.schema, fresh.schema)


async def test_rows_follow_every_kind_of_state(database: Database, rebuilt: Database) -> None:
    """Tests that rows written change by change equal rows loaded at once."""
    await write(database, **{key_of(kind): poor(kind) for kind in KINDS})
    await write(database, **{key_of(kind): rich(kind) for kind in KINDS})
    assert await reload(database, rebuilt) == []


async def test_rows_that_vanish_are_removed(database: Database, rebuilt: Database) -> None:
    # But for a rating, which is never taken back.
    kinds = [kind for kind in KINDS if kind != "visit"]
    await write(database, **{key_of(kind): rich(kind) for kind in kinds})
    await write(database, **{key_of(kind): poor(kind) for kind in kinds})
    assert await reload(database, rebuilt) == []


async def test_rows_of_others_stay(database: Database) -> None:
    await write(
        database, **{"visit/v1": a_visit("v1", "d1", "d2"), "visit/v2": a_visit("v2", "d1")}
    )
    await write(database, **{"visit/v1": a_visit("v1", "d3")})
    found = "SELECT visit || ' ' || department FROM visit_part ORDER BY 1"
    assert await column(database, found) == ["v1 d3", "v2 d1"]


async def test_versions_of_a_draft_stand_apart(database: Database) -> None:
    await write(database, **{"draft/2026-12/001": a_draft(1, "v1", "v2")})
    await write(database, **{"draft/2026-12/002": a_draft(2, "v1")})
    await write(database, **{"draft/2026-12/001": a_draft(1, "v2")})
    found = "SELECT version || ' ' || visit FROM draft_line ORDER BY 1"
    assert await column(database, found) == ["1 v2", "2 v1"]


async def test_numbers_as_large_as_the_vocabulary_allows(database: Database) -> None:
    department = poor("department").model_copy(update={"daily_units": 2**53 - 1})
    await write(database, **{"department/d1": department})
    assert await column(database, "SELECT daily_units FROM department") == [2**53 - 1]


async def test_a_state_at_hand_is_used(database: Database) -> None:
    enterprise: Enterprise = poor("enterprise")
    cells = {"enterprise/e1": dump_state(enterprise)}
    async with PostgresLedger(database).transaction() as transaction:
        await transaction.lock([], list(cells))
        states = {"enterprise/e1": enterprise}
        await transaction.append(Append([], cells, [], states=states))
    assert await column(database, "SELECT name FROM enterprise") == [enterprise.name]


# ---------------------------------------------------------------- comparison


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (
            "UPDATE tally SET used = 9 WHERE key = 'tally/cap/a'",
            "tally tally/cap/a: changed (used)",
        ),
        ("DELETE FROM tally WHERE key = 'tally/cap/b'", "tally tally/cap/b: missing"),
        ("INSERT INTO tally VALUES ('tally/cap/z', 'cap', 0, 0)", "tally tally/cap/z: extra"),
        (
            "UPDATE cell SET state = '{}' WHERE key = 'tally/cap/a'",
            "cell tally/cap/a: changed (state)",
        ),
        (
            "UPDATE visit SET half = NULL, rated = 'rated' WHERE id = 'v1'",
            "visit v1: changed (rated)",
        ),
        (
            "UPDATE visit_part SET department = 'd9' WHERE department = 'd1'",
            "visit_part v1/d1: missing visit_part v1/d9: extra",
        ),
    ],
)
async def test_a_damaged_row_is_named(
    database: Database, rebuilt: Database, damage: str, found: str
) -> None:
    ledger = PostgresLedger(database)
    await put(ledger, "tally/cap/a", 1, sequence=1)
    await put(ledger, "tally/cap/b", 2)
    await write(database, **{"visit/v1": a_visit("v1", "d1")})
    assert await reload(database, rebuilt) == []
    async with database.connection() as connection:
        await connection.execute(damage)
    named = await differences(database, database.schema, rebuilt.schema)
    assert " ".join(map(str, named)) == found


async def test_what_only_says_how_work_was_done_is_no_difference(
    database: Database, rebuilt: Database
) -> None:
    ledger = PostgresLedger(database)
    for n in (1, 2, 3):
        await put(ledger, "tally/cap/a", n, sequence=n)
    async with ledger.transaction() as transaction:
        await transaction.lock([], ["tally/cap/never-written"])
    assert await reload(database, rebuilt) == []


async def test_a_rebuild_leaves_no_schema_behind(database: Database) -> None:
    async with rebuild_schema(database) as fresh:
        assert fresh.schema.startswith("rebuild_")
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%'"
    assert await column(database, schemas) == []
