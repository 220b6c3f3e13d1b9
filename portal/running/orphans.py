"""A process that ends with the one that started it, also when that one was killed and told nobody."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

_LOOK: Final = 1.0


@asynccontextmanager
async def ending_with(parent: int | None, end: Callable[[], object]) -> AsyncIterator[None]:
    """Within the block, call ``end`` once the parent is gone; ``None``: there is nobody to end with."""
    watching = asyncio.create_task(_orphaned(parent, end)) if parent else None
    try:
        yield
    finally:
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _orphaned(parent: int, end: Callable[[], object]) -> None:
    """Wait until another process has become our parent: ours was killed and cannot tell us."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing signals it
        await asyncio.sleep(_LOOK)
    end()
