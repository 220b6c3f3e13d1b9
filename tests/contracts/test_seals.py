"""The contract of where checkpoints and tiles are kept."""

from __future__ import annotations

import pytest

from scheduler.proof.hashing import SHA256
from scheduler.proof.notes import Note, Signature, parse
from scheduler.proof.tiles import Edge, TileName
from streams.ports import Conflict
from streams.postgres.seals import PostgresSeals
from streams.sealing.stores import MemorySeals, Seals
from tests.contracts.stores import KINDS

LOG = Signature("log", b"\x00log", b"signed")
ONE = Signature("one", b"\x00one", b"seen")
TWO = Signature("two", b"\x00two", b"seen too")


@pytest.fixture(params=KINDS)
def seals(request: pytest.FixtureRequest) -> Seals:
    """Return empty seals of each kind in turn."""
    if request.param == "memory":
        return MemorySeals()
    return PostgresSeals(request.getfixturevalue("database"))


def note(size: int) -> Note:
    return Note(f"log\n{size}\nroot\n", (LOG,))


def edge(size: int) -> dict[TileName, bytes]:
    made = Edge()
    return made.append(SHA256.leaf(b"%d" % n) for n in range(size)) | made.partial()


async def test_the_largest_tree_is_the_latest(seals: Seals) -> None:
    assert await seals.latest() is None
    assert await seals.checkpoint(1) is None
    for size in (3, 10, 300):
        await seals.add(size, note(size), edge(size))
    assert await seals.latest() == note(300)
    assert await seals.checkpoint(4) == note(10)
    assert await seals.checkpoint(3) == note(3)
    assert await seals.checkpoint(301) is None
    stored = [(size, note(size).encode()) for size in (3, 10, 300)]
    assert list(await seals.stored()) == stored


async def test_trees_only_grow(seals: Seals) -> None:
    await seals.add(10, note(10), edge(10))
    for size in (10, 9):
        with pytest.raises(Conflict):
            await seals.add(size, note(size), {TileName(0, 0, 1): bytes(32)})
    assert await seals.tiles([TileName(0, 0, 1)]) == {TileName(0, 0, 1): SHA256.leaf(b"0")}


async def test_a_signature_comes_once_and_stays(seals: Seals) -> None:
    await seals.add(10, note(10), edge(10))
    await seals.add(20, note(20), edge(20))
    await seals.cosign(10, [TWO])
    await seals.cosign(10, [])
    await seals.cosign(10, [ONE, Signature(TWO.name, TWO.key_id, b"another")])
    kept = await seals.checkpoint(10)
    assert kept is not None
    assert set(kept.signatures) == {LOG, ONE, TWO}
    assert kept.signatures[0] == LOG
    assert [len(parse(data).signatures) for _, data in await seals.stored()] == [3, 1]


async def test_a_wider_tile_answers_for_a_narrower_one(seals: Seals) -> None:
    await seals.add(10, note(10), edge(10))
    await seals.add(600, note(600), edge(600))
    asked = [TileName(0, 0, 10), TileName(0, 2, 88), TileName(0, 2, 89), TileName(1, 0, 2)]
    found = await seals.tiles(asked)
    whole = edge(600)
    assert found == {
        asked[0]: whole[TileName(0, 0)][:320],
        asked[1]: whole[asked[1]],
        asked[3]: whole[asked[3]],
    }
    assert await seals.tiles([]) == {}
