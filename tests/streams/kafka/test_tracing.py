"""A trace over a real broker: its context travels in headers from sender to worker to ledger topic."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaProducer
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from streams import tracing
from streams.kafka import naming
from streams.kafka.publisher import publishing
from streams.outside import records
from tests.streams.kafka import sending
from tests.streams.kafka.test_intake import Worker
from tests.streams.shop import Shop, ask

pytestmark = pytest.mark.lane("kafka")


@pytest.fixture
def collected() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(tracing.Traces(provider.get_tracer(tracing.SCOPE)))
    yield exporter
    tracing.use(None)


async def unquestioned() -> None:
    """Nobody asks whether we still lead."""


async def test_sender_worker_and_relay_make_one_trace(
    broker: str, domain: str, collected: InMemorySpanExporter
) -> None:
    await sending.prepare(broker, domain)
    topic, shop, asked = sending.registry(domain), Shop(), ask("c1", "D1")
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    try:
        headers = tracing.sent(topic, asked.body)
        await producer.send_and_wait(topic, asked.body, b"k", headers=headers)
    finally:
        await producer.stop()
    await Worker(broker, domain, topic, shop.handler.handle).run(1)
    bodies = [body async for _, body in shop.ledger.entries()]
    async with publishing(broker, domain, unquestioned) as publisher:
        await publisher.publish([each for body in bodies for each in records(body, {})])

    spans = collected.get_finished_spans()
    assert [span.name.partition(" ")[0] for span in spans] == ["send", "process", "publish"]
    (trace,) = {span.context.trace_id for span in spans if span.context}
    (record,) = await sending.read(broker, naming.ledger(domain))
    carried = dict(record.headers)[tracing.HEADER].decode()
    last = spans[-1].context
    assert last
    assert carried == f"00-{trace:032x}-{last.span_id:016x}-01"
