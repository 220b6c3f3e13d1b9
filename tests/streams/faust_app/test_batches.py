"""Batches out of a stream: what waits comes together, in order, and nobody is kept waiting."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest

from streams.faust_app.batches import batches

MOST = 4


class Record:
    """What comes in."""


class Stream:
    """Hands out what lies in its channel's queue, as the framework's does."""

    def __init__(self, *waiting: object) -> None:
        self.enable_acks = True
        self.channel = SimpleNamespace(queue=asyncio.Queue[object]())
        self.put(*waiting)

    def put(self, *events: object) -> None:
        """Let records come in."""
        for event in events:
            self.channel.queue.put_nowait(event)

    async def events(self) -> AsyncIterator[object]:
        """Yield what comes."""
        while True:
            yield await self.channel.queue.get()


async def test_what_waits_is_one_batch_and_nobody_is_waited_for() -> None:
    stream = Stream(*range(9))
    taken = batches(stream, MOST)
    assert [await anext(taken) for _ in range(3)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]
    assert not stream.enable_acks


async def test_what_comes_in_while_a_batch_is_handled_is_the_next_one() -> None:
    stream = Stream(1, 2)
    taken = batches(stream, MOST)
    assert await anext(taken) == [1, 2]
    stream.put(3, 4, 5)
    assert await anext(taken) == [3, 4, 5]


@pytest.mark.parametrize("count", [1, MOST])
async def test_nothing_handed_on_is_held(count: int) -> None:
    """Tests that records are free when their batch is: an idle worker must not keep their room."""
    stream = Stream(*(Record() for _ in range(count)))
    taken = batches(stream, MOST)
    batch = await anext(taken)
    held = [weakref.ref(record) for record in batch]
    waiting = asyncio.ensure_future(anext(taken))
    await asyncio.sleep(0)
    del batch
    assert [each() for each in held] == [None] * count
    waiting.cancel()
