"""Tells on a topic how far searches are, and reads it. What is lost there is told again a moment later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from schemas.searches import SearchSeen
from schemas.topics import SEARCHES
from streams.kafka import naming, topics
from streams.kafka.ends import reader
from streams.kafka.telling import Teller

_WAIT: Final = 5.0
_POLL: Final = 500
_log = structlog.get_logger(__name__)


class SearchReports:
    """Writes to a domain's topic of searches. A broker that is away never holds a search up."""

    def __init__(self, broker: str, domain: str) -> None:
        self._topic = Teller(broker, SEARCHES, domain, linger_ms=5)

    async def tell(self, seen: SearchSeen) -> None:
        """Write one report; when that fails, only a line in the log says so."""
        try:
            async with asyncio.timeout(_WAIT):
                told = seen.model_dump_json(exclude_none=True).encode()
                await self._topic.tell(seen.job.encode(), told)
        except (KafkaError, OSError, TimeoutError, topics.TopicError) as error:
            _log.warning("not-told", job=seen.job, fault=type(error).__name__)
            await self.close()

    async def close(self) -> None:
        """Disconnect."""
        await self._topic.close()


async def never() -> bool:
    """Tell that there is always more to come."""
    return False


async def reports(
    broker: str,
    domain: str,
    *,
    job: str | None = None,
    until: Callable[[], Awaitable[bool]] = never,
) -> AsyncIterator[SearchSeen]:
    """Yield what is told of searches, of one job if it is named, from the first that is kept.

    It ends when nothing more is there and ``until`` says that nothing more will come. A record that is
    no report is passed over.
    """
    await topics.ensure(broker, [topics.wanted(SEARCHES, domain)])
    async with reader(broker) as consumer:
        partition = TopicPartition(naming.searches(domain), 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        while True:
            over = await until()
            found = await consumer.getmany(partition, timeout_ms=_POLL)
            if over and not found:
                return
            for record in found.get(partition, ()):
                if job is None or record.key == job.encode():
                    with suppress(ValidationError):
                        yield SearchSeen.model_validate_json(record.value)
