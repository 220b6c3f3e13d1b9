"""The outbox, the rejected inputs and the vault's keys in Postgres."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from schemas.notifications import Notification, Recipient
from streams.ports import RawInput
from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES


class PostgresOutbox:
    """Notifications that wait for delivery, in the order of the entries that they follow from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, limit: int) -> Sequence[Notification]:
        """Return notifications not delivered yet, oldest first."""
        async with self._database.connection() as connection:
            with named():
                found = await connection.fetch(QUERIES["due"], limit)
        return [
            Notification(
                id=row["id"],
                recipient=Recipient(row["recipient"]),
                to=row["addressee"],
                template=row["template"],
                params=json.loads(row["params"]),
                about=row["about"],
                ordinal=row["ordinal"],
            )
            for row in found
        ]

    async def delivered(self, ids: Sequence[str], channel: str) -> None:
        """Record that these were handed to a channel; the first record stands."""
        async with self._database.connection() as connection:
            with named():
                await connection.execute(QUERIES["delivered"], list(ids), channel)


class PostgresInputs:
    """The bytes of rejected inputs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, id_: str) -> RawInput | None:
        """Return a rejected input, ``None`` when it is unknown or its time ran out."""
        async with self._database.connection() as connection:
            with named():
                row = await connection.fetchrow(QUERIES["find_input"], id_)
        return RawInput(**dict(row)) if row else None

    async def purge(self, now: datetime) -> int:
        """Destroy the inputs whose time has run out; return how many."""
        async with self._database.connection() as connection:
            with named():
                return len(await connection.fetch(QUERIES["purge_inputs"], now))


class PostgresKeys:
    """The vault's data keys, each wrapped by the master key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, subjects: Sequence[str]) -> Mapping[str, bytes]:
        """Return the wrapped keys of those subjects that have one."""
        async with self._database.connection() as connection:
            with named():
                found = await connection.fetch(QUERIES["find_keys"], list(subjects))
        return {row["subject"]: row["wrapped"] for row in found}

    async def add(self, keys: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Keep keys of subjects that have none yet; return the ones that stand."""
        async with self._database.connection() as connection:
            with named():
                await connection.execute(QUERIES["add_keys"], list(keys), list(keys.values()))
        return await self.find(list(keys))

    async def remove(self, subject: str) -> bool:
        """Destroy a subject's key for ever; tell whether there was one."""
        async with self._database.connection() as connection:
            with named():
                return await connection.fetchval(QUERIES["remove_key"], subject) is not None

    async def under(self, number: int, most: int) -> Mapping[str, bytes]:
        """Return keys that are wrapped by the master key of a number, so many at most."""
        async with self._database.connection() as connection:
            with named():
                found = await connection.fetch(QUERIES["keys_under"], number, most)
        return {row["subject"]: row["wrapped"] for row in found}

    async def replace(self, keys: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Put a subject's second key in the place of the first, where that one still stands."""
        old, new = [old for old, _ in keys.values()], [new for _, new in keys.values()]
        async with self._database.connection() as connection:
            with named():
                await connection.execute(QUERIES["replace_keys"], list(keys), old, new)
