"""A sealed world, and an attacker who can write all of it but the witness's memory.

He writes Postgres and the broker's files, has the log's own key, and recomputes what he changed: positions,
sequences, columns, tiles, roots, signatures, checksums. What he lacks is the witness's key.
"""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scheduler.proof.checkpoints import Checkpoint, read_checkpoint
from scheduler.proof.entries import place_of
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head, Tree
from scheduler.proof.notes import Note, parse
from scheduler.proof.tiles import Edge
from scheduler.proof.trust import Trust, Witness
from schemas.wire import canonical
from streams.kafka.segments import read_segments
from streams.memory import MemoryLedger
from streams.sealing.audit import STORE, Audit, audit
from streams.sealing.copies import Copy, Row, of_entries, of_rows, of_seals
from streams.sealing.keys import Ed25519Verifier
from streams.sealing.sealer import Sealer
from streams.sealing.stores import MemorySeals
from tests.streams.kafka.segment_files import segment
from tests.streams.sealing.ledgers import KEYS, grow
from tests.streams.sealing.near import NearWitness

TOPIC = "topic"
KINDS = ("edit", "delete", "insert", "reorder", "truncate")


@dataclass
class World:
    """All that an audit reads: the table, the broker's file, checkpoints everywhere, the witness."""

    bodies: list[bytes]
    topic: bytes
    seals: MemorySeals
    trust: Trust
    outside: dict[str, list[bytes]]
    witnessed: int
    columns: list[Row] = field(default_factory=list)

    def rows(self) -> list[Row]:
        """Return the table's rows."""
        return self.columns or [_row(n, body) for n, body in enumerate(self.bodies, start=1)]


