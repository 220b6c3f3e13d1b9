"""A proxy between the processes and what they stand on, which does to connections what networks do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

_CHUNK = 1 << 16
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


class Mode(StrEnum):
    """What happens to bytes on their way."""

    PASS = "pass"
    SLOW = "slow"
    """They come late."""
    HALF_OPEN = "half-open"
    """They go nowhere, in both directions, and nobody is told."""
    MUTE = "mute"
    """What is asked arrives, what is answered is lost."""


class Proxy:
    """Passes bytes between whoever connects and one server.

    ``seen`` counts what was done to connections, by mode; it is how a fault proves that it had effect.
    """

    def __init__(self, connect: Connect, *, delay: float = 0.15) -> None:
        self.mode = Mode.PASS
        self.seen: Counter[str] = Counter()
        self._connect = connect
        self._delay = delay
        self._released = asyncio.Event()
        self._released.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen_tcp(self, host: str, port: int) -> None:
        """Take connections at an address."""
        self._server = await asyncio.start_server(self._take, host, port)

    async def listen_unix(self, path: Path) -> None:
        """Take connections at a socket in the file system."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._server = await asyncio.start_unix_server(self._take, path)

    def begin(self, mode: Mode) -> None:
        """Treat all bytes so from now on."""
        self.mode = mode
        if mode is Mode.HALF_OPEN:
            self._released.clear()

    def end(self) -> None:
        """Let bytes pass again. What was held or lost cannot go on: those connections are cut."""
        spoilt = self.mode in {Mode.HALF_OPEN, Mode.MUTE}
        self.mode = Mode.PASS
        if spoilt:
            self._abort()
        self._released.set()

    def cut(self) -> int:
        """Break every connection at once; return how many there were."""
        broken = self._abort()
        self.seen["cut"] += broken
        return broken

    async def close(self) -> None:
        """Take no more connections, and end those that there are."""
        if self._server is not None:
            self._server.close()
        self._released.set()
        self._abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _abort(self) -> int:
        broken = len(self._writers)
        for writer in list(self._writers):
            writer.transport.abort()
        return broken // 2

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            far_reader, far_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        pumps = [
            asyncio.create_task(self._pump(reader, far_writer, answers=False)),
            asyncio.create_task(self._pump(far_reader, writer, answers=True)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._writers -= both
            for each in both:
                each.transport.abort()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        with suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(_CHUNK):
                if self.mode is Mode.SLOW:
                    self.seen["slow"] += 1
                    await asyncio.sleep(self._delay)
                if self.mode is Mode.HALF_OPEN:
                    self.seen["half-open"] += 1
                    await self._released.wait()
                if self.mode is Mode.MUTE and answers:
                    self.seen["mute"] += 1
                    continue
                writer.write(data)
                await writer.drain()
