"""The audit of an installation's ledger: every copy within reach against every checkpoint within reach."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from portal.proof.sealing import PROOF, broker_of, database_of, trust, witnesses
from portal.running.service import Service
from portal.settings import Settings
from scheduler.proof.trust import Trust
from schemas.topics import CHECKPOINTS
from streams.kafka import naming
from streams.kafka.audit import committed
from streams.kafka.checkpoints import checkpoint_topic
from streams.kafka.segments import BadSegmentError, read_folder
from streams.postgres.entries import entry_rows
from streams.postgres.seals import PostgresSeals
from streams.sealing.audit import STORE, Audit, audit
from streams.sealing.copies import Copy, of_entries, of_folder, of_rows, of_seals
from streams.sealing.folder import Folder
from streams.sealing.witnesses import AwayError


@dataclass(frozen=True, slots=True)
class Against:
    """What an audit holds the ledger against, besides what the installation itself keeps."""

    policy: Path | None = None
    checkpoints: Sequence[Path] = ()
    folders: Sequence[Path] = ()
    segments: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """What an audit found, the copies that it read, and witnesses that did not answer."""

    audit: Audit
    copies: Sequence[Copy]
    away: Sequence[str]

    @property
    def ledger(self) -> Copy:
        """The copy in use."""
        return self.copies[0]


async def verify(settings: Settings, service: Service, against: Against) -> Verified:
    """Hold the ledger and all its copies against every checkpoint within reach.

    What others hold is read first: they hold nothing that the store does not, so whatever the store
    lacks afterwards it has lost.

    Raises:
        BadNoteError: If the policy cannot be read.
        NoKeysError: If there is no log to believe.
    """
    database, believed = database_of(service), trust(settings, against.policy)
    notes, away = await _held(believed)
    notes |= {str(path): [path.read_bytes()] for path in against.checkpoints}
    folders = [Folder(path) for path in (settings.data / PROOF, *against.folders)]
    for folder in folders:
        notes[str(folder.path)] = list(await folder.notes())
    broker = broker_of(settings)
    if broker is not None:
        async with checkpoint_topic(broker, settings.domain) as topic:
            notes[CHECKPOINTS.name] = list(await topic.notes())
    seals = PostgresSeals(database)
    stored = await seals.stored()
    notes[STORE] = [note for _, note in stored]
    size = max((size for size, _ in stored), default=0)
    copies = [
        await of_rows(STORE, entry_rows(database), service.ledger.entries),
        await of_seals("tiles", seals, size),
        *[of_folder(str(f.path), f, await f.last()) for f in folders[1:]],
    ]
    if broker is not None:
        copies.append(await _topic(broker, settings.domain))
    copies += [await _segments(path) for path in against.segments]
    return Verified(await audit(copies, notes, believed), copies, away)


async def _topic(broker: str, domain: str) -> Copy:
    """Read the ledger's topic, as the broker serves it."""

    async def entries(after: int) -> AsyncIterator[tuple[int, bytes]]:
        number = 0
        async for record in committed(broker, naming.ledger(domain)):
            number += 1
            if number > after:
                yield record

    return await of_entries("topic", entries)


async def _segments(path: Path) -> Copy:
    """Read the ledger's topic from the broker's files, up to where one is damaged."""
    damage: list[str] = []

    async def entries(after: int) -> AsyncIterator[tuple[int, bytes]]:
        try:
            for record in islice(read_folder(path), after, None):
                yield record
        except BadSegmentError as error:
            damage.append(str(error))

    copy = await of_entries(str(path), entries)
    for text in damage:
        copy.flaw(len(copy) + 1, text)
    return copy


async def _held(believed: Trust) -> tuple[dict[str, list[bytes]], list[str]]:
    """Return the last checkpoint that each witness signed, and who did not answer."""
    notes: dict[str, list[bytes]] = {}
    away: list[str] = []
    for witness in witnesses(believed):
        for origin in sorted({log.name for log in believed.logs}):
            try:
                note = await witness.held(origin)
            except AwayError as error:
                away.append(str(error))
                continue
            if note is not None:
                notes.setdefault(witness.name, []).append(note.encode())
    return notes, away
