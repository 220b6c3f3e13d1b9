"""Tiles (C2SP tlog-tiles): the tree cut into files of 256 hashes, from which any proof can be made.

A tile at level ``l`` holds hashes over 256**l leaves each. Only full tiles never change; the last of
each level grows. ``Edge`` holds these last ones, which is all that is needed to go on with a tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scheduler.proof.hashing import SHA256, SIZE, Hashing
from scheduler.proof.merkle import Node, Range, fold, perfect

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT


@dataclass(frozen=True, order=True, slots=True)
class TileName:
    """Which tile. ``width`` is how many hashes it holds, 256 when it is full."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The tile's path below the log's address."""
        digits = f"{self.index:d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{number}{part}"


def names(size: int) -> list[TileName]:
    """Return all tiles of a tree, level by level."""
    found: list[TileName] = []
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        found += [TileName(level, index) for index in range(full)]
        if rest:
            found.append(TileName(level, full, rest))
        size, level = full, level + 1
    return found


def right_edge(size: int) -> list[TileName]:
    """Return the tiles of a tree that are not full, one a level at most."""
    found: list[TileName] = []
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        if rest:
            found.append(TileName(level, full, rest))
        size, level = full, level + 1
    return found


def needed(ranges: Iterable[Range], size: int) -> list[TileName]:
    """Return the tiles of a tree that the hashes of these ranges stand in."""
    found: set[TileName] = set()
    for low, high in ranges:
        found |= {_tile_of(level, index, size) for level, index in perfect(low, high)}
    return sorted(found)


def reader(tiles: Mapping[TileName, bytes], size: int, hashing: Hashing = SHA256) -> Node:
    """Return the perfect subtrees of a tree, as far as these tiles know them.

    Raises:
        LookupError: From the function, if the tile is not among them, or holds too little.
    """

    def node(level: int, index: int) -> bytes:
        name = _tile_of(level, index, size)
        rest = level % HEIGHT
        first = (index << rest) % WIDTH
        hashes = cut(tiles[name])[first : first + (1 << rest)]
        if len(hashes) != 1 << rest:
            raise LookupError(name.path)
        return _perfect_root(hashes, hashing)

    return node


def cut(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile."""
    return [tile[i : i + SIZE] for i in range(0, len(tile), SIZE)]


def _tile_of(level: int, index: int, size: int) -> TileName:
    tile_level, rest = divmod(level, HEIGHT)
    tile_index = (index << rest) // WIDTH
    hashes = size >> (HEIGHT * tile_level)
    return TileName(tile_level, tile_index, min(WIDTH, hashes - tile_index * WIDTH))


def _perfect_root(hashes: Sequence[bytes], hashing: Hashing) -> bytes:
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [hashing.node(left, right) for left, right in pairs]
    return hashes[0]


class Edge:
    """The right edge of a growing tree: takes leaves, gives the root and the tiles that changed."""

    def __init__(self, hashing: Hashing = SHA256) -> None:
        self.size = 0
        self._hashing = hashing
        self._rows: list[list[bytes]] = []

    @classmethod
    def of(cls, size: int, tiles: Mapping[TileName, bytes], hashing: Hashing = SHA256) -> Edge:
        """Take up a tree again from the tiles of ``right_edge(size)``.

        Raises:
            LookupError: If one is missing or holds another number of hashes.
        """
        edge = cls(hashing)
        edge.size = size
        for name in right_edge(size):
            hashes = cut(tiles[name])
            if len(hashes) != name.width:
                raise LookupError(name.path)
            edge._row(name.level).extend(hashes)
        return edge

    def append(self, leaves: Iterable[bytes]) -> dict[TileName, bytes]:
        """Add hashes of leaves; return the tiles that became full."""
        full: dict[TileName, bytes] = {}
        for leaf in leaves:
            self.size += 1
            row = self._row(0)
            row.append(leaf)
            if len(row) == WIDTH:
                self._close(0, full)
        return full

    def partial(self) -> dict[TileName, bytes]:
        """Return the tiles that are not full."""
        return {
            TileName(level, (self.size >> HEIGHT * level) // WIDTH, len(row)): b"".join(row)
            for level, row in enumerate(self._rows)
            if row
        }

    def root(self) -> bytes:
        """Return the root of the tree."""
        peaks: list[bytes] = []
        for row in reversed(self._rows):
            low = 0
            for bit in reversed(range(HEIGHT)):
                if len(row) >> bit & 1:
                    peaks.append(_perfect_root(row[low : low + (1 << bit)], self._hashing))
                    low += 1 << bit
        return fold(peaks, self._hashing) if peaks else self._hashing.empty

    def _row(self, level: int) -> list[bytes]:
        while len(self._rows) <= level:
            self._rows.append([])
        return self._rows[level]

    def _close(self, level: int, full: dict[TileName, bytes]) -> None:
        row = self._rows[level]
        full[TileName(level, (self.size >> HEIGHT * (level + 1)) - 1)] = b"".join(row)
        self._row(level + 1).append(_perfect_root(row, self._hashing))
        row.clear()
        if len(self._rows[level + 1]) == WIDTH:
            self._close(level + 1, full)
