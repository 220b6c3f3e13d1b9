"""Records in batches: what has come in while the last batch was handled is the next one.

The framework's own ``noack_take`` takes nothing in meanwhile and then lets batches grow for a fixed time, so
that a busy worker gets small ones, which cost the most; and it wakes up fifty times a second for nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

Pause = Callable[[float], Awaitable[None]]


async def batches(
    stream: Any,  # noqa: ANN401 - the framework's stream
    most: int,
    within: float,
    pause: Pause = asyncio.sleep,
) -> AsyncIterator[list[Any]]:
    """Yield lists of events in order, up to ``most`` at once, none of them acknowledged.

    Where fewer wait, ``within`` seconds are given to others to come, once for each batch.
    """
    stream.enable_acks = False
    waits = stream.channel.queue
    batch: list[Any] = []
    paused = False
    async for event in stream.events():
        batch.append(event)
        del event  # whoever holds a record keeps its room
        if len(batch) < most:
            if waits.empty() and not paused:
                paused = True
                await pause(within)
            if not waits.empty():
                continue
        full, batch, paused = batch, [], False
        yield full
        del full
