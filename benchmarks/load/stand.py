"""The stand of a load test: one broker, one Postgres with all its promises on, and an open service."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
from pydantic import SecretStr

from portal.running import stack
from portal.running.service import Service
from portal.settings import Settings
from streams.embedded import EmbeddedServer

SOURCE: Final = "bench"
"""From whom the commands come."""

_PROMISES: Final = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands: the folder and addresses as settings, the ledger open, Postgres' DSN."""

    settings: Settings
    service: Service
    dsn: str

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of processes that work here."""
        return {
            **os.environ,
            "WURAO_DATA": str(self.settings.data),
            "WURAO_DSN": self.dsn,
            "WURAO_KAFKA": self.settings.kafka or "",
            "WURAO_DOMAIN": self.settings.domain,
            "WURAO_SOURCES": f"{SOURCE}=*",
            "WURAO_LOG_LEVEL": "warning",
        }


@asynccontextmanager
async def standing(domain: str, *, kafka: bool = True) -> AsyncIterator[Stand]:
    """Bring everything up on a folder of its own, and take it away afterwards.

    Raises:
        SystemExit: If Postgres does not keep what it says it has written.
    """
    async with AsyncExitStack() as whole:
        data = Path(whole.enter_context(tempfile.TemporaryDirectory(prefix="wurao-load-")))
        server = EmbeddedServer(data / "postgres")
        dsn = server.start()
        whole.callback(server.stop)
        await _require_promises(dsn)
        settings = Settings(data=data, dsn=SecretStr(dsn), domain=domain)
        if kafka:
            whole.callback(stack.down, settings)
            address, _ = await stack.up(settings, [SOURCE])
            settings = settings.model_copy(update={"kafka": address})
        service = await whole.enter_async_context(Service.open(settings))
        yield Stand(settings, service, dsn)


async def _require_promises(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for name in _PROMISES:
            if (found := await connection.fetchval(f"SHOW {name}")) != "on":
                raise SystemExit(f"{name} is {found}")
    finally:
        await connection.close()
