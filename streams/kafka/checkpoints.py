"""Checkpoints in their compacted topic, and the ledger's topic as a copy that an audit reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from scheduler.proof.notes import Note
from schemas.topics import CHECKPOINTS
from streams.kafka import naming, topics
from streams.kafka.ends import between, reader
from streams.kafka.telling import Teller
from streams.ports import Unavailable

_REQUEST: Final = 5_000


class CheckpointTopic:
    """The topic of checkpoints, keyed by size: compaction keeps the newest text of each."""

    def __init__(self, broker: str, domain: str) -> None:
        self._broker = broker
        self._domain = domain
        how = {"enable_idempotence": True, "request_timeout_ms": _REQUEST}
        self._topic = Teller(broker, CHECKPOINTS, domain, **how)

    async def put(self, size: int, note: Note) -> None:
        """Hand over a checkpoint; the same once more, or with more signatures, does no harm.

        Raises:
            Unavailable: If the broker does not take it.
        """
        try:
            await self._topic.tell(str(size).encode(), note.encode())
        except (TimeoutError, KafkaError, topics.TopicError, OSError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error

    async def last(self) -> int:
        """Return the largest size that was handed over; 0 where none was, or nobody answers."""
        with suppress(Unavailable):
            return max([size for size, _ in await self._records()], default=0)
        return 0

    async def notes(self) -> Sequence[bytes]:
        """Return all checkpoints that it holds, as they are: nobody vouches for them.

        Raises:
            Unavailable: If the broker does not answer.
        """
        newest = dict(await self._records())
        return [newest[size] for size in sorted(newest)]

    async def close(self) -> None:
        """Disconnect."""
        await self._topic.close()

    async def _records(self) -> list[tuple[int, bytes]]:
        name = naming.checkpoints(self._domain)
        try:
            if name not in await topics.existing(self._broker, name):
                return []
            async with reader(self._broker) as consumer:
                partition = TopicPartition(name, 0)
                consumer.assign([partition])
                end = (await consumer.end_offsets([partition]))[partition]
                begin = (await consumer.beginning_offsets([partition]))[partition]
                found = [r async for r in between(consumer, partition, begin, end)]
        except (TimeoutError, KafkaError, OSError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        # Whoever can write there may have written anything: what has no size is passed over.
        return [(int(r.key), r.value) for r in found if r.key and r.key.isdigit() and r.value]


@asynccontextmanager
async def checkpoint_topic(broker: str, domain: str) -> AsyncIterator[CheckpointTopic]:
    """Lend the topic of checkpoints."""
    topic = CheckpointTopic(broker, domain)
    try:
        yield topic
    finally:
        await topic.close()
