"""The ledger's topic as a log: what a replay reads where nobody asks the database."""

from __future__ import annotations

from collections.abc import AsyncIterator

from streams.kafka.audit import committed
from streams.kafka.ends import last_position


class TopicLog:
    """The committed records of a ledger's topic. A position that was seen before is passed over."""

    def __init__(self, broker: str, topic: str) -> None:
        self._broker = broker
        self._topic = topic

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Read entries in order of position, ``after`` excluded, ``until`` included."""
        last = after
        async for position, body in committed(self._broker, self._topic):
            if until is not None and position > until:
                return
            if position > last:
                last = position
                yield position, body

    async def position(self) -> int:
        """Return the last position; 0 when the topic is empty."""
        return await last_position(self._broker, self._topic)
