"""The pool: a connection that breaks when it is given back, or before a transaction begins in it."""

from __future__ import annotations

from typing import Any, cast

import asyncpg
import pytest

from streams.ports import Unavailable
from streams.postgres import Database
from streams.postgres.ledger import PostgresLedger
from streams.postgres.roles import prepare

GONE = asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
LOST_ITS_WAY = asyncpg.InternalClientError(
    "cannot switch to state 15; another operation (2) is in progress"
)
"""What the driver says of a connection that was cut between a question and its answer."""


class _Broken:
    """A connection whose server is gone."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def transaction(self) -> _Broken:
        return self

    async def fetchval(self, *_: object) -> None:
        raise self._fault

    def terminate(self) -> None:
        """End at once, as a broken connection has already."""

    async def __aenter__(self) -> None:
        raise self._fault

    async def __aexit__(self, *_: object) -> None:
        raise AssertionError


class _Pool:
    """A pool that finds out that a connection is broken when it takes it back."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    async def acquire(self) -> _Broken:
        return _Broken(self._fault)

    async def release(self, _: object) -> None:
        raise self._fault


@pytest.fixture(params=[GONE, LOST_ITS_WAY], ids=["gone", "lost-its-way"])
def database(request: pytest.FixtureRequest) -> Database:
    """Yield a database whose connections break as they are given back."""
    return Database(cast("Any", _Pool(request.param)), "", "wurao")


async def test_what_was_done_stands_when_the_connection_breaks_as_it_is_given_back(
    database: Database,
) -> None:
    done = []
    async with database.connection():
        done.append("answered")
    assert done == ["answered"]


async def test_what_went_wrong_before_is_told_and_not_the_broken_connection(
    database: Database,
) -> None:
    with pytest.raises(KeyError, match="the first fault"):
        async with database.connection():
            raise KeyError("the first fault")


async def test_cells_cannot_be_had_from_a_server_that_is_gone(database: Database) -> None:
    with pytest.raises(Unavailable):
        _ = [cell async for cell in PostgresLedger(database).cells()]


async def test_a_schema_cannot_be_prepared_while_the_server_goes_away(database: Database) -> None:
    with pytest.raises(Unavailable):
        await prepare(database)
