"""The plain way, which most would pick: one message, one transaction, one produce, one committed offset.

    python -m benchmarks.load.plain [--rules]

Without rules it only keeps what came in, once for each id, and judges nothing: nobody's plain way can be
quicker than this one. With rules it hands each message to our own handler, alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.load.stand import SOURCE
from portal.running.service import Service
from portal.settings import Settings, read_settings
from schemas.intake_topics import INTAKE
from streams.kafka import naming
from streams.kafka.records import message

TABLES: Final = """
CREATE TABLE IF NOT EXISTS plain_entry (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    id text NOT NULL,
    body bytea NOT NULL,
    recorded timestamptz NOT NULL DEFAULT now(),
    UNIQUE (source, id)
)
"""
_KEEP: Final = """
INSERT INTO plain_entry (source, id, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""


def topic(domain: str) -> str:
    """Return the topic of the way without rules: nobody else reads there."""
    return f"wurao.{domain}.plain"


async def without_rules(settings: Settings) -> None:
    """Keep each message in one transaction, produce one answer, commit one offset."""
    if settings.dsn is None:
        raise SystemExit("WURAO_DSN")
    connection = await asyncpg.connect(settings.dsn.get_secret_value())
    consumer, producer, answers = _clients(settings, topic(settings.domain))
    await consumer.start()
    await producer.start()
    async for record in consumer:
        asked = json.loads(record.value)
        async with connection.transaction():
            await connection.execute(_KEEP, asked["source"], asked["id"], record.value)
        await producer.send_and_wait(answers, b"accepted", record.key)
        await consumer.commit()


async def with_rules(settings: Settings) -> None:
    """Let the handler judge each message in a transaction of its own, answer, commit one offset."""
    consumer, producer, answers = _clients(
        settings, naming.address(INTAKE[0], settings.domain, SOURCE)
    )
    async with Service.open(settings) as service:
        await consumer.start()
        await producer.start()
        async for record in consumer:
            raw = message(record.topic, record.value, settings.domain)
            (effect,) = await service.submit([raw])
            await producer.send_and_wait(answers, effect.status.encode(), record.key)
            await consumer.commit()


def _clients(settings: Settings, source: str) -> tuple[AIOKafkaConsumer, AIOKafkaProducer, str]:
    consumer = AIOKafkaConsumer(
        source,
        bootstrap_servers=settings.kafka,
        group_id=f"{source}.reader",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=60,
    )
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka, acks="all")
    # Any topic would do: it is the produce that counts. This one nobody checks.
    return consumer, producer, f"{topic(settings.domain)}.answers"


def main() -> None:
    """Work until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", action="store_true")
    settings = read_settings(os.environ)
    work = with_rules if parser.parse_args().rules else without_rules
    asyncio.run(work(settings))


if __name__ == "__main__":
    main()
