"""The tree against the words of RFC 6962, and against each other's proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.proof.hashing import SHA256, SM3, Hashing
from scheduler.proof.merkle import (
    Head,
    Tree,
    consistency_ranges,
    consistent,
    inclusion_ranges,
    root_of_inclusion,
)


def mth(data: Sequence[bytes]) -> bytes:
    """The definition of RFC 6962 section 2.1, word by word."""
    if not data:
        return hashlib.sha256().digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


def path(m: int, data: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of section 2.1.1."""
    n = len(data)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*path(m, data[:k]), mth(data[k:])]
    return [*path(m - k, data[k:]), mth(data[:k])]


def proof(m: int, data: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of section 2.1.2."""
    n = len(data)
    if m == n:
        return [] if whole else [mth(data)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*proof(m, data[:k], whole=whole), mth(data[k:])]
    return [*proof(m - k, data[k:], whole=False), mth(data[:k])]


def words(number: int) -> list[bytes]:
    return [b"entry %d" % n for n in range(number)]


def tree_of(data: Sequence[bytes], hashing: Hashing = SHA256) -> Tree:
    return Tree([hashing.leaf(d) for d in data], hashing)


def test_roots_are_those_of_the_definition() -> None:
    data = words(70)
    tree = tree_of(data)
    assert [tree.root(n) for n in range(71)] == [mth(data[:n]) for n in range(71)]


@given(st.lists(st.integers(0, 40), max_size=8))
def test_leaves_added_many_at_a_time_make_the_same_tree(sizes: list[int]) -> None:
    leaves = [SHA256.leaf(each) for each in words(sum(sizes))]
    one_by_one, many = Tree(), Tree()
    for leaf in leaves:
        one_by_one.append(leaf)
    start = 0
    for size in sizes:
        many.extend(leaves[start : start + size])
        start += size
        assert len(many) == start
        assert many.root() == one_by_one.root(start)
    assert many._levels == one_by_one._levels


def test_proofs_are_those_of_the_definition() -> None:
    data = words(33)
    tree = tree_of(data)
    for size in range(1, 34):
        for index in range(size):
            assert tree.inclusion(index, size) == path(index, data[:size])
        for old in range(1, size + 1):
            assert tree.consistency(old, size) == proof(old, data[:size])


def test_every_proof_verifies_and_no_other_root() -> None:
    tree = tree_of(words(40))
    for size in range(1, 41):
        for index in range(size):
            made = tree.inclusion(index, size)
            assert root_of_inclusion(index, size, tree.leaf(index), made) == tree.root(size)
        for old in range(size + 1):
            heads = Head(old, tree.root(old)), Head(size, tree.root(size))
            made = tree.consistency(old, size)
            assert consistent(*heads, made)
            assert not consistent(heads[0], Head(size, bytes(32)), made) or old == 0
            assert not consistent(Head(old, bytes(32)), heads[1], made)


@given(st.integers(1, 300), st.data())
def test_a_changed_proof_leads_elsewhere(size: int, data: st.DataObject) -> None:
    tree = tree_of(words(size))
    index = data.draw(st.integers(0, size - 1))
    made = tree.inclusion(index)
    if not made:
        return
    place = data.draw(st.integers(0, len(made) - 1))
    bit = data.draw(st.integers(0, 255))
    bent = bytearray(made[place])
    bent[bit // 8] ^= 1 << bit % 8
    wrong = [*made[:place], bytes(bent), *made[place + 1 :]]
    assert root_of_inclusion(index, size, tree.leaf(index), wrong) != tree.root()
    assert root_of_inclusion(index, size, tree.leaf(index), [*made, bytes(32)]) is None
    assert root_of_inclusion(index, size, tree.leaf(index), made[:-1]) is None


@given(st.integers(1, 200), st.data())
def test_a_rewritten_beginning_is_never_consistent(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    place = data.draw(st.integers(0, old - 1))
    before = tree_of(words(size))
    changed = words(size)
    changed[place] = b"another"
    after = tree_of(changed)
    heads = Head(old, before.root(old)), Head(size, after.root())
    assert not consistent(*heads, after.consistency(old))
    assert not consistent(*heads, before.consistency(old))


def test_nonsense_is_no_proof() -> None:
    assert root_of_inclusion(3, 3, bytes(32), []) is None
    assert root_of_inclusion(-1, 3, bytes(32), []) is None
    assert not consistent(Head(4, bytes(32)), Head(3, bytes(32)), [])
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_ranges(2, 2)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency_ranges(3, 2)


def test_the_tree_stands_on_another_hash_as_well() -> None:
    data = words(5)
    tree = tree_of(data, SM3)
    a, b, c, d, e = [SM3.digest(b"\x00" + each) for each in data]
    left, right = SM3.digest(b"\x01" + a + b), SM3.digest(b"\x01" + c + d)
    assert tree.root() == SM3.digest(b"\x01" + SM3.digest(b"\x01" + left + right) + e)
    assert tree.root(0) == SM3.digest(b"")
    found = root_of_inclusion(4, 5, tree.leaf(4), tree.inclusion(4), SM3)
    assert found == tree.root()
