"""Databases for tests: one server for the whole run, a fresh database for each test.

WURAO_TEST_DSN names a server to use; without it an embedded one starts in pytest's temporary
folder, shared by all workers and stopped by the last of them. Each test that asks for `database`
gets its own, copied from a template with all migrations, and gone after the test.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio

from streams.embedded import EmbeddedError, EmbeddedServer
from streams.postgres import Database, migrate
from tests.lanes import lane_missing

DSN_VARIABLE = "WURAO_TEST_DSN"

# A test never outlives its server's machine, so nothing has to reach the disk.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server_dsn(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """DSN of the server that all tests share."""
    if dsn := os.environ.get(DSN_VARIABLE):
        yield dsn
        return
    base = tmp_path_factory.getbasetemp()
    run = base.parent if hasattr(request.config, "workerinput") else base
    server = EmbeddedServer(run / "postgres", _FAST)
    try:
        dsn = server.start()
    except EmbeddedError as error:
        lane_missing("postgres", str(error))
    try:
        yield dsn
    finally:
        server.stop()


def named_database(dsn: str, name: str) -> str:
    """Return the DSN of another database of the same server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


async def execute(dsn: str, *statements: str) -> None:
    """Run statements one by one, each in a transaction of its own."""
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _prepare(dsn: str, name: str) -> None:
    await execute(dsn, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    database = await Database.open(named_database(dsn, name), size=1)
    await migrate(database)
    await database.close()


@pytest.fixture(scope="session")
def template_database(server_dsn: str) -> Iterator[str]:
    """Name of a database with all migrations, which is only ever copied."""
    name = f"wurao_template_{os.getpid()}"
    asyncio.run(_prepare(server_dsn, name))
    yield name
    asyncio.run(execute(server_dsn, f'DROP DATABASE IF EXISTS "{name}"'))


@pytest_asyncio.fixture
async def database_dsn(server_dsn: str, template_database: str) -> AsyncIterator[str]:
    """DSN of a fresh database with all migrations, in the schema ``wurao``."""
    name = f"wurao_test_{os.getpid()}_{next(_numbers)}"
    await execute(server_dsn, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    yield named_database(server_dsn, name)
    await execute(server_dsn, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest_asyncio.fixture
async def database(database_dsn: str) -> AsyncIterator[Database]:
    """Yield an open fresh database."""
    opened = await Database.open(database_dsn)
    yield opened
    await opened.close()
