"""Fixtures of the HTTP interface."""

from collections.abc import AsyncIterator

import pytest_asyncio

from portal.running.keyfiles import Rings
from portal.running.service import Parts, Service
from streams.clock import SimulatedClock
from streams.postgres import (
    Database,
    PostgresInputs,
    PostgresKeys,
    PostgresLedger,
    PostgresOutbox,
)
from streams.postgres.reading import PostgresQueries
from tests.portal.http.clients import Desk, furnish
from tests.worlds import NOVEMBER


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    """Yield the interface of a furnished service in memory."""
    found = await Desk.open()
    async with found.client:
        yield found


@pytest_asyncio.fixture
async def desk_on_postgres(database: Database) -> AsyncIterator[Desk]:
    """Yield the interface of a furnished service on Postgres."""
    parts = Parts(
        ledger=PostgresLedger(database),
        queries=PostgresQueries(database),
        outbox=PostgresOutbox(database),
        inputs=PostgresInputs(database),
        keys=PostgresKeys(database),
    )
    service = Service.of(parts, Rings.from_seed(b"test"), SimulatedClock(NOVEMBER), database)
    await furnish(service)
    found = Desk.on(service)
    async with found.client:
        yield found
