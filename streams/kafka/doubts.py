"""Hands alerts over many entries on to a topic that the supervising office's systems read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from scheduler.alerts.found import private
from scheduler.watching import Record
from schemas.doubts import AlertFound
from schemas.topics import DOUBTS
from streams.kafka import naming, topics
from streams.kafka.access import writer

_WAIT = 5.0


def reported(alerts: Mapping[str, Record]) -> Iterator[AlertFound]:
    """Yield what may be told of alerts: of patterns over many entries, and none that tells who rated."""
    for key, record in alerts.items():
        if "key" in record and not private(record["rule"]):
            kept = {name: record[name] for name in AlertFound.model_fields if name in record}
            yield AlertFound(id=key.removeprefix("alert/"), **kept)


class Doubts:
    """Writes to a domain's topic of alerts; whoever cannot write must not go on."""

    def __init__(self, broker: str, domain: str) -> None:
        self._broker = broker
        self._domain = domain
        self._producer: AIOKafkaProducer | None = None

    async def tell(self, alerts: Mapping[str, Record]) -> None:
        """Write alerts, in order.

        Raises:
            KafkaError: If the broker did not take them.
        """
        for found in reported(alerts):
            producer = await self._connected()
            await producer.send_and_wait(
                naming.doubts(self._domain),
                value=found.model_dump_json(exclude_none=True).encode(),
                key=found.id.encode(),
            )

    async def close(self) -> None:
        """Disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, OSError, TimeoutError):
                await asyncio.wait_for(producer.stop(), _WAIT)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            await topics.ensure(self._broker, [topics.wanted(DOUBTS, self._domain)])
            producer = AIOKafkaProducer(**writer(self._broker), acks="all", enable_idempotence=True)
            await producer.start()
            self._producer = producer
        return self._producer
