"""Entries as the table has them, with the columns that repeat what the bytes say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES

_PAGE: Final = 1000


async def entry_rows(database: Database) -> AsyncIterator[tuple[int, str, int, str, bytes]]:
    """Yield position, stream, sequence, type and body of every entry, in order of position."""
    after = 0
    while True:
        async with database.connection() as connection:
            with named():
                page = await connection.fetch(QUERIES["entry_rows"], after, _PAGE)
        for row in page:
            yield row["position"], row["stream"], row["sequence"], row["type"], row["body"]
        if len(page) < _PAGE:
            return
        after = page[-1]["position"]
