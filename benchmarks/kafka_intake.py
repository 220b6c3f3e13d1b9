"""How fast commands get from a topic into the durable ledger, and what the framework costs.

    .venv/bin/python -m benchmarks.kafka_intake [--commands 5000] [--write]

One broker and one Postgres for all ways, one after the other: the plain way (one message, one
transaction, one produce), bare batches, one Faust worker, two. The commands are requests judged by
every rule. ``--write`` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pydantic import SecretStr

from portal import stack
from portal.demo.reference import calendar, policy_layers
from portal.messages import Sender
from portal.service import Service
from portal.settings import Settings, read_settings
from portal.supervisor import program
from schemas import commands as c
from schemas.commands import Command
from schemas.envelope import ActorRole
from schemas.intake_topics import INTAKE
from streams.embedded import EmbeddedServer
from streams.intake import Raw
from streams.kafka import naming
from streams.kafka.records import message
from streams.ports import CommandKey
from tests.builders import a_department, a_request, a_uscc, an_enterprise, an_item
from tests.worlds import NOVEMBER

SOURCE = "bench"
REQUESTS = INTAKE[0]
PAGE = Path("docs") / "benchmarks.md"
BEGIN, END = "<!-- intake: begin -->", "<!-- intake: end -->"
SINGLES = 200
"""Commands that are sent one after the other, for the time that one takes."""


@dataclass(frozen=True)
class Way:
    """A way to take commands in: its name, its department, and its processes."""

    name: str
    department: str
    workers: Sequence[Sequence[str]]


WAYS = (
    Way("plain: one message, one transaction, one produce", "plain", [["--plain-worker"]]),
    Way("bare batches (aiokafka)", "bare", [["worker", "--bare"]]),
    Way("one Faust worker", "faust-1", [["worker", "--member", "f1"]]),
    Way("two Faust workers", "faust-2", [["worker", "--member", f"f{n}"] for n in (1, 2)]),
)


@dataclass(frozen=True)
class Result:
    """What was measured of a way."""

    way: Way
    rate: float
    p50: float
    p99: float


def wrapped(command: Command, id_: str, role: ActorRole, of: str | None = None) -> Raw:
    """Return a command as a message of the benchmark."""
    return Sender.of("bench", role, of, source=SOURCE).message(command, id_=id_, at=NOVEMBER)


def world(commands: int, ways: Sequence[Way] = WAYS) -> Iterator[Raw]:
    """Yield what registers all that the requests refer to."""
    year = calendar(2026)
    if year is None:
        raise SystemExit("the calendar of 2026 is missing")
    yield wrapped(c.AdoptPolicy(layers=policy_layers()), "policy", ActorRole.ADMIN)
    yield wrapped(c.AdoptCalendar(calendar=year), "calendar", ActorRole.ADMIN)
    for home in (way.department for way in ways):
        department = c.RegisterDepartment(department=a_department(id=home))
        yield wrapped(department, home, ActorRole.ADMIN)
        item = c.PublishItem(item=an_item(id=f"item-{home}", department=home))
        yield wrapped(item, f"item-{home}", ActorRole.ADMIN)
    for number in range(commands + SINGLES):
        firm = c.RegisterEnterprise(enterprise=an_enterprise(number))
        yield wrapped(firm, f"firm-{number}", ActorRole.ADMIN)


def request(way: Way, number: int) -> tuple[bytes, Raw]:
    """Return a request about an enterprise of its own, with its record key."""
    home, code = way.department, a_uscc(number)
    asked = a_request(department=home, enterprise=code, items=(f"item-{home}",))
    raw = wrapped(c.SubmitRequest(request=asked), f"{home}-{number}", ActorRole.CLERK, home)
    return code.encode(), raw


async def has_effect(service: Service, way: Way, number: int) -> None:
    """Wait until a request has its effect."""
    key = CommandKey(SOURCE, f"{way.department}-{number}")
    while not (found := await service.ledger.effects([key])):  # noqa: ASYNC110 - others write there
        await asyncio.sleep(0.001)
    if found[key].status != "accepted":
        raise SystemExit(f"{way.name}: {found[key]}")


@asynccontextmanager
async def running(way: Way, settings: Settings) -> AsyncIterator[None]:
    """Run a way's processes."""
    environment = {
        **os.environ,
        "WURAO_DATA": str(settings.data),
        "WURAO_DSN": settings.dsn.get_secret_value() if settings.dsn else "",
        "WURAO_KAFKA": settings.kafka or "",
        "WURAO_DOMAIN": settings.domain,
        "WURAO_SOURCES": f"{SOURCE}=*",
    }
    plain = [sys.executable, "-m", "benchmarks.kafka_intake"]
    processes = [
        subprocess.Popen(  # noqa: ASYNC220 - it takes milliseconds, before the clock runs
            [*(plain if words[0].startswith("--") else [program()]), *words], env=environment
        )
        for words in way.workers
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


async def measured(way: Way, service: Service, settings: Settings, commands: int) -> Result:
    """Measure one way: a heap of messages first, then one after the other."""
    topic = naming.address(REQUESTS, settings.domain, SOURCE)
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka, acks="all", linger_ms=5)
    await producer.start()
    try:
        async with running(way, settings):
            for partition in range(REQUESTS.partitions):  # until everybody is there and warm
                key, raw = request(way, commands + partition)
                await producer.send_and_wait(topic, raw.body, key, partition=partition)
                await has_effect(service, way, commands + partition)
            await asyncio.sleep(5)
            rate = await _heap(way, service, producer, topic, commands)
            times = await _singles(way, service, producer, topic, commands)
    finally:
        await producer.stop()
    return Result(way, rate, times[len(times) // 2], times[int(0.99 * len(times))])


async def _heap(
    way: Way, service: Service, producer: AIOKafkaProducer, topic: str, commands: int
) -> float:
    """Send all at once; return how many a second became durable."""
    messages = [request(way, number) for number in range(commands)]
    before = await service.ledger.position()
    start = time.perf_counter()
    for key, raw in messages:
        await producer.send(topic, raw.body, key)
    await producer.flush()
    while await service.ledger.position() < before + commands:  # noqa: ASYNC110 - the same
        await asyncio.sleep(0.01)
    return commands / (time.perf_counter() - start)


async def _singles(
    way: Way, service: Service, producer: AIOKafkaProducer, topic: str, commands: int
) -> list[float]:
    """Send one after the other; return the milliseconds from sending to the durable effect, sorted."""
    times = []
    for number in range(commands + REQUESTS.partitions, commands + SINGLES):
        key, raw = request(way, number)
        sent = time.perf_counter()
        await producer.send_and_wait(topic, raw.body, key)
        await has_effect(service, way, number)
        times.append(1000 * (time.perf_counter() - sent))
    return sorted(times)


async def plain_worker() -> None:
    """Take one message, write one transaction, produce one answer, commit one offset."""
    settings = read_settings(os.environ)
    consumer = AIOKafkaConsumer(
        naming.address(REQUESTS, settings.domain, SOURCE),
        bootstrap_servers=settings.kafka,
        group_id=f"wurao.{settings.domain}.plain",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=60,
    )
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka, acks="all")
    # Any topic would do: it is the produce that counts.
    answers = naming.dead_letters(settings.domain)
    async with Service.open(settings) as service:
        await consumer.start()
        await producer.start()
        async for record in consumer:
            raw = message(record.topic, record.value, settings.domain)
            (effect,) = await service.submit([raw])
            await producer.send_and_wait(answers, effect.status.encode(), record.key)
            await consumer.commit()


async def run(commands: int) -> list[Result]:
    """Measure all ways on one broker and one database.

    Each way reads the topic from where its group stands; what another way brought in is passed over
    first, by the effects on record, before anything is measured.
    """
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="wurao-bench-") as folder:
        async with AsyncExitStack() as whole:
            data = Path(folder)
            server = EmbeddedServer(data / "postgres")
            dsn = server.start()
            whole.callback(server.stop)
            settings = Settings(data=data, dsn=SecretStr(dsn), domain="bench")
            whole.callback(stack.down, settings)
            address, _ = await stack.up(settings, [SOURCE])
            settings = settings.model_copy(update={"kafka": address})
            service = await whole.enter_async_context(Service.open(settings))
            await service.submit(list(world(commands)))
            for way in WAYS:
                results.append(await measured(way, service, settings, commands))
                sys.stderr.write(f"{way.name}: {results[-1].rate:.0f}/s\n")
    return results


