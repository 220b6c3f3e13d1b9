"""Where checkpoints and tiles are kept: beside the ledger, and the same in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from scheduler.proof.hashing import SIZE
from scheduler.proof.notes import Note, Signature
from scheduler.proof.tiles import TileName
from streams.ports import Conflict


class Seals(Protocol):
    """Keeps the checkpoints of a ledger and the tiles of its tree.

    Nothing in it is believed: checkpoints are signed, and tiles must lead to a checkpoint's root.
    """

    async def latest(self) -> Note | None:
        """Return the checkpoint of the largest tree, with all its signatures."""

    async def checkpoint(self, least: int) -> Note | None:
        """Return the smallest checkpoint over at least so many entries."""

    async def stored(self) -> Sequence[tuple[int, bytes]]:
        """Return the size and the bytes of all checkpoints, smallest first, whatever they are."""

    async def add(self, size: int, note: Note, tiles: Mapping[TileName, bytes]) -> None:
        """Keep a checkpoint and the tiles that grew since the one before, both or neither.

        Raises:
            Conflict: If there is a checkpoint of this size or a larger one.
        """

    async def cosign(self, size: int, signatures: Sequence[Signature]) -> None:
        """Keep witnesses' signatures; those that are there stay as they are."""

    async def tiles(self, names: Sequence[TileName]) -> Mapping[TileName, bytes]:
        """Return tiles; a wider one answers for a narrower one, and what is missing is left out."""


class Outlet(Protocol):
    """A place outside the database to which checkpoints go."""

    async def put(self, size: int, note: Note) -> None:
        """Hand over a checkpoint; the same once more, or with more signatures, does no harm."""

    async def last(self) -> int:
        """Return the largest size that was handed over; 0 where none was, or it cannot be known."""

    async def notes(self) -> Sequence[bytes]:
        """Return all checkpoints that it holds, as they are: nobody vouches for them."""


class MemorySeals:
    """Checkpoints and tiles in memory."""

    def __init__(self) -> None:
        self._notes: dict[int, Note] = {}
        self._tiles: dict[tuple[int, int], bytes] = {}

    async def latest(self) -> Note | None:
        """Return the checkpoint of the largest tree, with all its signatures."""
        return self._notes[max(self._notes)] if self._notes else None

    async def checkpoint(self, least: int) -> Note | None:
        """Return the smallest checkpoint over at least so many entries."""
        sizes = [size for size in self._notes if size >= least]
        return self._notes[min(sizes)] if sizes else None

    async def stored(self) -> Sequence[tuple[int, bytes]]:
        """Return the size and the bytes of all checkpoints, smallest first, whatever they are."""
        return [(size, self._notes[size].encode()) for size in sorted(self._notes)]

    async def add(self, size: int, note: Note, tiles: Mapping[TileName, bytes]) -> None:
        """Keep a checkpoint and the tiles that grew since the one before, both or neither."""
        if any(known >= size for known in self._notes):
            raise Conflict(f"a checkpoint over {size} entries or more is there")
        self._notes[size] = note
        self._tiles.update({(name.level, name.index): tile for name, tile in tiles.items()})

    async def cosign(self, size: int, signatures: Sequence[Signature]) -> None:
        """Keep witnesses' signatures; those that are there stay as they are."""
        note = self._notes[size]
        there = {(s.name, s.key_id) for s in note.signatures}
        new = [s for s in signatures if (s.name, s.key_id) not in there]
        self._notes[size] = note.with_more(new)

    async def tiles(self, names: Sequence[TileName]) -> Mapping[TileName, bytes]:
        """Return tiles; a wider one answers for a narrower one, and what is missing is left out."""
        found: dict[TileName, bytes] = {}
        for name in names:
            tile = self._tiles.get((name.level, name.index), b"")[: name.width * SIZE]
            if len(tile) == name.width * SIZE:
                found[name] = tile
        return found