async def a_world(rng: random.Random, folder: Path, most: int = 120) -> World:
    """Return a ledger of some entries, sealed now and then; the witness is away now and then."""
    ledger, seals, witness = MemoryLedger(), MemorySeals(), NearWitness(folder)
    sealer = Sealer(ledger, seals, KEYS, witnesses=[witness])
    await sealer.begin()
    for n in range(rng.randint(1, 4)):
        await grow(ledger, rng.randint(1, most // 3))
        await sealer.look()
        witness.away = n > 0 and rng.random() < 0.2
        await sealer.seal()
    await grow(ledger, rng.randint(0, 5))
    bodies = [body async for _, body in ledger.entries()]
    topic = segment(list(enumerate(bodies, start=1)), aborted=[b"aborted"])
    key = Ed25519Verifier(witness.key.verifier_key)
    trust = Trust(KEYS.verifiers, (Witness("w", key),), {}, "w")
    held = witness.memory(KEYS.origin)
    notes = [data for _, data in await seals.stored()]
    size = read_checkpoint(parse(held).text).size
    outside = {"w": [held], "files": list(notes), "checkpoints": list(notes)}
    return World(bodies, topic, seals, trust, outside, size)


async def judged(world: World) -> tuple[Audit, list[Copy]]:
    """Audit a world as it lies there."""

    async def rows() -> AsyncIterator[Row]:
        for row in world.rows():
            yield row

    async def entries(after: int) -> AsyncIterator[tuple[int, bytes]]:
        for position, *_, body in world.rows()[after:]:
            yield position, body

    return await judged_copy(world, await of_rows(STORE, rows(), entries))


async def judged_copy(world: World, table: Copy) -> tuple[Audit, list[Copy]]:
    """Audit a world whose table was read already."""
    topic = list(read_segments([world.topic]))

    async def records(after: int) -> AsyncIterator[tuple[int, bytes]]:
        for record in topic[after:]:
            yield record

    stored = await world.seals.stored()
    notes = {**world.outside, STORE: [note for _, note in stored]}
    size = max((size for size, _ in stored), default=0)
    copies = [table, await of_seals("tiles", world.seals, size), await of_entries(TOPIC, records)]
    return await audit(copies, notes, world.trust), copies


@dataclass(frozen=True)
class Attack:
    """What was done. ``first`` is the first position that is not what it was."""

    kind: str
    table: bool
    topic: bool
    careful: bool
    tiles: bool
    resigned: bool
    first: int

    @property
    def honest_copy(self) -> bool:
        """Whether a copy was left alone that leads to what the witness saw."""
        return not (self.table and self.topic and self.tiles)


async def attack(rng: random.Random, world: World) -> tuple[World, Attack]:
    """Alter sealed entries somewhere; return the world as the attacker leaves it."""
    kind = rng.choice(KINDS)
    table, topic = rng.choice([(True, False), (False, True), (True, True)])
    careful, tiles, resigned = (rng.random() < 0.6 for _ in range(3))
    tiles = resigned = table and tiles
    resigned = resigned and rng.random() < 0.7
    bodies = _altered(rng, world.bodies, world.witnessed, kind)
    renumbered = _renumbered(bodies) if careful else bodies
    first = next(
        (n for n, (a, b) in enumerate(zip(world.bodies, renumbered, strict=False), 1) if a != b),
        min(len(renumbered), len(world.bodies)) + 1,
    )
    done = Attack(kind, table, topic, careful, tiles, resigned, first)
    left = replace(world, seals=_copied(world.seals), outside=dict(world.outside))
    if table:
        left.bodies, left.columns = renumbered, _rows(renumbered, careful=careful)
    if topic:
        left.topic = segment(list(enumerate(renumbered, 1)), aborted=[b"aborted"])
    if tiles:
        _write_tiles(left.seals, renumbered)
    if resigned:
        await _sign_anew(left, renumbered, forget=rng.random() < 0.3)
    return left, done


def _altered(rng: random.Random, bodies: Sequence[bytes], sealed: int, kind: str) -> list[bytes]:
    found, place = list(bodies), rng.randrange(sealed)
    if kind == "edit":
        found[place] = _edited(rng, found[place])
    elif kind == "delete":
        del found[place]
    elif kind == "insert":
        found.insert(place, _edited(rng, found[rng.randrange(len(found))]))
    elif kind == "truncate" or len(found) == 1:
        del found[place:]
    else:
        other = rng.choice([n for n in range(len(found)) if n != place])
        if rng.random() < 0.5:
            found[place], found[other] = found[other], found[place]
        else:
            found.insert(other, found.pop(place))
    return found


def _edited(rng: random.Random, body: bytes) -> bytes:
    """Change an entry's meaning: its data, who did it, or when."""
    entry = json.loads(body)
    field_ = rng.choice(["data", "actor", "time"])
    if field_ == "data":
        entry["data"] = {**entry["data"], "note": f"changed {rng.random()}"}
    elif field_ == "actor":
        entry["actor"] = {**entry["actor"], "id": f"somebody-{rng.randrange(10**9)}"}
    else:
        entry["time"] = f"20{rng.randint(10, 99)}-01-0{rng.randint(1, 9)}T00:00:00+08:00"
    return canonical(entry)


def _renumbered(bodies: Sequence[bytes]) -> list[bytes]:
    """Give all entries the positions and sequences that a reader expects."""
    found, reached = list[bytes](), dict[str, int]()
    for position, body in enumerate(bodies, start=1):
        entry = json.loads(body)
        sequence = reached[entry["subject"]] = reached.get(entry["subject"], 0) + 1
        found.append(canonical(entry | {"position": position, "sequence": sequence}))
    return found


def _row(position: int, body: bytes) -> Row:
    place = place_of(body)
    assert place is not None
    return position, place.subject, place.sequence, place.type, body


def _rows(bodies: Sequence[bytes], *, careful: bool) -> list[Row]:
    rows = [_row(n, body) for n, body in enumerate(bodies, start=1)]
    if careful:
        return rows
    # Positions of the table are a primary key: what is not renumbered stands where it stood.
    return [(n, *row[1:]) for n, row in enumerate(rows, start=1)]


def _copied(seals: MemorySeals) -> MemorySeals:
    copied = MemorySeals()
    copied._notes, copied._tiles = dict(seals._notes), dict(seals._tiles)
    return copied


def _write_tiles(seals: MemorySeals, bodies: Sequence[bytes]) -> None:
    size = min(max(seals._notes), len(bodies))
    edge = Edge()
    tiles = edge.append(SHA256.leaf(body) for body in bodies[:size]) | edge.partial()
    seals._tiles = {(name.level, name.index): tile for name, tile in tiles.items()}


async def _sign_anew(world: World, bodies: Sequence[bytes], *, forget: bool) -> None:
    """Sign all checkpoints anew with the log's own key, over what is there now."""
    tree = Tree([SHA256.leaf(body) for body in bodies])
    sizes = [size for size in world.seals._notes if size <= len(bodies)]
    notes = {}
    for size in sizes[:1] if forget else sizes:
        text = Checkpoint(KEYS.origin, Head(size, tree.root(size))).text()
        notes[size] = Note(text, (KEYS.signer.sign(text),))
    world.seals._notes = notes
    signed = [note.encode() for note in notes.values()]
    world.outside |= {"files": signed, "checkpoints": signed}