def table(results: Sequence[Result], commands: int) -> str:
    """Return the table with all that is needed to read it."""
    bare = next(r.rate for r in results if r.way.department == "bare")
    load = os.getloadavg()[0]
    told = (
        f"{commands:,} requests each, judged by every rule. {time.strftime('%Y-%m-%d', time.gmtime())}, CPython "
        f"{platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load {load:.1f} at "
        "the end; Apache Kafka 4.1.1 and Postgres (with fsync) on the same machine."
    )
    rows = [
        f"| {r.way.name} | {r.rate:,.0f} | {r.rate / bare:.2f} | {r.p50:.1f} | {r.p99:.1f} |"
        for r in results
    ]
    head = ["| way | commands/s | of bare | p50 ms | p99 ms |", "|---|--:|--:|--:|--:|"]
    return "\n".join([told, "", *head, *rows])


def write(text: str) -> None:
    """Put the table into the page."""
    page = PAGE.read_text(encoding="utf-8")
    filled = re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{text}\n{END}", page, flags=re.DOTALL)
    PAGE.write_text(filled, encoding="utf-8")


def main() -> None:
    """Measure, print, and write where that was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--commands", type=int, default=5000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--plain-worker", action="store_true")
    asked = parser.parse_args()
    if asked.plain_worker:
        asyncio.run(plain_worker())
        return
    text = table(asyncio.run(run(asked.commands)), asked.commands)
    print(text)
    if asked.write:
        write(text)


if __name__ == "__main__":
    main()
