"""Sealing and its audit on a real database, and a witness in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from portal.proof.integrity import Against, verify
from portal.proof.sealing import (
    NoKeysError,
    export_tiles,
    log_keys,
    published_trust,
    run_sealer,
    seal_once,
    sealed_meanwhile,
    sealing,
    seals_of,
    trust,
)
from portal.running.service import Service
from portal.running.supervisor import program
from portal.settings import Settings
from streams.kafka.local import free_port
from streams.postgres import Database
from streams.sealing.audit import Kind
from streams.sealing.sealer import SealBrokenError
from tests.streams.kafka.segment_files import segment
from tests.streams.sealing.ledgers import grow

pytestmark = pytest.mark.lane("postgres")


@pytest.fixture
def settings(tmp_path: Path, database_dsn: str) -> Settings:
    """Return the settings of an installation of its own."""
    return Settings(data=tmp_path / "data", dsn=SecretStr(database_dsn))


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Service]:
    """Yield an open service with some entries."""
    async with Service.open(settings) as opened:
        await grow(opened.ledger, 300)
        yield opened


@contextmanager
def witness(settings: Settings, folder: Path) -> Iterator[None]:
    """Run a witness for an installation, and let the installation believe it."""
    key = str(log_keys(settings).verifiers[0].key)
    options = ["--log", key, "--name", "w.example/1", "--folder", str(folder), "--port", "0"]
    command = [program(), "witness", *options, "--json", "--parent", str(os.getpid())]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        policy = f"witness w {told['key']} {told['url']}\nquorum w\n"
        (settings.data / "trust.policy").write_text(policy)
        try:
            yield
        finally:
            process.terminate()


async def altered(service: Service, *statements: str) -> None:
    """Do what the owner of the tables can do."""
    database = service.database
    assert isinstance(database, Database)
    async with database.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)


async def test_an_honest_ledger_is_clean(settings: Settings, service: Service) -> None:
    assert await seal_once(settings, service) == 300
    await grow(service.ledger, 20)
    found = await verify(settings, service, Against())
    assert found.audit.faults == []
    assert (found.audit.sealed, len(found.ledger)) == (300, 320)
    assert await seal_once(settings, service) == 320
    assert await seal_once(settings, service) == 320
    found = await verify(settings, service, Against())
    assert found.audit.faults == []
    assert found.audit.counts() == {str(settings.data / "proof"): 3, "postgres": 2}


async def test_an_edited_entry_and_a_column_are_named(settings: Settings, service: Service) -> None:
    await seal_once(settings, service)
    edit = "UPDATE entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '2026', '2025'), 'UTF8') WHERE position = 123"
    await altered(service, edit, "UPDATE entry SET stream = 'visit/none' WHERE position = 200")
    found = await verify(settings, service, Against())
    assert [(f.copy, f.kind, f.first, f.last) for f in found.audit.faults] == [
        ("postgres", Kind.ALTERED, 123, 123),
        ("postgres", Kind.CONTRADICTS, 200, 200),
    ]
    first = found.audit.first()
    assert first is not None
    assert first.first == 123


async def test_a_store_set_back_as_a_whole_is_found_by_files_and_tiles(
    settings: Settings, service: Service, tmp_path: Path
) -> None:
    await seal_once(settings, service)
    exported = await export_tiles(service, tmp_path / "kept")
    assert (exported.size, exported.tiles) == (300, 3)
    back = ["DELETE FROM entry WHERE position > 250", "UPDATE head SET position = 250"]
    await altered(service, *back, "DELETE FROM checkpoint", "DELETE FROM tile")
    found = await verify(settings, service, Against(folders=[tmp_path / "kept"]))
    faults = {(f.copy, f.kind, f.first) for f in found.audit.faults}
    assert ("postgres", Kind.MISSING, 251) in faults
    with pytest.raises(SealBrokenError, match="held outside"):
        await seal_once(settings, service)


async def test_a_witness_in_its_own_process_remembers(
    settings: Settings, service: Service, tmp_path: Path
) -> None:
    folder = tmp_path / "witness"
    with witness(settings, folder):
        await seal_once(settings, service)
        found = await verify(settings, service, Against())
        assert (found.audit.faults, found.audit.witnessed) == ([], 300)
        published = published_trust(settings)
        assert (published.count("log "), "http" in published) == (1, False)
        # The whole installation is made anew with another story, signed with its own key.
        for path in sorted((settings.data / "proof").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        tables = [f"DELETE FROM {t}" for t in ("cosignature", "checkpoint", "tile")]  # noqa: S608
        await altered(service, *tables, "DELETE FROM entry WHERE position = 300")
        await altered(service, "UPDATE head SET position = 299")
        assert await seal_once(settings, service) == 299
        found = await verify(settings, service, Against())
        assert found.audit.first() is not None
        assert {f.kind for f in found.audit.faults} == {Kind.CHECKPOINT, Kind.CHANGED}
        assert max(f.last for f in found.audit.faults) == 300
    found = await verify(settings, service, Against())
    assert found.away
    kept = next(folder.glob("*/checkpoint"))
    found = await verify(settings, service, Against(checkpoints=[kept]))
    assert found.audit.first() is not None


async def test_the_brokers_own_files_are_another_copy(
    settings: Settings, service: Service, tmp_path: Path
) -> None:
    await seal_once(settings, service)
    entries = [entry async for entry in service.ledger.entries()]
    file = tmp_path / "00000000000000000000.log"
    file.write_bytes(segment(entries))
    against = Against(segments=[tmp_path])
    assert (await verify(settings, service, against)).audit.faults == []
    file.write_bytes(segment([*entries[:70], *entries[71:]]))
    (fault, *_) = (await verify(settings, service, against)).audit.faults
    assert (fault.copy, fault.kind, fault.first) == (str(tmp_path), Kind.MISSING, 71)
    file.write_bytes(segment(entries)[:-100] + bytes(100))
    found = (await verify(settings, service, against)).audit
    assert {f.copy for f in found.faults} == {str(tmp_path)}


async def test_one_seals_at_a_time_and_a_server_seals_beside(
    settings: Settings, service: Service
) -> None:
    async with sealed_meanwhile(settings, service):
        while await seals_of(service).latest() is None:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
        assert await seal_once(settings, service) == 300
        await grow(service.ledger, 7)
    assert await seal_once(settings, service) == 307
    with pytest.raises(TimeoutError):
        async with sealing(settings, service), sealing(settings, service, wait=0.1):
            pass


def test_without_keys_nobody_is_believed(settings: Settings) -> None:
    with pytest.raises(NoKeysError):
        trust(settings)


async def test_a_sealer_without_pages_tells_how_it_is(settings: Settings, service: Service) -> None:
    stop = asyncio.Event()
    port = free_port()
    running = asyncio.create_task(run_sealer(settings, stop, every=0.5, health=port))
    try:
        async with asyncio.timeout(60), httpx.AsyncClient() as client:
            while not (await ready(client, port)):  # noqa: ASYNC110 - it tells nobody when it listens
                await asyncio.sleep(0.05)
    finally:
        stop.set()
        await running


async def ready(client: httpx.AsyncClient, port: int) -> bool:
    """Tell whether a process says that it is ready."""
    try:
        return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
    except httpx.ConnectError:
        return False
