"""One of many: a program that must run once per domain holds a lock of the database's session.

The lock ends with the session, so whoever is killed or cut off leaves it to the next one. Someone who
was cut off and does not know it yet is shut out where it would do harm, by the fence of what it
writes to.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from streams.ports import Unavailable
from streams.postgres.database import LOST, Database, named
from streams.postgres.queries import QUERIES

if TYPE_CHECKING:
    from streams.postgres.database import Connection

Still = Callable[[], Awaitable[None]]
"""Returns while the lock is held; raises ``Unavailable`` when the session is gone."""


@asynccontextmanager
async def leading(database: Database, name: str, pause: float = 0.2) -> AsyncIterator[Still]:
    """Wait until nobody else does this work in this domain, and hold the place within the block.

    Raises:
        Unavailable: If the database cannot be reached.
    """
    key = _key(database.schema, name)
    async with database.session() as connection:
        # Asking again and again, for a lock that is waited for would run into the lock timeout.
        while not await _ask(connection, "try_lead", key):  # noqa: ASYNC110 - who ends may be killed
            await asyncio.sleep(pause)

        async def still() -> None:
            if not await _ask(connection, "still_leads", key):
                message = f"the lock {name} is gone"
                raise Unavailable(message)

        try:
            yield still
        finally:
            # Where the session is gone, so is the lock.
            with suppress(*LOST):
                await connection.fetchval(QUERIES["stop_leading"], key)


async def _ask(connection: Connection, query: str, key: int) -> bool:
    with named():
        return bool(await connection.fetchval(QUERIES[query], key))


def _key(schema: str, name: str) -> int:
    digest = hashlib.sha256(f"{schema}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
