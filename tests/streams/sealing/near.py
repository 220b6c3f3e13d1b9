"""A witness without a network."""

from __future__ import annotations

from pathlib import Path

from scheduler.proof.notes import Note, Signature, parse
from scheduler.proof.witnessing import Asked
from streams.keyring import KeyRing
from streams.sealing.keys import LogKeys, cosigner
from streams.sealing.witness import Witness, origin_hash
from streams.sealing.witnesses import AwayError, Proof
from tests.streams.sealing.ledgers import KEYS
from tests.streams.shop import StillClock


class NearWitness:
    """A witness in this very process, asked as over the network."""

    name = "near"

    def __init__(self, folder: Path, keys: LogKeys = KEYS) -> None:
        self.key = cosigner(KeyRing.from_seed(b"witness"), "witness.example/near", StillClock())
        self.witness = Witness(folder, self.key, keys.verifiers)
        self.away = False
        self.asked: list[int] = []
        self._old = 0

    async def cosign(self, size: int, note: Note, proof: Proof) -> list[Signature]:
        if self.away:
            raise AwayError("away")
        self.asked.append(size)
        body = Asked(self._old, tuple(await proof(self._old)), note).encode()
        line = self.witness.add(body)
        self._old = size
        return list(parse(note.encode() + line).signatures[-1:])

    async def held(self, origin: str) -> Note | None:
        return parse(self.memory(origin))

    def memory(self, origin: str) -> bytes:
        """Return what it has on disk for a log."""
        found = self.witness.checkpoint(origin_hash(origin))
        assert found is not None
        return found
