"""Books with one visit among others, sealed and witnessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.receipts.making import receipt
from scheduler.decide.ratings import padding
from schemas import events as e
from schemas.visits import Grade, Rating
from streams.history import MemoryHistory
from streams.memory import MemoryLedger
from streams.ports import Append, Draft, Ledger
from streams.sealing.sealer import Sealer
from streams.sealing.stores import MemorySeals
from tests.builders import an_entry
from tests.golden_events import FOLDER
from tests.streams.sealing.ledgers import KEYS, grow
from tests.streams.sealing.near import NearWitness

VISIT = "a-visit"
SECRET = "5f" * 32


def rating(grade: Grade = Grade.POOR) -> bytes:
    given_ = Rating(grade=grade)
    body = an_entry(e.RatingGiven(rating=given_, pad=padding(given_)), f"visit/{VISIT}")
    return body.replace(b"0" * 64, SECRET.encode())


def of_type(name: str) -> bytes:
    body = (FOLDER / f"cn.wurao.visit.{name}.v1.rich.json").read_bytes().strip()
    return body.replace(b'"subject":"visit/1"', f'"subject":"visit/{VISIT}"'.encode())


async def put(ledger: Ledger, *bodies: bytes) -> None:
    drafts = []
    for n, body in enumerate(bodies, start=1):
        head, _, tail = body.rpartition(b',"position":1,')
        drafts.append(Draft(f"visit/{VISIT}", n, "-", head, b"," + tail))
    async with ledger.transaction() as transaction:
        await transaction.lock([], [])
        await transaction.append(Append(drafts, {}, []))


class Books:
    """A ledger with one visit among others, sealed and witnessed."""

    def __init__(self, folder: Path) -> None:
        self.ledger, self.seals, self.witness = MemoryLedger(), MemorySeals(), NearWitness(folder)
        log = KEYS.verifiers[0].key
        self.policy = f"log {log}\nwitness w {self.witness.key.verifier_key}\nquorum w\n"

    async def fill(self) -> Books:
        sealer = Sealer(self.ledger, self.seals, KEYS, witnesses=[self.witness])
        await sealer.begin()
        await grow(self.ledger, 290)
        story = [of_type(name) for name in ("published", "staffed", "entered", "left")]
        await put(self.ledger, *story, rating())
        await sealer.look()
        await sealer.seal()
        await grow(self.ledger, 40)
        self.witness.away = True
        await sealer.look()
        await sealer.seal()
        return self

    async def of_visit(self) -> dict[str, Any]:
        return await receipt("visit", VISIT, MemoryHistory(self.ledger), self.seals)

    async def of_rating(self) -> dict[str, Any]:
        return await receipt("rating", VISIT, MemoryHistory(self.ledger), self.seals)
