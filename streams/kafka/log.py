"""The ledger's topic as a log: what a replay reads where nobody asks the database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from streams.kafka.audit import committed_pages
from streams.kafka.ends import last_position


class TopicLog:
    """The committed records of a ledger's topic. A position that was seen before is passed over."""

    def __init__(self, broker: str, topic: str) -> None:
        self._broker = broker
        self._topic = topic

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncGenerator[tuple[int, bytes]]:
        """Read entries in order of position, ``after`` excluded, ``until`` included."""
        async with aclosing(self.pages(after, until)) as pages:
            async for page in pages:
                for each in page:
                    yield each

    async def pages(
        self, after: int = 0, until: int | None = None
    ) -> AsyncGenerator[Sequence[tuple[int, bytes]]]:
        """Read entries as ``entries`` does, as many at a time as were fetched."""
        last = after
        # Closed by us, as its consumer's connection would else stay open until somebody collects it.
        async with aclosing(committed_pages(self._broker, self._topic)) as pages:
            async for page in pages:
                new, last, over = _new(page, last, until)
                if new:
                    yield new
                if over:
                    return

    async def position(self) -> int:
        """Return the last position; 0 when the topic is empty."""
        return await last_position(self._broker, self._topic)


def _new(
    page: list[tuple[int, bytes]], last: int, until: int | None
) -> tuple[list[tuple[int, bytes]], int, bool]:
    """Return what of a page comes after ``last``, the last position then, and whether it is past the end."""
    new: list[tuple[int, bytes]] = []
    for position, body in page:
        if until is not None and position > until:
            return new, last, True
        if position > last:
            last = position
            new.append((position, body))
    return new, last, False
