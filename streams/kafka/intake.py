"""Intake without a framework: batches from the topics to the handler, offsets after the ledger.

An offset is committed only when every message below it has its effect in the ledger. A crash in
between delivers the messages again, and a message that is delivered again finds its effect on record.
Nothing is fetched while a batch is being handled beyond what the client holds in its bounded buffers,
so a slow database slows the reading down and fills no memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from streams import tracing
from streams.kafka.access import client
from streams.kafka.gathering import QUIET, gather
from streams.kafka.records import MovableClock, advance, instant, message
from streams.patience import Handle, Outage, Patience, settle

BATCH: Final = 200
"""Messages handed to the handler at once."""

_SESSION: Final = 10_000
_log = structlog.get_logger(__name__)


def group(domain: str, name: str = "intake") -> str:
    """Return the name of a consumer group of a domain."""
    return f"wurao.{domain}.{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where messages come from: a broker, the topics of a domain, and the group that shares them."""

    broker: str
    domain: str
    topics: Sequence[str]
    group: str
    member: str | None = None
    """A fixed name of this worker: after a restart it gets its partitions back at once."""
    session_ms: int = _SESSION


class Intake:
    """One worker of a consumer group."""

    def __init__(
        self,
        source: Source,
        handle: Handle,
        *,
        patience: Patience | None = None,
        clock: MovableClock | None = None,
        batch: int = BATCH,
        told: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._source = source
        self._handle = handle
        self._patience = patience or Patience()
        self._clock = clock
        self._batch = batch
        self._told = told

    async def run(self, stop: asyncio.Event) -> None:
        """Take messages until told to stop.

        Raises:
            Outage: If the database or the broker stayed away; nothing unhandled was acknowledged.
        """
        consumer = self._consumer()
        try:
            await consumer.start()
            while not stop.is_set():
                await self.step(consumer)
        except KafkaError as error:
            msg = f"the broker: {type(error).__name__}"
            raise Outage(msg) from error
        finally:
            await consumer.stop()

    def _consumer(self) -> AIOKafkaConsumer:
        source = self._source
        return AIOKafkaConsumer(
            *source.topics,
            **client(source.broker),
            group_id=source.group,
            group_instance_id=source.member,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            # What a sender took back in an aborted transaction was never asked.
            isolation_level="read_committed",
            **QUIET,
            session_timeout_ms=source.session_ms,
            heartbeat_interval_ms=source.session_ms // 3,
            # Longer than all pauses of an outage together: giving up is this worker's own decision.
            max_poll_interval_ms=int(1000 * (self._patience.limit + 240)),
        )

    async def step(self, consumer: AIOKafkaConsumer) -> int:
        """Take one batch through the ledger and acknowledge it; return its size."""
        found = await consumer.getmany(timeout_ms=200, max_records=self._batch)
        records = [record for of_partition in found.values() for record in of_partition]
        gather(consumer, busy=bool(records))
        if not records:
            return 0
        advance(self._clock, [instant(record.headers) for record in records])
        batch = [message(r.topic, r.value, self._source.domain) for r in records]
        with tracing.taken(records):
            await settle(self._handle, batch, self._patience)
        await _acknowledge(consumer, found)
        self._told(len(records))
        return len(records)


async def _acknowledge(
    consumer: AIOKafkaConsumer, found: Mapping[TopicPartition, Sequence[Any]]
) -> None:
    offsets = {partition: records[-1].offset + 1 for partition, records in found.items() if records}
    try:
        await consumer.commit(offsets)
    except (CommitFailedError, IllegalStateError) as error:
        # The partitions went to another worker meanwhile. It gets these messages again, and they
        # find their effects on record.
        _log.info("acknowledged-by-another", fault=type(error).__name__)
