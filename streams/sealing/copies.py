"""Copies of the ledger that an audit holds against each other, and against signed checkpoints."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from scheduler.proof.entries import Place, place_of
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Tree
from scheduler.proof.tiles import TileName, cut, names
from streams.sealing.folder import Folder
from streams.sealing.stores import Seals

_MOST_FLAWS: Final = 20

Entries = Callable[[int], AsyncIterator[tuple[int, bytes]]]
"""Reads entries after a position, in the order in which the copy has them."""

Row = tuple[int, str, int, str, bytes]
"""An entry with its columns: position, stream, sequence, type, body."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where a copy contradicts itself: no signature is needed to see it."""

    position: int
    text: str


@dataclass(slots=True)
class Copy:
    """A copy of the ledger: the tree over it, and where it contradicts itself.

    ``read`` gives the entries again; a copy of hashes has none to give.
    """

    name: str
    tree: Tree = field(default_factory=Tree)
    flaws: list[Flaw] = field(default_factory=list)
    read: Entries | None = None

    def __len__(self) -> int:
        return len(self.tree)

    def flaw(self, position: int, text: str) -> None:
        """Note a contradiction; the first few are enough."""
        if len(self.flaws) < _MOST_FLAWS:
            self.flaws.append(Flaw(position, text))


class Chain:
    """Follows entries one after the other: no gap in positions, none in the streams' sequences."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self._sequences: dict[str, int] = {}

    def take(self, position: int, body: bytes) -> Place | None:
        """Take the next entry of a copy."""
        copy, place = self._copy, place_of(body)
        expected = len(copy) + 1
        copy.tree.append(SHA256.leaf(body))
        if place is None:
            copy.flaw(expected, "不是记录 / no entry")
            return None
        if position != expected or place.position != expected:
            copy.flaw(expected, f"位置 / position {position}, {place.position} != {expected}")
        before = self._sequences.get(place.subject, 0)
        if place.sequence != before + 1:
            copy.flaw(expected, f"{place.subject} 序号 / sequence {place.sequence} != {before + 1}")
        self._sequences[place.subject] = place.sequence
        return place


async def of_entries(name: str, entries: Entries) -> Copy:
    """Read a copy that has positions and bodies: the ledger's topic, a ledger in memory."""
    copy = Copy(name, read=entries)
    chain = Chain(copy)
    async for position, body in entries(0):
        chain.take(position, body)
    return copy


async def of_rows(name: str, rows: AsyncIterator[Row], entries: Entries) -> Copy:
    """Read a copy whose columns repeat what its bodies say, as the ledger's table does."""
    copy = Copy(name, read=entries)
    chain = Chain(copy)
    async for position, stream, sequence, type_, body in rows:
        place = chain.take(position, body)
        if place is None or (place.subject, place.sequence, place.type) == (
            stream,
            sequence,
            type_,
        ):
            continue
        copy.flaw(len(copy), f"列与正文不符 / columns unlike the body: {stream} {sequence} {type_}")
    return copy


async def of_seals(name: str, seals: Seals, size: int) -> Copy:
    """Read the hashes that the sealer kept, as far as they go."""
    wanted = names(size)
    tiles = await seals.tiles(wanted)
    return _of_tiles(name, wanted, tiles.get)


def of_folder(name: str, folder: Folder, size: int) -> Copy:
    """Read the hashes of an exported folder, as far as they go."""
    return _of_tiles(name, names(size), folder.tile)


def _of_tiles(
    name: str, wanted: Sequence[TileName], tile: Callable[[TileName], bytes | None]
) -> Copy:
    copy = Copy(name)
    for each in wanted:
        hashes = cut(tile(each) or b"")
        whole = len(hashes) == each.width
        if each.level == 0 and whole:
            for leaf in hashes:
                copy.tree.append(leaf)
        elif each.level == 0:
            copy.flaw(len(copy) + 1, f"缺散列块 / a tile is missing: {each.path}")
            break
        elif not whole or not _is_over(copy.tree, each, hashes):
            copy.flaw(0, f"散列块不符 / a tile that does not fit: {each.path}")
    return copy


def _is_over(tree: Tree, name: TileName, hashes: Sequence[bytes]) -> bool:
    """Tell whether a tile above the first level holds the hashes of the tree below it."""
    level, first = 8 * name.level, name.index * 256
    if len(tree) >> level < first + len(hashes):
        return False
    return all(tree.node(level, first + n) == each for n, each in enumerate(hashes))
