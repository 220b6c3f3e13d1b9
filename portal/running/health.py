"""Health of processes without pages: a small HTTP listener on this machine, for whoever watches it.

    /healthz  the process lives
    /readyz   database and broker answer it
    /metrics  its numbers
    /version  what runs

It knows four addresses, reads one short request at a time of each connection, and answers once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import metadata
from typing import Final

import structlog

from portal.running.metrics import METERS, TYPE, Lags, Meters
from streams.clock import SystemClock
from streams.ports import Clock
from streams.postgres import Database

HOST: Final = "127.0.0.1"

_LONGEST: Final = 8_000
_PATIENCE: Final = 3.0
_MOST: Final = 8
_JSON: Final = "application/json"
_REASONS: Final = {
    200: "OK",
    404: "Not Found",
    405: "Method Not Allowed",
    503: "Service Unavailable",
}
_log = structlog.get_logger("wurao.health")


@dataclass(slots=True)
class Health:
    """What a process tells of itself. ``database`` is there once it is open."""

    database: Database | None = None
    lags: Lags | None = None
    clock: Clock = field(default_factory=SystemClock)
    meters: Meters = METERS

    async def answer(self, method: str, path: str) -> tuple[int, str, bytes]:
        """Return status, type and body."""
        if method not in {"GET", "HEAD"}:
            return 405, _JSON, _said(status="method-not-allowed")
        match path.partition("?")[0]:
            case "/healthz":
                return 200, _JSON, _said(status="ok")
            case "/readyz":
                ready = await self._ready()
                return (200 if ready else 503), _JSON, _said(status="ok" if ready else "not-ready")
            case "/version":
                return 200, _JSON, _said(name="wurao", version=metadata.version("wurao"))
            case "/metrics":
                page = await self.meters.page(self.database, self.clock, self.lags)
                return 200, TYPE, page
            case _:
                return 404, _JSON, _said(status="not-found")

    async def _ready(self) -> bool:
        """Tell whether what the process stands on answers."""
        if self.database is None and self.lags is None:
            return False
        try:
            async with asyncio.timeout(_PATIENCE):
                if self.database is not None:
                    async with self.database.connection() as connection:
                        await connection.fetchval("SELECT position FROM head")
                if self.lags is not None:
                    await self.lags()
        except Exception:  # noqa: BLE001 - whatever keeps it from answering: the process is not ready
            return False
        return True


def _said(**words: str) -> bytes:
    return json.dumps(words).encode()


@asynccontextmanager
async def listening(health: Health, port: int | None) -> AsyncIterator[int | None]:
    """Answer on a port of this machine within a block; gives the port. 0 lets the system choose.

    Raises:
        OSError: If the port is taken.
    """
    if port is None:
        yield None
        return
    places = asyncio.Semaphore(_MOST)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with places:
            try:
                await asyncio.wait_for(_once(health, reader, writer), 2 * _PATIENCE + 5)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                pass  # who asks went away, or sent something else
            finally:
                writer.close()

    server = await asyncio.start_server(serve, HOST, port, limit=_LONGEST)
    chosen = int(server.sockets[0].getsockname()[1])
    _log.info("health", port=chosen)
    try:
        yield chosen
    finally:
        server.close()
        await server.wait_closed()


async def _once(health: Health, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    method, _, rest = head.partition(" ")
    status, kind, body = await health.answer(method, rest.partition(" ")[0])
    said = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-type: {kind}\r\n"
        f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    )
    writer.write(said.encode() + (b"" if method == "HEAD" else body))
    await writer.drain()
