"""Checkpoints as files, and a log as C2SP tlog-tiles lays it out: what outsiders copy and keep.

``checkpoint`` is the latest, ``checkpoints/`` holds one file each, ``tile/`` the hashes. There are no
entries in it: who has the folder can check the ledger against it and read nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from scheduler.proof.notes import Note
from scheduler.proof.tiles import TileName
from streams.sealing.witness import replace

LATEST: Final = "checkpoint"
_ALL: Final = "checkpoints"
_IN_ONE: Final = 100_000
"""Sizes whose files share a folder."""


class Folder:
    """A folder of checkpoints and tiles."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def put(self, size: int, note: Note) -> None:
        """Hand over a checkpoint; the same once more, or with more signatures, does no harm."""
        await asyncio.to_thread(self._put, size, note.encode())

    async def last(self) -> int:
        """Return the largest size that was handed over; 0 where none was."""
        return await asyncio.to_thread(lambda: max((s for s, _ in self._files()), default=0))

    async def notes(self) -> Sequence[bytes]:
        """Return all checkpoints that it holds, as they are: nobody vouches for them."""
        return await asyncio.to_thread(self._notes)

    def write(self, tiles: Mapping[TileName, bytes]) -> None:
        """Write tiles."""
        for name, tile in tiles.items():
            path = self.path / name.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tile)

    def tile(self, name: TileName) -> bytes:
        """Return a tile; nothing where there is none."""
        path = self.path / name.path
        return path.read_bytes() if path.is_file() else b""

    def _put(self, size: int, note: bytes) -> None:
        place = self.path / _ALL / str(size // _IN_ONE)
        place.mkdir(parents=True, exist_ok=True)
        replace(place / str(size), note)
        replace(self.path / LATEST, note)

    def _files(self) -> list[tuple[int, Path]]:
        found = (self.path / _ALL).glob("*/*")
        return sorted((int(path.name), path) for path in found if path.name.isdigit())

    def _notes(self) -> list[bytes]:
        files = [path for _, path in self._files()]
        latest = self.path / LATEST
        if latest.is_file():
            files.append(latest)
        return [path.read_bytes() for path in files]
