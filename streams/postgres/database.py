"""The way to a Postgres server: connecting, checking what answers, and naming what goes wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

import asyncpg

from streams.ports import Unavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy | asyncpg.Connection
    Pool = asyncpg.Pool

OLDEST = 15
"""The oldest major version that is supported."""

_PASSING = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""Faults of the moment: the same call may succeed later."""

LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asking over a connection that broke may raise; whatever was begun there, the server ends by itself."""


class ServerError(RuntimeError):
    """The server cannot be used at all; the message says why and what to do."""


class Database:
    """A pool of connections to one schema, which holds one planning domain."""

    def __init__(self, pool: Pool, dsn: str, schema: str, owner: str | None = None) -> None:
        self._pool = pool
        self.dsn = dsn
        self.schema = schema
        self.owner = owner

    @classmethod
    async def open(
        cls, dsn: str, schema: str = "wurao", size: int = 8, *, owner: str | None = None
    ) -> Database:
        """Connect. The schema may be missing until ``migrate`` makes it.

        ``owner`` is the DSN of the role that owns the tables, where it is another one.

        Raises:
            ServerError: If nobody answers, the server is too old, or it does not let us in.
        """
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema):
            raise ServerError(f"不是模式名 / no name for a schema: {schema!r}")
        settings = {
            "search_path": f'"{schema}"',
            "application_name": "wurao",
            "timezone": "UTC",
            # A worker that hangs must not hold its locks for ever.
            "lock_timeout": "60s",
            "idle_in_transaction_session_timeout": "120s",
        }
        try:
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=size,
                server_settings=settings,
                command_timeout=600,
                reset=_left_as_it_is,
            )
        except (*LOST, ValueError) as error:
            message = f"连接不上数据库 / cannot connect to the database: {error!r}"
            raise ServerError(message) from error
        database = cls(pool, dsn, schema, owner)
        try:
            await database._check_version()
        except BaseException:
            await database.close()
            raise
        return database

    async def _check_version(self) -> None:
        async with self.connection() as connection:
            version = connection.get_server_version()
        if version.major < OLDEST:
            message = (
                f"Postgres {version.major} 版本过旧，需要 {OLDEST} 或更新。"
                f" / Postgres {version.major} is too old, {OLDEST} or newer is needed"
            )
            raise ServerError(message)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection. What belongs to a session, such as a lock, needs a ``session``.

        Raises:
            Unavailable: If none can be had.
        """
        with named():
            connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            # The pool rolls back what is still open. A connection that broke meanwhile is gone from the
            # pool, and what the borrower did with it stands.
            with suppress(Unavailable), named():
                await self._pool.release(connection)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        """Lend a connection that ends with the block, and with it all that belongs to its session.

        Raises:
            Unavailable: If none can be had.
        """
        async with self.connection() as connection:
            try:
                yield connection
            finally:
                # One that was lost meanwhile is ended, and no longer lent.
                with suppress(asyncpg.InterfaceError):
                    connection.terminate()

    @asynccontextmanager
    async def owned(self) -> AsyncIterator[Database]:
        """Lend the same schema by the role that owns its tables and may make others.

        Raises:
            ServerError: If that role is not let in.
        """
        if self.owner is None:
            yield self
            return
        owner = await Database.open(self.owner, self.schema, size=2)
        try:
            yield owner
        finally:
            await owner.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()


async def _left_as_it_is(connection: Connection) -> None:
    """Undo nothing when a connection comes back: nobody sets anything on one that is only lent.

    The driver would have the server undo settings, locks and cursors each time, and a batch of commands
    borrows three times.
    """
    del connection


@contextmanager
def named() -> Iterator[None]:
    """Turn faults of the moment into the port's own word for them."""
    try:
        yield
    except _PASSING as error:
        raise Unavailable(f"{type(error).__name__}: {error}") from error
    except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        # The driver says so when a connection was lost while it lay idle, or between a question and
        # its answer; wrong arguments, which no second try mends, are its DataError.
        if isinstance(error, ValueError):
            raise
        raise Unavailable(f"{type(error).__name__}: {error}") from error
