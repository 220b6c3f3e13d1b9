"""Records in batches: what has come in while the last batch was handled is the next one.

The framework's own ``noack_take`` takes nothing in meanwhile and then lets batches grow for a fixed time, so
that a busy worker gets small ones, which cost the most; and it wakes up fifty times a second for nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any


async def batches(
    stream: Any,  # noqa: ANN401 - the framework's stream
    most: int,
) -> AsyncIterator[list[Any]]:
    """Yield lists of events in order, up to ``most`` at once, none of them acknowledged.

    Nobody is waited for: the broker has already let some come together (``streams.kafka.gathering``).
    """
    stream.enable_acks = False
    waits = stream.channel.queue
    batch: list[Any] = []
    async for event in stream.events():
        batch.append(event)
        del event  # whoever holds a record keeps its room
        if len(batch) < most and not waits.empty():
            continue
        full, batch = batch, []
        yield full
        del full
