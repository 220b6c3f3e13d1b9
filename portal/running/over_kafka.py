"""The service with its door on Kafka: what is submitted goes through topics and workers.

Everything that reads stays as it is; only ``submit`` takes the long way. So a script, an import or
the clock works over Kafka without a line of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields

from portal.running.service import Service, batches
from streams.intake import Raw
from streams.kafka.transport import KafkaTransport
from streams.ports import Clock, Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaService(Service):
    """A service that submits over Kafka."""

    transport: KafkaTransport

    async def submit(
        self,
        messages: Sequence[Raw],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Effect]:
        """Send commands to their topics and wait for what became of each, in order.

        Raises:
            Outage: If the broker or the workers stayed away.
        """
        effects: list[Effect] = []
        for batch in batches(messages):
            effects += await self.transport.submit(batch)
            if progress is not None:
                progress(len(batch))
        return effects


@asynccontextmanager
async def over_kafka(
    service: Service,
    broker: str,
    domain: str,
    *,
    clock: Clock | None = None,
    told: Callable[[str, int], None] = lambda _, __: None,
) -> AsyncIterator[KafkaService]:
    """Give an open service a door on Kafka; ``clock`` is a demonstration's, which workers follow."""
    transport = KafkaTransport(
        broker, domain, service.ledger, service.credentials.fingerprint, clock=clock, told=told
    )
    parts = {field.name: getattr(service, field.name) for field in fields(Service)}
    try:
        yield KafkaService(**parts, transport=transport)
    finally:
        await transport.close()
