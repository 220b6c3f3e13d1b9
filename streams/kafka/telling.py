"""What writes to one topic of a domain now and then: it connects when it has something to say."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.topic import Topic
from streams.kafka import topics
from streams.kafka.access import writer

LEAVING: Final = 5.0
"""Seconds that leaving a broker may take; it may be away."""


class Teller:
    """A producer for one topic, which it makes where it is missing."""

    def __init__(self, broker: str, topic: Topic, domain: str, **how: Any) -> None:  # noqa: ANN401 - of an untyped library
        """``how`` goes to the producer beside what every one of ours is given."""
        self._broker = broker
        self._wanted = topics.wanted(topic, domain)
        self._how = {"acks": "all", **how}
        self._producer: AIOKafkaProducer | None = None

    async def tell(self, key: bytes, value: bytes) -> None:
        """Write a record and wait until the broker has it.

        Raises:
            KafkaError: If the broker did not take it.
            TopicError: If it does not let the topic be made.
        """
        if self._producer is None:
            await topics.ensure(self._broker, [self._wanted])
            producer = AIOKafkaProducer(**{**writer(self._broker), **self._how})
            await producer.start()
            self._producer = producer
        await self._producer.send_and_wait(self._wanted.name, value, key)

    async def close(self) -> None:
        """Disconnect; whoever tells again connects again."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, OSError, TimeoutError):
                await asyncio.wait_for(producer.stop(), LEAVING)
