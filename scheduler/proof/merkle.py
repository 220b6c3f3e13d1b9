"""Merkle trees over a list that only grows (RFC 6962 section 2.1): roots and both kinds of proof.

A proof is a list of hashes, each over a range of leaves. Which ranges those are follows from two
numbers alone; where the hashes come from, a list in memory or tiles in a store, is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from scheduler.proof.hashing import SHA256, Hashing


class Head(NamedTuple):
    """A tree by its number of leaves and its root."""

    size: int
    root: bytes


Range = tuple[int, int]
"""Leaves from the first number up to the second, which is left out."""

Node = Callable[[int, int], bytes]
"""Gives the hash of a perfect subtree: at level ``l`` and index ``i`` over 2**l leaves from i*2**l."""

MOST_HASHES: Final = 63
"""No proof about a tree of less than 2**63 leaves is longer."""


def split(size: int) -> int:
    """Return the largest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


def perfect(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield (level, index) of the perfect subtrees that make up a range, from left to right."""
    while low < high:
        level = (high - low).bit_length() - 1
        if low:
            level = min(level, (low & -low).bit_length() - 1)
        yield level, low >> level
        low += 1 << level


def range_hash(low: int, high: int, node: Node, hashing: Hashing = SHA256) -> bytes:
    """Return the hash of a range that a proof names, or of the tree when it begins at 0."""
    if low == high:
        return hashing.empty
    hashes = [node(level, index) for level, index in perfect(low, high)]
    return fold(hashes, hashing)


def fold(hashes: Sequence[bytes], hashing: Hashing = SHA256) -> bytes:
    """Return the hash over perfect subtrees that stand side by side, each smaller than the one before."""
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = hashing.node(left, result)
    return result


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that a leaf is in a tree (PATH), from the leaf upwards.

    Raises:
        ValueError: If the tree has no such leaf.
    """
    if not 0 <= index < size:
        msg = f"a tree of {size} has no leaf {index}"
        raise ValueError(msg)
    found: list[Range] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that a tree is the beginning of another (PROOF).

    Raises:
        ValueError: If the older tree is larger, or either number is negative.
    """
    if not 0 <= old <= size:
        msg = f"a tree of {old} is not the beginning of one of {size}"
        raise ValueError(msg)
    if old in {0, size}:
        return []
    found: list[Range] = []
    low, high = 0, size
    while old != high:
        middle = low + split(high - low)
        if old <= middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    # What is left is the right end of the older tree; beginning at 0 it is that tree, and known.
    return [*([(low, high)] if low else []), *found[::-1]]


def hashes_of(ranges: Sequence[Range], node: Node, hashing: Hashing = SHA256) -> list[bytes]:
    """Return the hashes of a proof's ranges."""
    return [range_hash(low, high, node, hashing) for low, high in ranges]


def root_of_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], hashing: Hashing = SHA256
) -> bytes | None:
    """Return the root that an inclusion proof leads to; ``None`` when it cannot be one."""
    if not 0 <= index < size:
        return None
    ranges = inclusion_ranges(index, size)
    if len(proof) != len(ranges):
        return None
    result = leaf
    for (low, _), each in zip(ranges, proof, strict=True):
        result = hashing.node(result, each) if low > index else hashing.node(each, result)
    return result


def consistent(old: Head, new: Head, proof: Sequence[bytes], hashing: Hashing = SHA256) -> bool:
    """Tell whether a proof shows that the older tree is the beginning of the newer."""
    if not 0 <= old.size <= new.size:
        return False
    ranges = consistency_ranges(old.size, new.size)
    if len(proof) != len(ranges):
        return False
    if old.size == 0:
        return old.root == hashing.empty
    former = latter = old.root
    for n, ((low, _), each) in enumerate(zip(ranges, proof, strict=True)):
        if low >= old.size:
            latter = hashing.node(latter, each)
        elif n == 0:
            former = latter = each
        else:
            former, latter = hashing.node(each, former), hashing.node(each, latter)
    return former == old.root and latter == new.root


class Tree:
    """A tree in memory, all levels of it: for audits, tests and small ledgers.

    It takes about 150 bytes a leaf.
    """

    def __init__(self, leaves: Sequence[bytes] = (), hashing: Hashing = SHA256) -> None:
        self._hashing = hashing
        self._levels: list[list[bytes]] = [[]]
        self.extend(leaves)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        level = 0
        while True:
            if level == len(self._levels):
                self._levels.append([])
            hashes = self._levels[level]
            hashes.append(leaf)
            if len(hashes) & 1:
                return
            leaf = self._hashing.node(hashes[-2], leaf)
            level += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the hashes of many leaves, level by level."""
        node, new, level = self._hashing.node, list(leaves), 0
        while new:
            if level == len(self._levels):
                self._levels.append([])
            hashes = self._levels[level]
            first = len(hashes) & ~1  # the left one of the first pair that is not complete yet
            hashes += new
            new = [node(hashes[n], hashes[n + 1]) for n in range(first, len(hashes) - 1, 2)]
            level += 1

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a perfect subtree."""
        return self._levels[level][index]

    def leaf(self, index: int) -> bytes:
        """Return the hash of a leaf."""
        return self._levels[0][index]

    @property
    def leaves(self) -> Sequence[bytes]:
        """The hashes of all leaves; not to be changed."""
        return self._levels[0]

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves."""
        return range_hash(0, len(self) if size is None else size, self.node, self._hashing)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that a leaf is among the first ``size``."""
        ranges = inclusion_ranges(index, len(self) if size is None else size)
        return hashes_of(ranges, self.node, self._hashing)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the first ``old`` leaves are the beginning of the first ``size``."""
        ranges = consistency_ranges(old, len(self) if size is None else size)
        return hashes_of(ranges, self.node, self._hashing)
