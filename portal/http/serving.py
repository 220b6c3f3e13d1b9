"""An application under uvicorn: where it listens, how it ends, what it says of itself."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from fastapi import FastAPI

HOST: Final = "127.0.0.1"
"""Where it listens unless told otherwise: a gateway with TLS stands in front of it."""


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


def server_of(
    app: FastAPI,
    address: Address,
    tell: Callable[[str, int], None] = lambda _host, _port: None,
) -> Server:
    """Return the server, ready to run: logs go where the program's go, and it says no name."""
    config = uvicorn.Config(
        app,
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
