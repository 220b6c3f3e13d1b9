"""The database of an installation: one of its own, or the embedded one; by which roles it is used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from portal.settings import Settings
from streams.embedded import APP, EmbeddedServer, as_app
from streams.patience import Patience, insist
from streams.postgres import Database
from streams.postgres.roles import ensure_role, prepare

__all__ = ["ROLE", "Server", "opened", "server"]

ROLE: Final = APP
"""The application's role on the embedded server. It owns nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    """How a database is reached: by the application, and by the owner of its tables if that is another."""

    dsn: str = field(repr=False)
    owner: str | None = field(default=None, repr=False)


@asynccontextmanager
async def server(settings: Settings) -> AsyncIterator[Server]:
    """Give the server in use; the embedded one runs while the block does.

    Raises:
        EmbeddedError: If the embedded server cannot run here.
        ServerError: If the embedded one does not let us in.
    """
    if settings.dsn is not None:
        owner = settings.migration_dsn
        yield Server(settings.dsn.get_secret_value(), owner.get_secret_value() if owner else None)
        return
    embedded = EmbeddedServer(settings.postgres)
    dsn = await asyncio.to_thread(embedded.start)
    try:
        await ensure_role(dsn, ROLE)
        yield Server(as_app(dsn), dsn)
    finally:
        await asyncio.to_thread(embedded.stop)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Give the open database of an installation, its tables up to date.

    Raises:
        EmbeddedError: If the embedded server cannot run here.
        ServerError: If the database cannot be used, or its tables are out of date and nobody may mend them.
        Outage: If the database goes away again and again before its tables are up to date.
    """
    async with server(settings) as found:
        database = await Database.open(found.dsn, settings.domain, owner=found.owner)
        try:
            # Who starts while the database restarts is cut off in the middle of a question.
            await insist(lambda: prepare(database), Patience())
            yield database
        finally:
            await database.close()
