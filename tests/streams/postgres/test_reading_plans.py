"""How questions are put to the server: so that its plans do not turn when a table grows long."""

from __future__ import annotations

import pytest

from streams.postgres import Database
from streams.postgres.reading import PostgresQueries


@pytest.mark.parametrize(("limit", "ending"), [(None, 'ORDER BY t."id"'), (7, "LIMIT 7")])
async def test_a_limit_is_no_parameter(database: Database, limit: int | None, ending: str) -> None:
    # Once a statement has run five times the server may plan it without its parameters, and takes
    # an unknown limit for a tenth of the rows: a month's thousand requests were then looked for in all
    # hundred thousand, by the order of their ids.
    one = await Database.open(database.dsn, database.schema, size=1)
    try:
        queries = PostgresQueries(one)
        assert await queries.rows("request", month="2026-12", limit=limit) == []
        assert await queries.find("request", month="2026-12", limit=limit) == []
        async with one.connection() as connection:
            kept = await connection.fetch("SELECT statement FROM pg_prepared_statements")
    finally:
        await one.close()
    asked = [row["statement"] for row in kept if 'FROM "request"' in row["statement"]]
    assert len(asked) == 2
    assert all(statement.endswith(ending) for statement in asked)
