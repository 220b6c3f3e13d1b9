"""Checkpoints and tiles in Postgres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg

from scheduler.proof.hashing import SIZE
from scheduler.proof.notes import Note, Signature, parse
from scheduler.proof.tiles import TileName
from streams.ports import Conflict
from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES

_ALL: Final = (0, 2**62)
_AT_ONCE: Final = 2000


class PostgresSeals:
    """The seals of one planning domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self) -> Note | None:
        """Return the checkpoint of the largest tree, with all its signatures.

        Raises:
            BadNoteError: If what is stored is no note.
        """
        return await self._one("latest_checkpoint")

    async def checkpoint(self, least: int) -> Note | None:
        """Return the smallest checkpoint over at least so many entries.

        Raises:
            BadNoteError: If what is stored is no note.
        """
        return await self._one("checkpoint_from", least)

    async def stored(self) -> Sequence[tuple[int, bytes]]:
        """Return the size and the bytes of all checkpoints, smallest first, whatever they are."""
        rows = await self._fetch("checkpoints")
        more: dict[int, bytes] = {}
        for row in await self._fetch("cosignatures", *_ALL):
            line = _signature(row).line().encode()
            more[row["size"]] = more.get(row["size"], b"") + line
        return [(row["size"], row["note"] + more.get(row["size"], b"")) for row in rows]

    async def add(self, size: int, note: Note, tiles: Mapping[TileName, bytes]) -> None:
        """Keep a checkpoint and the tiles that grew since the one before, both or neither.

        Raises:
            Conflict: If there is a checkpoint of this size or a larger one.
        """
        taken = Conflict(f"a checkpoint over {size} entries or more is there")
        async with self._database.connection() as connection:
            with named():
                try:
                    async with connection.transaction():
                        added = await connection.fetchval(
                            QUERIES["add_checkpoint"], size, note.encode()
                        )
                        if added is None:
                            raise taken
                        await connection.execute(QUERIES["add_tiles"], *_columns(tiles))
                except asyncpg.UniqueViolationError as error:
                    raise taken from error

    async def cosign(self, size: int, signatures: Sequence[Signature]) -> None:
        """Keep witnesses' signatures; those that are there stay as they are."""
        lines = zip(*((s.name, s.key_id, s.value) for s in signatures), strict=True)
        if signatures:
            await self._fetch("add_cosignatures", size, *map(list, lines))

    async def tiles(self, names: Sequence[TileName]) -> Mapping[TileName, bytes]:
        """Return tiles; a wider one answers for a narrower one, and what is missing is left out."""
        found: dict[TileName, bytes] = {}
        for start in range(0, len(names), _AT_ONCE):
            page = names[start : start + _AT_ONCE]
            rows = await self._fetch("tiles", [n.level for n in page], [n.index for n in page])
            stored = {(row["level"], row["index"]): row["hashes"] for row in rows}
            for name in page:
                tile = stored.get((name.level, name.index), b"")[: name.width * SIZE]
                if len(tile) == name.width * SIZE:
                    found[name] = tile
        return found

    async def _one(self, query: str, *arguments: object) -> Note | None:
        rows = await self._fetch(query, *arguments)
        if not rows:
            return None
        size = rows[0]["size"]
        more = await self._fetch("cosignatures", size, size)
        return parse(rows[0]["note"]).with_more(map(_signature, more))

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        async with self._database.connection() as connection:
            with named():
                return list(await connection.fetch(QUERIES[query], *arguments))


def _columns(tiles: Mapping[TileName, bytes]) -> list[list[object]]:
    return [[n.level for n in tiles], [n.index for n in tiles], list(tiles.values())]


def _signature(row: Any) -> Signature:  # noqa: ANN401 - a row of an untyped library
    return Signature(row["name"], row["key_id"], row["value"])
