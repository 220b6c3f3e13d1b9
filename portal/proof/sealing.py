"""Sealing, put together: the keys and witnesses of an installation, its sealer, its copies to audit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import structlog

from portal.running.health import Health, listening
from portal.running.keyfiles import SEALING
from portal.running.service import Service
from portal.running.stack import NotUpError, broker_address
from portal.settings import Settings
from scheduler.proof.checkpoints import read_checkpoint
from scheduler.proof.notes import BadNoteError, parse
from scheduler.proof.tiles import names
from scheduler.proof.trust import Trust, read_trust
from streams.history import History
from streams.kafka.checkpoints import checkpoint_topic
from streams.keyring import KeyFileError, open_ring
from streams.patience import Outage, Patience
from streams.ports import Unavailable
from streams.postgres import Database
from streams.postgres.history import PostgresHistory
from streams.postgres.leader import leading
from streams.postgres.seals import PostgresSeals
from streams.sealing.folder import Folder
from streams.sealing.keys import LogKeys, verifier
from streams.sealing.sealer import EVERY, SealBrokenError, Sealer
from streams.sealing.stores import Outlet, Seals
from streams.sealing.witnesses import HttpWitness

POLICY: Final = "trust.policy"
"""Whom this installation believes: its witnesses, in the form of C2SP tlog-policy."""

PROOF: Final = "proof"
"""The folder of checkpoints in files, for outsiders to copy."""


_log = structlog.get_logger(__name__)


_LAST_SEAL: Final = 10.0
"""Seconds that a server's end waits for its last seal."""

_OTHERS: Final = 3.0
"""Seconds to wait for another sealer's place before its work is taken for ours."""

_PAUSE: Final = 1.0
"""Seconds between looks whether the other sealer is gone."""


class NoKeysError(RuntimeError):
    """There is nobody to believe: neither a key of our own nor a policy that names one."""


def log_keys(settings: Settings) -> LogKeys:
    """Return the log's keys, made at the first call.

    Raises:
        KeyFileError: If the file is damaged, or open to others.
    """
    return LogKeys.of(open_ring(settings.keys / SEALING), settings.domain)


def trust(settings: Settings, file: Path | None = None) -> Trust:
    """Return whom to believe; where the policy names no log, that is this installation's own.

    Raises:
        BadNoteError: If the policy cannot be read.
        NoKeysError: If there is no log to believe.
    """
    path = file or settings.data / POLICY
    text = path.read_text(encoding="utf-8") if file or path.is_file() else "quorum none\n"
    found = read_trust(text, verifier)
    if found.logs:
        return found
    if not (settings.keys / SEALING).exists():
        msg = "尚无存证密钥, 请先运行 wurao seal / no sealing key yet, run: wurao seal --once"
        raise NoKeysError(msg)
    return replace(found, logs=log_keys(settings).verifiers)


def published_trust(settings: Settings) -> str:
    """Return whom outsiders may believe: the policy of this installation with the log's own keys.

    Addresses of witnesses are left out: who checks a receipt needs keys only.
    """
    path = settings.data / POLICY
    text = path.read_text(encoding="utf-8") if path.is_file() else "quorum none\n"
    own = [] if read_trust(text, verifier).logs else log_keys(settings).verifiers
    logs = [f"log {each.key}" for each in own]
    lines = [
        " ".join(word for word in line.split() if "://" not in word)
        for line in text.split("\n")
        if line.strip() and not line.lstrip().startswith("#")
    ]
    return "".join(f"{line}\n" for line in [*logs, *lines])


def witnesses(believed: Trust) -> list[HttpWitness]:
    """Return the witnesses that can be asked."""
    return [HttpWitness(w.name, w.verifier, w.url) for w in believed.witnesses if w.url]


@asynccontextmanager
async def sealing(
    settings: Settings,
    service: Service,
    outlets: Sequence[Outlet] = (),
    *,
    wait: float | None = None,
) -> AsyncIterator[Sealer]:
    """Wait to be the ledger's only sealer, so many seconds at most, then lend it.

    Raises:
        TimeoutError: If another one seals all the time.
        BadNoteError: If the policy cannot be read.
        KeyFileError: If the key file is damaged, or open to others.
        SealBrokenError: From the sealer, if the store is not what was signed.
    """
    database = database_of(service)
    keys = log_keys(settings)
    asked = witnesses(trust(settings))
    async with AsyncExitStack() as stack:
        async with asyncio.timeout(wait):
            await stack.enter_async_context(leading(database, "sealer", _PAUSE))
        yield Sealer(
            service.ledger,
            PostgresSeals(database),
            keys,
            witnesses=asked,
            outlets=[Folder(settings.data / PROOF), *outlets],
        )


