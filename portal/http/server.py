"""The server: the application under uvicorn, on an open service, with its housekeeping beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import time
from typing import Final

import structlog

from portal.http.app import create_app
from portal.http.identity import Authenticator
from portal.http.serving import Address, Server, server_of
from portal.matters.digest import tell as tell_digest
from portal.pages.reception import Reception
from portal.running.service import Service
from streams.desk import Desk
from streams.ports import Channel

_EVERY: Final = 5.0
_log = structlog.get_logger("wurao.http")


def configured(
    service: Service,
    authenticator: Authenticator,
    address: Address,
    tell: Callable[[str, int], None] = lambda _host, _port: None,
    reception: Reception | None = None,
) -> Server:
    """Return the server of the portal on an open service, ready to run."""
    return server_of(create_app(service, authenticator, reception), address, tell)


@asynccontextmanager
async def housekeeping(
    service: Service,
    channel: Channel,
    *,
    timer: bool,
    desk: Desk,
    hours: Sequence[time],
    every: float = _EVERY,
) -> AsyncIterator[None]:
    """Deliver notifications and let deadlines lapse while the server runs.

    ``desk`` remembers the last digest of escalations, which goes out at ``hours``.
    """

    async def keep() -> None:
        while True:
            try:
                if timer:
                    await service.tick()
                    await tell_digest(service, desk, channel, hours)
                await service.deliver(channel)
            except Exception:  # noqa: BLE001 - the next round tries again; the server goes on
                _log.exception("housekeeping failed")
            await asyncio.sleep(every)

    task = asyncio.create_task(keep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
