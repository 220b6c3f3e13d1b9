"""What the processes stand on: a broker, a Postgres on a disk of its own, and a proxy before each."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from socket import socket
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from streams.embedded import EmbeddedError, EmbeddedServer
from streams.embedded.files import postmaster
from streams.kafka.local import HOST, Broker
from tests.brokers import JARS, LIGHT, POM
from tests.faults.proxy import Proxy, Streams

DISK: Final = 640
"""MiB of the disk that can be filled."""

_SOCKET: Final = ".s.PGSQL.5432"
_UP: Final = 60.0


class Proxied(Broker):
    """A broker that tells the product's processes to connect to a proxy.

    ``port + 2`` is the proxy, which leads to ``port``; ``port + 3`` is the way by which whoever only
    looks on gets in.
    """

    @property
    def proxied(self) -> int:
        """The proxy's port."""
        return self.port + 2

    @property
    def direct(self) -> str:
        """The address without a proxy."""
        return f"{HOST}:{self.port + 3}"

    def _settings(self) -> Path:
        path = super()._settings()
        through = f"PLAINTEXT://{HOST}:{self.proxied}"
        ours = {
            "listeners": f"PLAINTEXT://{self.address},DIRECT://{self.direct},CONTROLLER://{HOST}:{self.port + 1}",
            "advertised.listeners": f"{through},DIRECT://{self.direct}",
            "inter.broker.listener.name": "DIRECT",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        }
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.partition("=")[0] not in ours]
        kept += [f"{name}={value}" for name, value in ours.items()]
        path.write_text("\n".join([*kept, ""]), encoding="utf-8")
        return path


def free_ports(count: int) -> int:
    """Return the first of so many free ports in a row, below the ephemeral range."""
    for first in range(21_000 + 8 * (os.getpid() % 1_000), 32_000, 8):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    msg = f"no {count} free ports"
    raise OSError(msg)


def _is_free(port: int) -> bool:
    with closing(socket()) as tried:
        return tried.connect_ex((HOST, port)) != 0


@dataclass(slots=True)
class Machines:
    """All of it, running. Processes use ``dsn`` and ``broker``, which lead through proxies."""

    folder: Path
    kafka: Proxied
    postgres: EmbeddedServer
    kafka_proxy: Proxy
    postgres_proxy: Proxy
    direct_dsn: str
    disk: Path | None
    """The disk below Postgres that may be filled; ``None`` where none can be made here."""

    @property
    def broker(self) -> str:
        """Where processes find the broker."""
        return f"{HOST}:{self.kafka.proxied}"

    @property
    def dsn(self) -> str:
        """Where processes find Postgres."""
        return f"postgresql://wurao@/postgres?host={quote(str(self.folder / 'sockets'))}"

    def cpu(self) -> float:
        """Return the seconds of processor time that the brokers used so far, in all their lives."""
        over = resource.getrusage(resource.RUSAGE_CHILDREN)
        used, pid = over.ru_utime + over.ru_stime, self.kafka.running()
        if pid is not None:
            with suppress(OSError):
                words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
                used += sum(map(int, words.split()[11:13])) / os.sysconf("SC_CLK_TCK")
        return used

    @property
    def postmaster(self) -> int | None:
        """The process id of Postgres, ``None`` when it is down."""
        found = postmaster(self.postgres.directory / "data")
        return found.pid if found else None

    async def stop_postgres(self, *, kill: bool) -> int:
        """Stop Postgres in order, or at once as a crash would; return the process that ended."""
        pid = self.postmaster
        if pid is None:
            return 0
        os.kill(pid, signal.SIGKILL if kill else signal.SIGINT)
        while self.postmaster == pid:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
        return pid

    async def start_postgres(self) -> None:
        """Start Postgres; after a crash the old server's children may need a moment to be gone."""
        end = time.monotonic() + _UP
        while self.postmaster is None:
            try:
                # We leave the server that is gone, or we would count as two who use the next one.
                await asyncio.to_thread(self.postgres.stop)
                await asyncio.to_thread(self.postgres.start)
            except EmbeddedError:
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(0.3)


@asynccontextmanager
async def machines(folder: Path, archive: Path | None = None) -> AsyncIterator[Machines]:
    """Bring everything up in a folder, and take it down after the block.

    ``archive`` keeps the broker's classes as Java has them in memory once they are loaded, and is made
    if it is missing: with it a broker starts with half the processor time.

    Raises:
        NoBroker: If a broker cannot run here.
        EmbeddedError: If Postgres cannot run here.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        disk = _disk(folder / "disk", stack)
        server = EmbeddedServer(folder / "disk" / "postgres")
        dsn = await asyncio.to_thread(server.start)
        stack.callback(server.stop)
        (upstream,) = parse_qs(urlsplit(dsn).query)["host"]
        broker = Proxied(
            folder / "kafka", POM, JARS, port=free_ports(4), heap="256m", options=LIGHT
        )
        if archive is not None:
            broker = await asyncio.to_thread(_archived, broker, archive)

        async def to_broker() -> Streams:
            return await asyncio.open_connection(HOST, broker.port)

        async def to_postgres() -> Streams:
            return await asyncio.open_unix_connection(Path(upstream) / _SOCKET)

        kafka_proxy, postgres_proxy = Proxy(to_broker), Proxy(to_postgres, delay=0.05)
        await kafka_proxy.listen_tcp(HOST, broker.proxied)
        stack.push_async_callback(kafka_proxy.close)
        await postgres_proxy.listen_unix(folder / "sockets" / _SOCKET)
        stack.push_async_callback(postgres_proxy.close)
        await asyncio.to_thread(broker.start)
        # Nobody needs its data any more, and an orderly end takes it many seconds.
        stack.callback(broker.kill)
        yield Machines(folder, broker, server, kafka_proxy, postgres_proxy, dsn, disk)


def _archived(broker: Proxied, archive: Path) -> Proxied:
    """Return a broker that starts from an archive of its classes; where there is none it is made.

    Java takes no notice of an archive that another version of it or of the jars has written.
    """
    if not archive.exists():
        partial = archive.with_suffix(f".{os.getpid()}")
        writing = replace(broker, options=(*LIGHT, f"-XX:ArchiveClassesAtExit={partial}"))
        writing.start()
        writing.stop()
        partial.replace(archive)
    return replace(broker, options=(*LIGHT, f"-XX:SharedArchiveFile={archive}", "-Xshare:auto"))


def _disk(path: Path, stack: AsyncExitStack) -> Path | None:
    """Mount a small disk in memory, where we may; its end is that of the stack."""
    path.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "wurao-faults", str(path)]
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except OSError:
        return None
    if done.returncode:
        return None
    stack.callback(subprocess.run, ["umount", "-l", str(path)], check=False)
    return path
