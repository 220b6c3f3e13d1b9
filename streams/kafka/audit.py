"""Holds the ledger's topic against the ledger: every entry once, in order, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aiokafka import TopicPartition

from streams.kafka.ends import pages_between, position_of, reader
from streams.ports import Ledger

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What a ledger's topic holds. The lists name the first few positions only."""

    entries: int
    records: int
    last: int
    missing: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    disordered: tuple[int, ...] = ()
    different: tuple[int, ...] = ()

    @property
    def behind(self) -> int:
        """How many entries the topic does not have yet."""
        return self.entries - self.last

    @property
    def clean(self) -> bool:
        """Whether every entry up to the last one stands in the topic once, in order, unchanged."""
        return not (self.missing or self.repeated or self.disordered or self.different)


async def check_topic(broker: str, topic: str, ledger: Ledger) -> TopicReport:
    """Read the whole topic and compare it with the ledger."""
    entries = await ledger.position()
    seen: dict[int, bytes] = {}
    repeated: list[int] = []
    disordered: list[int] = []
    records = last = 0
    async for position, body in committed(broker, topic):
        records += 1
        if position in seen:
            repeated.append(position)
        elif position < last:
            disordered.append(position)
        seen[position] = hashlib.sha256(body).digest()
        last = max(last, position)
    different = [
        position
        async for position, body in ledger.entries(until=last)
        if position in seen and seen[position] != hashlib.sha256(body).digest()
    ]
    return TopicReport(
        entries=entries,
        records=records,
        last=last,
        missing=tuple(islice((p for p in range(1, last + 1) if p not in seen), _SHOWN)),
        repeated=tuple(repeated[:_SHOWN]),
        disordered=tuple(disordered[:_SHOWN]),
        different=tuple(different[:_SHOWN]),
    )


async def committed(broker: str, topic: str) -> AsyncGenerator[tuple[int, bytes]]:
    """Yield the position and the bytes of every committed record of a one-partition topic."""
    async with aclosing(committed_pages(broker, topic)) as pages:
        async for page in pages:
            for each in page:
                yield each


async def committed_pages(broker: str, topic: str) -> AsyncGenerator[list[tuple[int, bytes]]]:
    """Yield what ``committed`` yields, as it was fetched: some thousands of records at a time."""
    async with reader(broker, largest=8 << 20) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        begin = (await consumer.beginning_offsets([partition]))[partition]
        async for page in pages_between(consumer, partition, begin, end):
            yield [(position_of(record), record.value) for record in page]
