"""The server: the application under uvicorn, on an open service, with its housekeeping beside it."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog
import uvicorn

from portal.http.app import create_app
from portal.http.identity import Authenticator
from portal.pages.reception import Reception
from portal.service import Service
from streams.ports import Channel

HOST: Final = "127.0.0.1"
"""Where it listens unless told otherwise: a gateway with TLS stands in front of it."""

_EVERY: Final = 5.0
_log = structlog.get_logger("wurao.http")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 lets the system choose."""

    host: str = HOST
    port: int = 8600


class Server(uvicorn.Server):
    """A server that ends cleanly on its first signal, and says where it listens."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[str, int], None]) -> None:
        super().__init__(config)
        self._tell = tell

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals by the loop, and keep them: raised again they would end us in mid-air."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self.end)
        try:
            yield
        finally:
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(each)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell the address once somebody can be served there."""
        await super().startup(sockets)
        # What was loaded up to now lives as long as the server does; looking through it for garbage
        # again and again takes a tenth of the time of a large page.
        gc.collect()
        gc.freeze()
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._tell(host, port)

    def end(self) -> None:
        """End cleanly; asked a second time, end at once."""
        self.force_exit = self.should_exit
        self.should_exit = True


def configured(
    service: Service,
    authenticator: Authenticator,
    address: Address,
    tell: Callable[[str, int], None] = lambda _host, _port: None,
    reception: Reception | None = None,
) -> Server:
    """Return the server, ready to run: logs go where the program's go, and it says no name."""
    config = uvicorn.Config(
        create_app(service, authenticator, reception),
        host=address.host,
        port=address.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=256,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=20,
        h11_max_incomplete_event_size=32_000,
    )
    return Server(config, tell)


@asynccontextmanager
async def housekeeping(
    service: Service, channel: Channel, *, timer: bool, every: float = _EVERY
) -> AsyncIterator[None]:
    """Deliver notifications and let deadlines lapse while the server runs."""

    async def keep() -> None:
        while True:
            try:
                if timer:
                    await service.tick()
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
