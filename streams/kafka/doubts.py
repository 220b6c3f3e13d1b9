"""Hands alerts over many entries on to a topic that the supervising office's systems read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scheduler.alerts.found import private
from scheduler.watching import Record
from schemas.doubts import AlertFound
from schemas.topics import DOUBTS
from streams.kafka.telling import Teller


def reported(alerts: Mapping[str, Record]) -> Iterator[AlertFound]:
    """Yield what may be told of alerts: of patterns over many entries, and none that tells who rated."""
    for key, record in alerts.items():
        if "key" in record and not private(record["rule"]):
            kept = {name: record[name] for name in AlertFound.model_fields if name in record}
            yield AlertFound(id=key.removeprefix("alert/"), **kept)


class Doubts:
    """Writes to a domain's topic of alerts; whoever cannot write must not go on."""

    def __init__(self, broker: str, domain: str) -> None:
        self._topic = Teller(broker, DOUBTS, domain, enable_idempotence=True)

    async def tell(self, alerts: Mapping[str, Record]) -> None:
        """Write alerts, in order.

        Raises:
            KafkaError: If the broker did not take them.
        """
        for found in reported(alerts):
            await self._topic.tell(
                found.id.encode(), found.model_dump_json(exclude_none=True).encode()
            )

    async def close(self) -> None:
        """Disconnect."""
        await self._topic.close()
