"""How quick a replay is, stage by stage, on one core, and beside the Faust way.

    .venv/bin/python -m benchmarks.replay ENTRIES [--copies 8] [--no-kafka]

ENTRIES is a file with one entry a line, or a complete package (`wurao audit export --complete`). Rates
are by processor seconds of the process that reads, so that a busy machine distorts them less; the
best of three is printed, and the machine's load before and after. For Kafka the entries are written to
a topic so many times over. The Faust agent does what the reading beside it does: it makes a leaf of
each record. It is measured once, from its first record to its last one, for two minutes at most.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from faust.types import StreamT

from portal.running.stack import JARS
from scheduler.evolve import evolve
from scheduler.notify import notify
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Tree
from streams.collecting import few_collections
from streams.faust_app.application import Place, application
from streams.faust_app.worker import run as run_worker
from streams.fold import Fold
from streams.kafka.ends import POSITION
from streams.kafka.local import Broker, free_port
from streams.kafka.log import TopicLog
from streams.logs import FileLog, read
from streams.replay import batches
from streams.typed import read_typed

TIMES: Final = 3
FAUST_SECONDS: Final = 120.0
ROOT: Final = Path(__file__).resolve().parents[1]


class Held:
    """A log in memory, so that a stage is measured without what it reads from."""

    def __init__(self, bodies: list[bytes]) -> None:
        self._bodies = bodies

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Read entries in order of position."""
        for position, body in enumerate(self._bodies[after:until], start=after + 1):
            yield position, body

    async def position(self) -> int:
        """Return the last position."""
        return len(self._bodies)


async def timed(name: str, count: int, work: Callable[[], Awaitable[object]]) -> None:
    """Print the best rate of some runs."""
    best, wall = float("inf"), float("inf")
    for _ in range(TIMES):
        used, began = time.process_time(), time.perf_counter()
        await work()
        best = min(best, time.process_time() - used)
        wall = min(wall, time.perf_counter() - began)
    told(name, count, best, wall)


def told(name: str, count: int, used: float, wall: float) -> None:
    """Print a line of the table."""
    rates = f"{count / used:>12.0f} | {count / wall:>8.0f}"
    sys.stdout.write(f"| {name:<44} | {count:>7} | {used:>5.2f} | {rates} |\n")
    sys.stdout.flush()


async def typed_fold(bodies: list[bytes]) -> None:
    """Type every entry and fold it, checking nothing."""
    cells: dict[str, object] = {}
    with few_collections():
        for body in bodies:
            entry = read_typed(body)
            moment = entry.occurred, entry.recorded, entry.actor
            cells.update(evolve(cells.get, entry.subject, entry.data, *moment))


async def checked_fold(bodies: list[bytes]) -> None:
    """Fold as a replay does: every check, effects, notifications, states as bytes."""
    with few_collections():
        async for _ in batches(Held(bodies), Fold(evolve, notify)):
            pass


async def filled(broker: str, topic: str, bodies: list[bytes], copies: int) -> int:
    """Write the entries to a topic, so many times over; return how many records that is."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    limit = {"max.message.bytes": str(8 << 20)}
    await admin.create_topics([NewTopic(topic, 1, 1, topic_configs=limit)])
    await admin.close()
    producer = AIOKafkaProducer(
        bootstrap_servers=broker, linger_ms=5, max_batch_size=256 * 1024, max_request_size=8 << 20
    )
    await producer.start()
    position = 0
    try:
        for _ in range(copies):
            for body in bodies:
                position += 1
                headers = [(POSITION, str(position).encode())]
                await producer.send(topic, body, headers=headers, partition=0)
        await producer.flush()
    finally:
        await producer.stop()
    return position


async def by_faust(broker: str, topic: str, count: int) -> None:
    """Read a topic with leaf check by a Faust agent; print its rate."""
    app = application(f"replay{time.monotonic_ns()}", Place(broker=broker, domain="bench"))
    stop, tree, marks = asyncio.Event(), Tree(), list[tuple[float, float]]()

    @app.agent(app.topic(topic, value_type=bytes, value_serializer="raw", partitions=1))
    async def counted(stream: StreamT[bytes]) -> None:
        async for body in stream:
            if not tree:
                marks.append((time.process_time(), time.perf_counter()))
            tree.append(SHA256.leaf(body))
            if len(tree) >= count:
                stop.set()
                break

    async with asyncio.TaskGroup() as group:
        group.create_task(run_worker(app, stop))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), FAUST_SECONDS)
        used, now = time.process_time(), time.perf_counter()
        stop.set()
    if len(tree) > 1:
        name = "read with leaf check, Kafka, a Faust agent"
        told(name, len(tree), used - marks[0][0], now - marks[0][1])


async def main(path: Path, copies: int, *, kafka: bool) -> None:
    """Measure and print."""
    bodies = [body async for _, body in FileLog(path).entries()]
    sys.stdout.write(f"load {loads()}, {len(bodies)} entries, {sum(map(len, bodies))} bytes\n")
    sys.stdout.write(
        "| stage | entries | CPU s | a CPU second | a second |\n|---|--:|--:|--:|--:|\n"
    )
    many = Held(bodies * copies)
    await timed("leaf check, in memory", len(bodies) * copies, lambda: read(many))
    await timed("read with leaf check, file", len(bodies), lambda: read(FileLog(path)))
    await timed("typed fold", len(bodies), lambda: typed_fold(bodies))
    await timed("checked fold, effects, notices, states", len(bodies), lambda: checked_fold(bodies))
    if not kafka:
        return
    with tempfile.TemporaryDirectory() as folder:
        pom = ROOT / "deploy" / "kafka" / "pom.xml"
        broker = Broker(Path(folder), pom, ROOT / JARS, port=free_port(), heap="384m")
        await asyncio.to_thread(broker.start)
        try:
            count = await filled(broker.address, "bench", bodies, copies)
            log = TopicLog(broker.address, "bench")
            await timed("read with leaf check, Kafka (aiokafka)", count, lambda: read(log))
            await by_faust(broker.address, "bench", count)
        finally:
            await asyncio.to_thread(broker.stop)
    sys.stdout.write(f"load {loads()}\n")


def loads() -> str:
    """Return the machine's load of the last one, five and fifteen minutes."""
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("entries", type=Path)
    asked.add_argument("--copies", type=int, default=8)
    asked.add_argument("--no-kafka", action="store_true")
    given = asked.parse_args()
    asyncio.run(main(given.entries, given.copies, kafka=not given.no_kafka))
