"""Counters and alerts in a table: a fold over the ledger's topic that a replay rebuilds.

Nothing of this rests on what the framework keeps of a table across a restart, nor on its handing over
every record. The counters' record says which entry it counted last. A start reads the ledger's topic
from that entry on, wherever the table stood; an entry at or below it is passed over; one that is not
the next makes the process leave, and its successor reads from the right place. No place in the topic
is ever committed, so there is none that could disagree with the table.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import faust
import structlog
from aiokafka import TopicPartition

from scheduler.alerts.facts import remember
from scheduler.alerts.passing import DIARY
from scheduler.watching import COUNTERS, Record, facts_of, outdated, settled, step, written
from streams.faust_app.application import Held, Place, application
from streams.kafka import naming, topics
from streams.kafka.ends import between, reader
from streams.patience import leave

TABLE: Final = "watched"
BATCH: Final = 200
"""Entries that are counted before the counters are written, where so many wait."""

WITHIN: Final = 0.2
"""Seconds to wait for more of them."""

_log = structlog.get_logger(__name__)


def changelog(domain: str) -> str:
    """Return the name of the topic that holds the table."""
    return f"wurao.{domain}.watch-{TABLE}-changelog"


class OnePartition(faust.Table):  # type: ignore[type-arg]  # of a library typed in part
    """A table that can be changed for a whole batch, and that tells when its changes are kept.

    The framework puts a change where the record in hand came from; here there is one place only. Its
    changes wait in a buffer, of which it leaves the rest when it stops.
    """

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - as its parent has it
        super().__init__(*args, **more)
        self._under_way: list[Awaitable[Any]] = []

    def partition_for_key(self, key: Any) -> int:  # noqa: ANN401 - as its parent has it
        """Return the only partition."""
        del key
        return 0

    def send_changelog(self, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - as its parent has it
        """Send a change, and remember that it is under way."""
        sent = super().send_changelog(*args, **more)
        self._under_way.append(sent)
        return sent

    async def kept(self) -> None:
        """Wait until the broker has all changes."""
        while self._under_way:
            await self._under_way.pop()


@dataclass(frozen=True, slots=True)
class News:
    """What a batch of entries changes: the counters after it, its alerts, and the facts it touched."""

    counters: Record
    alerts: Mapping[str, Record]
    changed: Mapping[str, Record]


class Watch:
    """Counts each entry once and in order, whatever is handed over and however often."""

    def __init__(self, table: MutableMapping[str, Record]) -> None:
        self._table = table
        self._counters: Record = settled({})[COUNTERS]
        self._facts: dict[str, Record] = {}

    def begin(self) -> int:
        """Look at the table as it was recovered; return the position after which to read."""
        records = dict(self._table.items())
        self._counters, self._facts = settled(records)[COUNTERS], facts_of(records)
        return int(self._counters["position"])

    def take(self, bodies: Sequence[bytes]) -> int:
        """Count a batch; return the last position that is counted.

        Raises:
            OutOfOrderError: If an entry is missing. Nothing of the batch was counted then.
        """
        return self.keep(self.read(bodies))

    def read(self, bodies: Sequence[bytes]) -> News:
        """Return what a batch changes; nothing is written yet.

        Raises:
            OutOfOrderError: If an entry is missing.
        """
        counters, alerts, news = self._counters, dict[str, Record](), dict[str, Record]()
        for body in bodies:
            entry = json.loads(body)
            if entry["position"] > counters["position"]:
                counters, found, changed = step(counters, entry, ChainMap(news, self._facts))
                alerts |= found
                news |= changed
        return News(counters, alerts, news)

    def keep(self, news: News) -> int:
        """Write what a batch changed; return the last position that is counted.

        With a new month of event time all facts are written as one link, and the links before it go.
        """
        position = int(news.counters["position"])
        if news.counters is not self._counters:
            before, month = int(self._counters["position"]), self._month()
            remember(self._facts, news.changed)
            whole = month != self._month()
            # In this order: whatever is lost of it is lost from the end.
            for key, record in written(
                0 if whole else before,
                news.counters,
                news.alerts,
                self._facts if whole else news.changed,
            ):
                self._table[key] = record
            for key in outdated(list(self._table.keys()), position) if whole else ():
                del self._table[key]
            self._counters = news.counters
        return position

    def _month(self) -> str:
        return str(self._facts.get(DIARY, {}).get("latest", ""))[:7]


async def nobody(alerts: Mapping[str, Record]) -> None:
    """Hand alerts on to nobody."""
    del alerts


def watch_app(
    place: Place,
    told: Callable[[int], None] = lambda _: None,
    leave: Callable[[], None] = leave,
    tell: Callable[[Mapping[str, Record]], Awaitable[None]] = nobody,
) -> faust.App:
    """Return the application that watches a domain's ledger.

    Args:
        place: The broker and the domain.
        told: Learns the last position that is counted.
        leave: Ends the process.
        tell: Hands alerts on, before the table has them: after a crash they are handed on again.
    """
    # An entry never stands below its position: marks of transactions take offsets too.
    app = application("watch", place, lambda _: watch.begin())
    table = OnePartition(
        app,
        name=TABLE,
        partitions=1,
        schema=faust.Schema(key_serializer="json", value_serializer="json"),
    )
    app.tables.add(table)
    watch = Watch(table)

    async def take(stream: Any) -> None:  # noqa: ANN401 - the framework's stream
        async for events in stream.noack_take(BATCH, within=WITHIN):
            try:
                news = watch.read([event.value for event in events])
                await tell(news.alerts)
                position = watch.keep(news)
                await table.kept()
            except Exception as error:  # noqa: BLE001 - a body that raises would go on without them
                _log.error("watch-leaves", fault=type(error).__name__, why=str(error))
                leave()
                return
            told(position)

    app.agent(app.topic(naming.ledger(place.domain), schema=Held()), name="watch")(take)
    return app


async def watched(broker: str, domain: str) -> dict[str, Record]:
    """Return what can be relied on of the table; see ``scheduler.watching.settled``."""
    return settled(await records(broker, domain))


async def records(broker: str, domain: str) -> dict[str, Record]:
    """Return what the table holds: the last record of each key in its topic; nothing where none is."""
    found: dict[str, Record] = {}
    topic = changelog(domain)
    if topic not in await topics.existing(broker, topic):
        return found
    async with reader(broker) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        begin = (await consumer.beginning_offsets([partition]))[partition]
        async for record in between(consumer, partition, begin, end):
            key = json.loads(record.key)
            value = None if record.value is None else json.loads(record.value)
            if value is None:
                found.pop(key, None)
            else:
                found[key] = value
    return found
