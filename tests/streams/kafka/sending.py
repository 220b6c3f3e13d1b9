"""Sends to topics and reads from them, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition

from schemas.intake_topics import INTAKE
from streams.kafka import naming, topics
from streams.kafka.ends import between, reader

_INTAKE = {topic.name: topic for topic in INTAKE}
REQUESTS, REGISTRY = _INTAKE["requests"], _INTAKE["registry"]


@asynccontextmanager
async def sender(broker: str) -> AsyncIterator[AIOKafkaProducer]:
    """Lend a producer."""
    producer = AIOKafkaProducer(bootstrap_servers=broker, linger_ms=2)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def send(broker: str, topic: str, values: Iterable[bytes | None]) -> None:
    """Send values to a topic, in order."""
    async with sender(broker) as producer:
        for future in [await producer.send(topic, value, b"k") for value in values]:
            await future


async def read(broker: str, topic: str) -> list[Any]:
    """Return all committed records of a topic, partition by partition."""
    found: list[Any] = []
    async with reader(broker) as consumer:
        for partition in await _partitions(broker, topic):
            consumer.assign([partition])
            end = (await consumer.end_offsets([partition]))[partition]
            found += [r async for r in between(consumer, partition, 0, end)]
    return found


async def _partitions(broker: str, topic: str) -> list[TopicPartition]:
    async with topics.administration(broker) as client:
        (described,) = await client.describe_topics([topic])
    return [TopicPartition(topic, n) for n in range(len(described["partitions"]))]


async def prepare(broker: str, domain: str, sources: Sequence[str] = ("portal",)) -> None:
    """Make a domain's topics."""
    await topics.ensure(broker, topics.table(domain, sources))


def registry(domain: str, source: str = "portal") -> str:
    """Return the one-partition topic of registers and capacities."""
    return naming.address(REGISTRY, domain, source)
