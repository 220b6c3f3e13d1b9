"""Commands per second from Kafka to the durable ledger: our ways beside the plain one, in one run."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from benchmarks.load import plain
from benchmarks.load.figures import Cpu, cpu, quantile
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.proof import proven
from benchmarks.load.stand import Stand, standing
from benchmarks.load.ways import (
    REQUESTS,
    SETTLING,
    Way,
    has_effect,
    heap,
    request,
    running,
    sending,
    topic,
    warm,
    world,
)

PLAIN: Final = ["-m", "benchmarks.load.plain"]
UNRULED: Final = Way("plain, no rule judged", "unruled", [PLAIN])
RULED: Final = Way("plain, every rule judged", "plain", [[*PLAIN, "--rules"]])
BARE: Final = Way("batches, bare aiokafka", "bare", [["worker", "--bare"]])
ONE: Final = Way("batches, one Faust worker", "faust-1", [["worker", "--member", "f1"]])
TWO: Final = Way(
    "batches, two Faust workers", "faust-2", [["worker", "--member", f"f{n}"] for n in (1, 2)]
)
OURS: Final = (RULED, BARE, ONE, TWO)
FEWER: Final = 5
"""A plain way gets one in so many of the commands: it is slow enough to be measured by them."""

_KEPT: Final = "SELECT count(*) FROM plain_entry"


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured of a way: how many, a rate, milliseconds of single commands, processor time."""

    way: Way
    count: int
    rate: float
    times: Sequence[float]
    spent: Cpu


async def measured(options: Options) -> str:
    """Measure all ways on one broker and one database; return the page's part."""
    before = os.getloadavg()[0]
    async with standing("load") as stand:
        firms = options.commands + options.singles + REQUESTS.partitions
        registers = list(world(firms, [way.department for way in OURS]))
        await stand.service.submit(registers)
        results = [await _unruled(stand, options)]
        results += [await _ours(way, stand, options) for way in OURS]
        asked = {
            f"{way.department}-{n}"
            for way in OURS
            for n in range(REQUESTS.partitions + _heaped(way, options) + options.singles)
        }
        asked |= {"policy", "calendar", *(way.department for way in OURS)}
        asked |= {f"item-{way.department}" for way in OURS} | {f"firm-{n}" for n in range(firms)}
        proof = await proven(stand, asked)
    return _told(results, options, proof, before)


def _heaped(way: Way, options: Options) -> int:
    """Return how many commands a way gets at once."""
    return options.commands // (FEWER if way in (UNRULED, RULED) else 1)


async def _ours(way: Way, stand: Stand, options: Options) -> Result:
    """Measure a way to the ledger: a heap of messages first, then one after the other."""
    count = _heaped(way, options)
    async with sending(stand) as producer, running(stand, way.workers) as pids:
        first = await warm(stand, producer, way.department, 0)
        last = first + count
        messages = [request(way.department, number) for number in range(first, last)]
        used, start = cpu(pids, stand.settings.postgres), time.perf_counter()
        await heap(stand, producer, messages)
        rate = count / (time.perf_counter() - start)
        spent = cpu(pids, stand.settings.postgres).since(used)
        times = []
        for number in range(last, last + options.singles):
            key, raw = request(way.department, number)
            sent = time.perf_counter()
            await producer.send_and_wait(topic(stand), raw.body, key)
            await has_effect(stand, way.department, number)
            times.append(1000 * (time.perf_counter() - sent))
    return _noted(Result(way, count, rate, times, spent))


async def _unruled(stand: Stand, options: Options) -> Result:
    """Measure the plain way that judges nothing, on a topic and a table of its own."""
    await _make_topics(stand)
    connection = await asyncpg.connect(stand.dsn)
    await connection.execute(plain.TABLES)
    source, count = plain.topic(stand.settings.domain), _heaped(UNRULED, options)

    async def kept(count: int, pause: float = 0.001) -> None:
        while await connection.fetchval(_KEPT) < count:  # noqa: ASYNC110 - another process writes there
            await asyncio.sleep(pause)

    async def send(producer: AIOKafkaProducer, number: int, *, wait: bool) -> None:
        key, raw = request(UNRULED.department, number)
        call = producer.send_and_wait if wait else producer.send
        await call(source, raw.body, key)

    try:
        async with sending(stand) as producer, running(stand, UNRULED.workers) as pids:
            await send(producer, 0, wait=True)
            await kept(1)
            await asyncio.sleep(SETTLING)
            used, start = cpu(pids, stand.settings.postgres), time.perf_counter()
            for number in range(1, count + 1):
                await send(producer, number, wait=False)
            await producer.flush()
            await kept(count + 1, 0.02)
            rate = count / (time.perf_counter() - start)
            spent = cpu(pids, stand.settings.postgres).since(used)
            times = []
            for number in range(count + 1, count + 1 + options.singles):
                sent = time.perf_counter()
                await send(producer, number, wait=True)
                await kept(number + 1)
                times.append(1000 * (time.perf_counter() - sent))
    finally:
        await connection.close()
    return _noted(Result(UNRULED, count, rate, times, spent))


async def _make_topics(stand: Stand) -> None:
    source = plain.topic(stand.settings.domain)
    admin = AIOKafkaAdminClient(bootstrap_servers=stand.settings.kafka)
    await admin.start()
    await admin.create_topics([NewTopic(source, REQUESTS.partitions, 1)])
    await admin.create_topics([NewTopic(f"{source}.answers", 1, 1)])
    await admin.close()


def _noted(result: Result) -> Result:
    sys.stderr.write(f"{result.way.name}: {result.rate:.0f}/s\n")
    return result


def _told(results: Sequence[Result], options: Options, proof: str, before: float) -> str:
    rates = {result.way.department: result.rate for result in results}
    ruled, unruled = rates[RULED.department], rates[UNRULED.department]
    head = [
        "way", "commands/s", "x plain, ruled", "x plain, unruled", "p50 ms", "p99 ms",
        "worker CPU ms", "database CPU ms",
    ]  # fmt: skip
    rows = [
        [
            r.way.name,
            f"{r.rate:,.0f}",
            f"{r.rate / ruled:.1f}",
            f"{r.rate / unruled:.1f}",
            f"{quantile(r.times, 0.5):.1f}",
            f"{quantile(r.times, 0.99):.1f}",
            f"{1000 * r.spent.workers / r.count:.2f}",
            f"{1000 * r.spent.database / r.count:.2f}",
        ]
        for r in results
    ]
    ours = rates[ONE.department]
    ratio, faust = ours / ruled, ours / rates[BARE.department]
    verdict = "reached" if ratio >= 3 else "**missed**"  # noqa: PLR2004 - the aim
    said = (
        f"{machine(before)}. {options.commands:,} requests each, {_heaped(RULED, options):,} the plain "
        "ways, every rule judged but where it says otherwise; "
        f"fsync, synchronous_commit and full_page_writes on. p50 and p99 are of {options.singles} "
        "commands sent one after the other, from sending to the effect on record."
    )
    aim = (
        f"Aim: at least 3 times the plain way that judges the same: {ratio:.1f}, {verdict}. Faust "
        f"reaches {faust:.2f} of what batches reach without a framework."
    )
    return "\n\n".join([said, table(head, rows), aim, proof])
