"""The relay's publisher on Kafka: a transactional producer whose id is the fence.

Opening it ends whatever an earlier one left open and shuts that one out for good. A page is one
transaction, so a reader of committed records sees it whole or not at all. After an error whose
outcome is not known the producer is thrown away: the next one asks the topic.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.topic import Audience, Rows
from streams import tracing
from streams.kafka import naming, topics
from streams.kafka.access import writer
from streams.kafka.ends import POSITION, last_position
from streams.outside import Record
from streams.relay import Unpublished

_TRANSACTION: Final = 30_000


class KafkaPublisher:
    """Writes pages of records, each in a transaction."""

    def __init__(self, broker: str, domain: str, still: Callable[[], Awaitable[None]]) -> None:
        self._broker = broker
        self._domain = domain
        self._still = still
        self._known: set[str] = set()
        self._producer = AIOKafkaProducer(
            **writer(broker),
            transactional_id=f"wurao.{domain}.relay",
            transaction_timeout_ms=_TRANSACTION,
            acks="all",
            linger_ms=2,
            max_request_size=topics.LARGEST_ENTRY,
            max_batch_size=256 * 1024,
        )

    async def start(self) -> None:
        """Connect, end what was left open, and shut out whoever was before."""
        await self._producer.start()

    async def stop(self) -> None:
        """Disconnect; an open transaction is left to the next one to end."""
        with suppress(KafkaError, asyncio.TimeoutError):
            await self._producer.stop()

    async def last(self) -> int:
        """Return the last position in the ledger's topic; 0 when it is empty."""
        with _named():
            return await last_position(self._broker, naming.ledger(self._domain))

    async def publish(self, records: Sequence[Record]) -> None:
        """Write a page in one transaction.

        Raises:
            Unpublished: If that did not surely succeed, or another publisher took over.
        """
        with _named(), tracing.published(records) as carried:
            await self._require(records)
            await self._producer.begin_transaction()
            sent = [await self._send(record, carried) for record in records]
            await asyncio.gather(*sent)
            # The last moment to find out that somebody else is in charge; the fence does the rest.
            await self._still()
            await self._producer.commit_transaction()

    async def _send(
        self, record: Record, carried: Mapping[tracing.Address, tracing.Headers]
    ) -> Awaitable[object]:
        trace = carried.get((record.topic.name, record.position), [])
        future: Awaitable[object] = await self._producer.send(
            naming.address(record.topic, self._domain, record.owner),
            value=record.value,
            key=record.key,
            headers=[*_headers(record), *trace],
        )
        return future

    async def _require(self, records: Sequence[Record]) -> None:
        """Make the topics of departments that appear for the first time."""
        owned = {(r.topic.name, r.owner): r for r in records if r.topic.rows is Rows.OWN}
        wanted = [topics.wanted(r.topic, self._domain, r.owner) for r in owned.values()]
        missing = [each for each in wanted if each.name not in self._known]
        if missing:
            await topics.ensure(self._broker, missing)
            self._known.update(each.name for each in missing)


def _headers(record: Record) -> list[tuple[str, bytes]]:
    """Name the position inside the house only: outside it would count the ratings in between."""
    inside = record.topic.audience is Audience.INTERNAL
    return [(POSITION, str(record.position).encode())] if inside else []


@contextmanager
def _named() -> Iterator[None]:
    """Turn the client's errors into the publisher's one word for them."""
    try:
        yield
    except (KafkaError, topics.TopicError) as error:
        msg = f"{type(error).__name__}: {error}"
        raise Unpublished(msg) from error


@asynccontextmanager
async def publishing(
    broker: str, domain: str, still: Callable[[], Awaitable[None]]
) -> AsyncIterator[KafkaPublisher]:
    """Open a publisher for a block.

    Raises:
        Unpublished: If the broker cannot be reached.
    """
    publisher = KafkaPublisher(broker, domain, still)
    try:
        with _named():
            await publisher.start()
        yield publisher
    finally:
        await publisher.stop()
