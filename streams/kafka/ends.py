"""How far a topic goes: its last committed record, looked for from the end.

The end of a partition is an offset, not a record: markers of transactions and records of aborted ones
take offsets too. So one looks backwards in growing windows until a committed record is found.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.kafka.access import client

POSITION: Final = "position"
"""Header with an entry's position."""

_PAGE: Final = 500
"""Records taken at a time of what was fetched: few enough to be still in the processor's cache."""

_FIRST_WINDOW: Final = 64
_GROWTH: Final = 8


@asynccontextmanager
async def reader(broker: str, *, largest: int = 1 << 20) -> AsyncIterator[AIOKafkaConsumer]:
    """Lend a consumer without a group that sees committed records only."""
    consumer = AIOKafkaConsumer(
        **client(broker),
        isolation_level="read_committed",
        enable_auto_commit=False,
        max_partition_fetch_bytes=largest,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def last_position(broker: str, topic: str) -> int:
    """Return the position of the last committed entry of a one-partition topic; 0 if none is."""
    async with reader(broker) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        low = high = (await consumer.end_offsets([partition]))[partition]
        begin = (await consumer.beginning_offsets([partition]))[partition]
        window = _FIRST_WINDOW
        while low > begin:
            low, high = max(begin, low - window), low
            last = None
            async for page in pages_between(consumer, partition, low, high):
                last = page[-1]
            if last is not None:
                return position_of(last)
            window *= _GROWTH
        return 0


async def between(
    consumer: AIOKafkaConsumer, partition: TopicPartition, low: int, high: int
) -> AsyncIterator[Any]:
    """Yield the committed records from one offset up to another, which is left out."""
    async for page in pages_between(consumer, partition, low, high):
        for record in page:
            yield record


async def pages_between(
    consumer: AIOKafkaConsumer, partition: TopicPartition, low: int, high: int
) -> AsyncIterator[Sequence[Any]]:
    """Yield the committed records from one offset up to another, many at a time; no page is empty."""
    consumer.seek(partition, low)
    while await consumer.position(partition) < high:
        found = await consumer.getmany(partition, timeout_ms=200, max_records=_PAGE)
        page = found.get(partition, ())
        if page and page[-1].offset >= high:
            page = [record for record in page if record.offset < high]
        if page:
            yield page


def position_of(record: Any) -> int:  # noqa: ANN401 - a record of an untyped library
    """Return the position that a record's header names.

    Raises:
        KeyError: If none does.
    """
    for name, value in record.headers:
        if name == POSITION:
            return int(value)
    raise KeyError(POSITION)
