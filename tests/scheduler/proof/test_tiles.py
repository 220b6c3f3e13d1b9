"""Tiles: their names as C2SP tlog-tiles gives them, and proofs from them as from the whole tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import (
    Tree,
    consistency_ranges,
    hashes_of,
    inclusion_ranges,
    range_hash,
)
from scheduler.proof.tiles import WIDTH, Edge, TileName, names, needed, reader, right_edge

LEAVES = [SHA256.leaf(b"%d" % n) for n in range(WIDTH * WIDTH + 700)]
WHOLE = Tree(LEAVES)


def tiles_of(size: int) -> dict[TileName, bytes]:
    edge = Edge()
    full = edge.append(LEAVES[:size])
    return full | edge.partial()


def test_paths_are_those_of_the_specification() -> None:
    assert TileName(0, 1234067).path == "tile/0/x001/x234/067"
    assert TileName(0, 5, 112).path == "tile/0/005.p/112"
    assert TileName(2, 0, 1).path == "tile/2/000.p/1"


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() -> None:
    found = names(70_000)
    assert sum(n.level == 0 and n.width == WIDTH for n in found) == 273
    partial = [(n.level, n.width) for n in found if n.width < WIDTH]
    assert partial == [(0, 112), (1, 17), (2, 1)]
    assert [(n.level, n.width) for n in names(256)] == [(0, 256), (1, 1)]


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 66_000])
def test_the_edge_makes_all_tiles_and_the_root(size: int) -> None:
    tiles = tiles_of(size)
    assert sorted(tiles) == sorted(names(size))
    edge = Edge.of(size, {name: tiles[name] for name in right_edge(size)})
    assert edge.root() == WHOLE.root(size)
    assert range_hash(0, size, reader(tiles, size)) == WHOLE.root(size)


@settings(max_examples=60)
@given(st.integers(1, len(LEAVES)), st.data())
def test_proofs_need_few_tiles_and_are_the_same(size: int, data: st.DataObject) -> None:
    tiles = TILES if size == len(LEAVES) else tiles_of(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    for ranges, expected in (
        (inclusion_ranges(index, size), WHOLE.inclusion(index, size)),
        (consistency_ranges(old, size), WHOLE.consistency(old, size)),
    ):
        few = {name: tiles[name] for name in needed(ranges, size)}
        assert len(few) <= 6
        assert hashes_of(ranges, reader(few, size)) == expected


TILES = tiles_of(len(LEAVES))


@given(st.lists(st.integers(0, 400), max_size=6))
def test_a_tree_taken_up_again_goes_on_as_if_it_had_not_stopped(steps: list[int]) -> None:
    edge, kept = Edge(), dict[TileName, bytes]()
    for step in steps:
        kept |= edge.append(LEAVES[edge.size : edge.size + step]) | edge.partial()
        edge = Edge.of(edge.size, kept)
        assert edge.root() == WHOLE.root(edge.size)


def test_what_is_missing_or_short_is_told() -> None:
    tiles = tiles_of(300)
    with pytest.raises(LookupError):
        Edge.of(300, {})
    with pytest.raises(LookupError):
        Edge.of(300, dict.fromkeys(right_edge(300), bytes(32)))
    with pytest.raises(LookupError):
        reader(dict.fromkeys(tiles, bytes(32)), 300)(0, 299)