async def seal_once(settings: Settings, service: Service) -> int:
    """Seal what is new; return the position up to which the ledger is sealed.

    Where another process seals all the time, what it does is enough.

    Raises:
        SealBrokenError: If the store is not what was signed.
    """
    async with _outlets(settings) as outlets:
        try:
            async with sealing(settings, service, outlets, wait=_OTHERS) as sealer:
                await sealer.begin()
                await sealer.look()
                await sealer.seal()
                return sealer.sealed
        except TimeoutError:
            note = await seals_of(service).latest()
            return read_checkpoint(note.text).size if note else 0


async def run_sealer(
    settings: Settings,
    stop: asyncio.Event,
    *,
    every: float = EVERY,
    health: int | None = None,
) -> None:
    """Seal until told to stop; after a fault of the moment begin again from what is stored.

    ``health`` is a port of this machine at which it tells how it is.

    Raises:
        SealBrokenError: If the store is not what was signed.
        Outage: If the database stayed away.
    """
    async with (
        Service.open(settings) as service,
        _outlets(settings) as outlets,
        listening(Health(service.database), health),
    ):
        await keep_sealing(settings, service, stop, outlets, every=every)


async def keep_sealing(
    settings: Settings,
    service: Service,
    stop: asyncio.Event,
    outlets: Sequence[Outlet] = (),
    *,
    every: float = EVERY,
    patience: Patience | None = None,
) -> None:
    """Seal an open service's ledger until told to stop.

    Raises:
        SealBrokenError: If the store is not what was signed.
        Outage: If the database stayed away.
    """
    patience = patience or Patience()
    pauses = patience.pauses()
    while not stop.is_set():
        try:
            async with sealing(settings, service, outlets) as sealer:
                await sealer.run(stop, every=every)
        except (Unavailable, OSError, TimeoutError) as error:
            _log.warning("sealer-begins-again", fault=type(error).__name__, text=str(error))
            pause = next(pauses, None)
            if pause is None:
                msg = f"the sealer gives up: {type(error).__name__}"
                raise Outage(msg) from error
            await patience.sleep(pause)


@asynccontextmanager
async def sealed_meanwhile(settings: Settings, service: Service) -> AsyncIterator[None]:
    """Seal an open service's ledger while a block runs, and once more at its end.

    Where another process is the sealer, that one goes on; whatever is wrong is logged, for a server
    must not end because its ledger was rewritten.
    """
    stop = asyncio.Event()

    async def keep() -> None:
        try:
            async with _outlets(settings) as outlets:
                await keep_sealing(settings, service, stop, outlets)
        except (SealBrokenError, BadNoteError, KeyFileError, Outage) as error:
            _log.error("sealing-stopped", text=str(error))

    task = asyncio.create_task(keep())
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait([task], timeout=_LAST_SEAL)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _outlets(settings: Settings) -> AsyncIterator[Sequence[Outlet]]:
    """Lend the outlets beside the folder: the topic of checkpoints, where a broker runs."""
    broker = broker_of(settings)
    if broker is None:
        yield ()
        return
    async with checkpoint_topic(broker, settings.domain) as topic:
        yield (topic,)


def broker_of(settings: Settings) -> str | None:
    """Return where the broker is; ``None`` where none runs."""
    try:
        return broker_address(settings)
    except NotUpError:
        return None


@dataclass(frozen=True, slots=True)
class Exported:
    """How much an export holds."""

    size: int
    tiles: int


async def export_tiles(service: Service, path: Path) -> Exported:
    """Write the log as C2SP tlog-tiles lays it out, with all checkpoints.

    Raises:
        BadNoteError: If a stored checkpoint is none.
        SealBrokenError: If a tile is missing.
    """
    seals, folder = PostgresSeals(database_of(service)), Folder(path)
    stored = await seals.stored()
    size = max((size for size, _ in stored), default=0)
    wanted = names(size)
    tiles = await seals.tiles(wanted)
    if missing := [name for name in wanted if name not in tiles]:
        raise SealBrokenError(f"缺散列块 / a tile is missing: {missing[0].path}")
    await asyncio.to_thread(folder.write, tiles)
    for number, note in stored:
        await folder.put(number, parse(note))
    return Exported(size, len(tiles))


def seals_of(service: Service) -> Seals:
    """Return where an open service's checkpoints are."""
    return PostgresSeals(database_of(service))


def history_of(service: Service) -> History:
    """Return what reads the streams of an open service."""
    return PostgresHistory(database_of(service))


def database_of(service: Service) -> Database:
    """Return the database in which checkpoints are kept.

    Raises:
        TypeError: If the service is one in memory.
    """
    if service.database is None:
        msg = "checkpoints are kept in a database"
        raise TypeError(msg)
    return service.database
