"""The sealer: follows the ledger, and signs a checkpoint at an interval and at every published plan.

It never signs what does not go on from what it signed before: the last checkpoint must be its own, the
tiles must lead to its root, and no outlet may hold a larger one. If any of that fails it stops and says
so, because somebody rewrote the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from scheduler.proof.checkpoints import Checkpoint, read_checkpoint
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head, consistency_ranges, hashes_of
from scheduler.proof.notes import BadNoteError, Note, Signature, verified
from scheduler.proof.tiles import Edge, TileName, needed, reader, right_edge
from scheduler.proof.witnessing import RefusedError
from streams.ports import Conflict, Ledger, Unavailable
from streams.sealing.keys import LogKeys
from streams.sealing.stores import Outlet, Seals
from streams.sealing.witnesses import AwayError, Cosigner

EVERY: Final = 5.0
"""Seconds until new entries are sealed at the latest; with the time of a seal it stays below ten."""

LOOK: Final = 0.5
"""Seconds between looks at the ledger."""

AT_ONCE: Final = b'"type":"cn.wurao.plan.published.v1"}'
"""How an entry ends after which a checkpoint is signed at once."""

_PAGE: Final = 2000
_log = structlog.get_logger(__name__)


class SealBrokenError(RuntimeError):
    """What is stored is not what was signed; the text says what differs."""


class Sealer:
    """Signs checkpoints over one ledger. One at a time: who calls it sees to that."""

    def __init__(
        self,
        ledger: Ledger,
        seals: Seals,
        keys: LogKeys,
        *,
        witnesses: Sequence[Cosigner] = (),
        outlets: Sequence[Outlet] = (),
    ) -> None:
        self._ledger = ledger
        self._seals = seals
        self._keys = keys
        self._witnesses = witnesses
        self._outlets = outlets
        self._edge = Edge()
        self._full: dict[TileName, bytes] = {}
        self._sealed = 0
        self._urgent = False

    @property
    def sealed(self) -> int:
        """The position up to which the ledger is sealed."""
        return self._sealed

    @property
    def waiting(self) -> int:
        """How many entries were seen and are not sealed."""
        return self._edge.size - self._sealed

    async def begin(self) -> None:
        """Take up the work from the last checkpoint, and hand that one over once more.

        Raises:
            SealBrokenError: If the store does not continue what was signed.
        """
        note = await self._latest()
        size = read_checkpoint(note.text).size if note else 0
        self._edge, self._full = await self._edge_at(size), {}
        self._sealed, self._urgent = size, False
        await self._not_beyond(size)
        if note is not None:
            self._same_root(read_checkpoint(note.text).head)
            await self._hand_over(size, note)

    async def look(self) -> bool:
        """Take in what the ledger has new; tell whether it must be sealed at once.

        Raises:
            SealBrokenError: If an entry is missing, or the ledger is shorter than what was signed.
        """
        if await self._ledger.position() < self._edge.size:
            raise SealBrokenError(
                f"台账短于已存证的 {self._edge.size} 条 / the ledger is shorter than what was sealed"
            )
        leaves: list[bytes] = []
        async for position, body in self._ledger.entries(after=self._edge.size):
            if position != self._edge.size + len(leaves) + 1:
                raise SealBrokenError(
                    f"缺第 {position - 1} 条 / an entry is missing: {position - 1}"
                )
            leaves.append(SHA256.leaf(body))
            self._urgent = self._urgent or body.endswith(AT_ONCE)
            if len(leaves) == _PAGE:
                self._full |= self._edge.append(leaves)
                leaves = []
        self._full |= self._edge.append(leaves)
        return self._urgent

    async def seal(self) -> Checkpoint | None:
        """Sign a checkpoint over all that was taken in; ``None`` when there is nothing new.

        Raises:
            SealBrokenError: If somebody else sealed meanwhile.
        """
        if not self.waiting:
            return None
        size = self._edge.size
        checkpoint = Checkpoint(self._keys.origin, Head(size, self._edge.root()))
        text = checkpoint.text()
        note = Note(text, (self._keys.signer.sign(text),))
        try:
            await self._seals.add(size, note, self._full | self._edge.partial())
        except Conflict as error:
            raise SealBrokenError(f"另有存证进程 / somebody else seals too: {error}") from error
        self._sealed, self._full, self._urgent = size, {}, False
        await self._hand_over(size, note)
        return checkpoint

    async def run(self, stop: asyncio.Event, *, every: float = EVERY, pause: float = LOOK) -> None:
        """Seal until told to stop, and once more then.

        Raises:
            SealBrokenError: If what is stored is not what was signed.
        """
        await self.begin()
        waited = 0.0
        while not stop.is_set():
            urgent = await self.look()
            if self.waiting and (urgent or waited + pause >= every):
                await self.seal()
            waited = waited + pause if self.waiting else 0.0
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue
        await self.look()
        await self.seal()

    async def _latest(self) -> Note | None:
        try:
            note = await self._seals.latest()
            ours = note is None or self._is_ours(note)
        except BadNoteError as error:
            raise SealBrokenError(str(error)) from error
        if not ours:
            raise SealBrokenError("不是本台账签的存证点 / a checkpoint that we did not sign")
        return note

    def _is_ours(self, note: Note) -> bool:
        origin = read_checkpoint(note.text).origin
        return origin == self._keys.origin and bool(verified(note, self._keys.verifiers))

    async def _not_beyond(self, size: int) -> None:
        """Refuse to go on where an outlet holds a larger tree: the store was set back.

        Raises:
            SealBrokenError: If one does.
        """
        for outlet in self._outlets:
            held = await outlet.last()
            if held > size:
                raise SealBrokenError(
                    f"库内只存证到第 {size} 条, 库外有第 {held} 条的存证点 / sealed up to {size} here, "
                    f"a checkpoint over {held} is held outside"
                )

    async def _edge_at(self, size: int) -> Edge:
        try:
            return Edge.of(size, await self._seals.tiles(right_edge(size)))
        except LookupError as error:
            raise SealBrokenError(f"缺散列块 / a tile is missing: {error}") from error

    def _same_root(self, head: Head) -> None:
        if self._edge.root() != head.root:
            raise SealBrokenError(
                f"散列块与第 {head.size} 条的存证点不符 / the tiles do not lead to the checkpoint's root"
            )

    async def _hand_over(self, size: int, note: Note) -> None:
        signatures = await asyncio.gather(*(self._ask(w, size, note) for w in self._witnesses))
        more = [signature for found in signatures for signature in found]
        if more:
            await self._seals.cosign(size, more)
            note = note.with_more(more)
        for outlet in self._outlets:
            try:
                await outlet.put(size, note)
            except (OSError, RuntimeError, Unavailable) as error:
                # The next checkpoint covers this one; what must not happen is that sealing stops.
                _log.warning("outlet-away", outlet=type(outlet).__name__, text=str(error))

    async def _ask(self, witness: Cosigner, size: int, note: Note) -> list[Signature]:
        async def proof(old: int) -> list[bytes]:
            return await consistency(self._seals, old, size)

        try:
            return await witness.cosign(size, note, proof)
        except AwayError as error:
            _log.warning("witness-away", witness=witness.name, text=str(error))
        except RefusedError as error:
            # It remembers a story that ours does not continue: the gravest thing a log can hear.
            _log.error("witness-refuses", witness=witness.name, text=str(error))
        return []


async def consistency(seals: Seals, old: int, size: int) -> list[bytes]:
    """Return the proof from one size to another, made from stored tiles.

    Raises:
        LookupError: If a tile is missing.
    """
    ranges = consistency_ranges(old, size)
    tiles = await seals.tiles(needed(ranges, size))
    return hashes_of(ranges, reader(tiles, size))
