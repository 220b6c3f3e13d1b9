"""The sealer: what it signs leads to the ledger's root, and it goes on from what it signed only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from scheduler.proof.checkpoints import read_checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Tree, hashes_of, inclusion_ranges, root_of_inclusion
from scheduler.proof.notes import Note, Signature, parse, verified
from scheduler.proof.tiles import TileName, needed, reader, right_edge
from scheduler.proof.witnessing import RefusedError, Status
from streams.keyring import KeyRing
from streams.memory import MemoryLedger
from streams.sealing.folder import Folder
from streams.sealing.keys import Ed25519Verifier, LogKeys
from streams.sealing.sealer import SealBrokenError, Sealer
from streams.sealing.stores import MemorySeals
from streams.sealing.witnesses import Proof
from tests.streams.sealing.ledgers import KEYS, bodies, draft, grow
from tests.streams.sealing.near import NearWitness


async def sealed(ledger: MemoryLedger, seals: MemorySeals, *steps: int) -> Sealer:
    sealer = Sealer(ledger, seals, KEYS)
    await sealer.begin()
    for step in steps:
        await grow(ledger, step)
        await sealer.look()
        await sealer.seal()
    return sealer


async def test_a_checkpoint_is_the_root_of_the_ledgers_bytes() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    await sealed(ledger, seals, 1, 299, 700)
    tree = Tree([SHA256.leaf(body) for body in bodies(1000)])
    notes = [parse(data) for _, data in await seals.stored()]
    heads = [read_checkpoint(note.text).head for note in notes]
    assert [(h.size, h.root) for h in heads] == [(n, tree.root(n)) for n in (1, 300, 1000)]
    assert all(verified(note, KEYS.verifiers) for note in notes)
    ranges = inclusion_ranges(417, 1000)
    node = reader(await seals.tiles(needed(ranges, 1000)), 1000)
    proof = hashes_of(ranges, node)
    assert root_of_inclusion(417, 1000, tree.leaf(417), proof) == tree.root()


async def test_nothing_new_is_not_sealed_again() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    sealer = await sealed(ledger, seals)
    assert await sealer.seal() is None
    await grow(ledger, 5)
    await sealer.look()
    assert (await sealer.seal()) is not None
    assert await sealer.look() is False
    assert await sealer.seal() is None
    assert len(await seals.stored()) == 1


async def test_another_sealer_takes_the_work_up() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    await sealed(ledger, seals, 300)
    await sealed(ledger, seals, 300)
    latest = await seals.latest()
    assert latest is not None
    tree = Tree([SHA256.leaf(body) for body in bodies(600)])
    assert read_checkpoint(latest.text).head.root == tree.root()


async def test_a_published_plan_is_urgent() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    sealer = await sealed(ledger, seals)
    types = [draft(n).type for n in range(1, 100)]
    published = types.index("cn.wurao.plan.published.v1") + 1
    await grow(ledger, published - 1)
    assert await sealer.look() is False
    await grow(ledger, 1)
    assert await sealer.look() is True
    await sealer.seal()
    await grow(ledger, 1)
    assert await sealer.look() is False


async def test_it_seals_while_it_runs_and_once_more_at_the_end() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    sealer, stop = Sealer(ledger, seals, KEYS), asyncio.Event()
    running = asyncio.create_task(sealer.run(stop, every=0.0, pause=0.001))
    await grow(ledger, 10)
    while sealer.sealed < 10:  # noqa: ASYNC110 - the sealer tells nobody
        await asyncio.sleep(0.001)
    await grow(ledger, 10)
    stop.set()
    await running
    latest = await seals.latest()
    assert latest is not None
    assert read_checkpoint(latest.text).size == 20


async def test_a_store_that_was_rewritten_is_not_sealed_on() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    sealer = await sealed(ledger, seals, 300)
    del ledger._entries[200:]
    with pytest.raises(SealBrokenError, match="shorter"):
        await sealer.look()
    name = right_edge(300)[0]
    seals._tiles[name.level, name.index] = bytes(32 * name.width)
    with pytest.raises(SealBrokenError, match="root"):
        await Sealer(ledger, seals, KEYS).begin()
    seals._tiles.clear()
    with pytest.raises(SealBrokenError, match="tile"):
        await Sealer(ledger, seals, KEYS).begin()
    other = LogKeys.of(KeyRing.from_seed(b"other"), "test")
    with pytest.raises(SealBrokenError, match="did not sign"):
        await Sealer(ledger, seals, other).begin()


async def test_two_sealers_do_not_sign_two_stories() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    first, second = await sealed(ledger, seals), await sealed(ledger, seals)
    await grow(ledger, 3)
    await first.look()
    await second.look()
    await first.seal()
    with pytest.raises(SealBrokenError, match="somebody else"):
        await second.seal()


async def test_files_outside_remember_what_the_store_forgot(tmp_path: Path) -> None:
    ledger, seals, folder = MemoryLedger(), MemorySeals(), Folder(tmp_path)
    sealer = Sealer(ledger, seals, KEYS, outlets=[folder])
    await sealer.begin()
    for _ in range(2):
        await grow(ledger, 10)
        await sealer.look()
        await sealer.seal()
    notes = [data for _, data in await seals.stored()]
    assert list(await folder.notes()) == [*notes, notes[-1]]
    assert (tmp_path / "checkpoint").read_bytes() == notes[-1]
    del seals._notes[20]
    with pytest.raises(SealBrokenError, match="held outside"):
        await Sealer(ledger, seals, KEYS, outlets=[folder]).begin()


async def test_witnesses_sign_along_and_late(tmp_path: Path) -> None:
    ledger, seals, witness = MemoryLedger(), MemorySeals(), NearWitness(tmp_path)
    sealer = Sealer(ledger, seals, KEYS, witnesses=[witness])
    await sealer.begin()
    await grow(ledger, 300)
    await sealer.look()
    await sealer.seal()
    witness.away = True
    await grow(ledger, 10)
    await sealer.look()
    await sealer.seal()
    key = Ed25519Verifier(witness.key.verifier_key)
    assert [len(verified(parse(data), [key])) for _, data in await seals.stored()] == [1, 0]
    witness.away = False
    await Sealer(ledger, seals, KEYS, witnesses=[witness]).begin()
    assert [len(verified(parse(data), [key])) for _, data in await seals.stored()] == [1, 1]
    assert witness.asked == [300, 310]


class Refusing:
    """A witness that knows another story."""

    name = "refusing"

    async def cosign(self, _size: int, _note: Note, _proof: Proof) -> list[Signature]:
        raise RefusedError(Status.UNPROCESSABLE, "another story")

    async def held(self, _origin: str) -> Note | None:
        return None


class Broken:
    """An outlet that takes nothing."""

    async def put(self, _size: int, _note: Note) -> None:
        raise OSError("full")

    async def last(self) -> int:
        return 0

    async def notes(self) -> Sequence[bytes]:
        return []


async def test_neither_a_refusal_nor_a_broken_outlet_stops_sealing() -> None:
    ledger, seals = MemoryLedger(), MemorySeals()
    sealer = Sealer(ledger, seals, KEYS, witnesses=[Refusing()], outlets=[Broken()])
    await sealer.begin()
    await grow(ledger, 3)
    await sealer.look()
    await sealer.seal()
    assert sealer.sealed == 3
    assert await seals.tiles([TileName(0, 0, 3)])
