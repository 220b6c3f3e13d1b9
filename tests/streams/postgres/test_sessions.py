"""What belongs to a session ends with it; a connection that is only lent comes back clean of transactions."""

from __future__ import annotations

import pytest

from streams.postgres import Database
from streams.postgres.database import LOST
from streams.postgres.leader import leading

pytestmark = pytest.mark.lane("postgres")

LOCK = 4711


async def test_a_lock_that_nobody_gave_back_is_gone_with_its_session(database: Database) -> None:
    async with database.session() as session:
        assert await session.fetchval("SELECT pg_try_advisory_lock($1)", LOCK)
        held = await session.fetchval("SELECT pg_backend_pid()")
    async with database.connection() as connection:
        assert held != await connection.fetchval("SELECT pg_backend_pid()")
        # The server notices the end of the other session by itself, so this waits for that.
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)


async def test_a_session_that_the_server_ended_is_given_back_without_another_fault(
    database: Database,
) -> None:
    async with database.session() as session, database.connection() as other:
        await other.execute("SELECT pg_terminate_backend($1)", session.get_server_pid())
        with pytest.raises(LOST):
            await session.execute("SELECT pg_sleep(60)")
    async with database.session() as session:
        assert await session.fetchval("SELECT 1")


async def test_a_transaction_left_open_is_rolled_back_when_its_connection_comes_back(
    database: Database,
) -> None:
    async with database.connection() as connection:
        await connection.execute("BEGIN; DELETE FROM head")
        left = await connection.fetchval("SELECT pg_backend_pid()")
    async with database.connection() as connection:
        assert left == await connection.fetchval("SELECT pg_backend_pid()")
        assert await connection.fetchval("SELECT count(*) FROM head") == 1


async def test_who_led_before_is_followed_at_once(database: Database) -> None:
    for _ in range(2):
        async with leading(database, "relay") as still:
            await still()
