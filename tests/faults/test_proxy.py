"""The proxy: what it passes, holds, loses and breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.proxy import Mode, Proxy, Streams


@asynccontextmanager
async def echoing(folder: Path) -> AsyncIterator[tuple[Proxy, Streams]]:
    """Give a proxy before a server that says again what it hears, and a connection through it."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            heard.append(data)
            writer.write(data)
            await writer.drain()
        writer.close()

    heard: list[bytes] = []
    server = await asyncio.start_unix_server(echo, folder / "server")
    proxy = Proxy(lambda: asyncio.open_unix_connection(folder / "server"), delay=0.01)
    await proxy.listen_unix(folder / "proxy")
    streams = await asyncio.open_unix_connection(folder / "proxy")
    try:
        yield proxy, streams
    finally:
        streams[1].close()
        await proxy.close()
        server.close()


async def said(streams: Streams, text: bytes) -> bytes:
    streams[1].write(text)
    return await asyncio.wait_for(streams[0].read(100), 5)


async def is_over(streams: Streams) -> bool:
    """Tell whether a connection was ended from the other side, and nothing came before."""
    try:
        return await asyncio.wait_for(streams[0].read(100), 5) == b""
    except ConnectionResetError:
        return True


async def test_it_passes_bytes_and_passes_them_late(tmp_path: Path) -> None:
    async with echoing(tmp_path) as (proxy, streams):
        assert await said(streams, b"one") == b"one"
        proxy.begin(Mode.SLOW)
        assert await said(streams, b"two") == b"two"
        assert proxy.seen == {"slow": 2}


async def test_it_cuts(tmp_path: Path) -> None:
    async with echoing(tmp_path) as (proxy, streams):
        assert await said(streams, b"one") == b"one"
        assert proxy.cut() == 1
        assert await is_over(streams)


@pytest.mark.parametrize(("mode", "pieces"), [(Mode.HALF_OPEN, 1), (Mode.MUTE, 1)])
async def test_nothing_comes_back_and_the_connection_is_of_no_more_use(
    tmp_path: Path, mode: Mode, pieces: int
) -> None:
    async with echoing(tmp_path) as (proxy, streams):
        assert await said(streams, b"one") == b"one"
        proxy.begin(mode)
        streams[1].write(b"two")
        while not proxy.seen[mode]:  # noqa: ASYNC110 - the proxy is no part of this task
            await asyncio.sleep(0)
        assert proxy.seen[mode] == pieces
        proxy.end()
        assert await is_over(streams)
        fresh = await asyncio.open_unix_connection(tmp_path / "proxy")
        assert await said(fresh, b"three") == b"three"
        fresh[1].close()
