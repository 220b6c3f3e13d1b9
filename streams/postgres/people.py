"""Accounts and sessions in Postgres."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from streams.people import Account, Session
from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES


class PostgresPeople:
    """Accounts and sessions of one planning domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def account(self, name: str) -> Account | None:
        """Return an account, ``None`` when there is none of this name."""
        found = await self._fetch("account", name)
        return Account(**dict(found[0])) if found else None

    async def accounts(self) -> list[Account]:
        """Return all accounts, in order of their names."""
        return [Account(**dict(row)) for row in await self._fetch("accounts")]

    async def keep(self, account: Account) -> None:
        """Add an account, or change the one of the same name."""
        await self._fetch(
            "keep_account", account.name, account.hash, account.role, account.of, account.open
        )

    async def begin(self, session: Session) -> None:
        """Keep a new session."""
        await self._fetch(
            "begin_session",
            session.digest,
            session.actor,
            session.role,
            session.of,
            session.demo,
            session.since,
            session.seen,
        )

    async def session(self, digest: str) -> Session | None:
        """Return a session, ``None`` when it is unknown or was ended."""
        found = await self._fetch("session", digest)
        return Session(**dict(found[0])) if found else None

    async def touch(self, digest: str, seen: datetime) -> None:
        """Note when a session was last used."""
        await self._fetch("touch_session", digest, seen)

    async def end(self, digest: str) -> None:
        """End a session; one that is unknown is no fault."""
        await self._fetch("end_session", digest)

    async def end_all(self, actor: str) -> int:
        """End every session of an actor; return how many there were."""
        return len(await self._fetch("end_sessions", actor))

    async def purge(self, since: datetime, seen: datetime) -> int:
        """Forget sessions begun before ``since`` or last used before ``seen``; return how many."""
        return len(await self._fetch("purge_sessions", since, seen))

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        async with self._database.connection() as connection:
            with named():
                return list(await connection.fetch(QUERIES[query], *arguments))
