"""What one, two and four workers take in, what each thing costs, and what that means for a whole country.

    .venv/bin/python -m benchmarks.scale [--commands 1000] [--seconds 10] [--write]

One broker and one Postgres for all runs, one after the other; the commands are requests judged by every
rule. Processor time is read from the operating system for workers and database apart, because on a small
machine the clock says only how many processes had to share it. The plan is a county's month, solved by
the command itself. ``--write`` writes docs/sizing.md (make scale-report).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import psutil
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from benchmarks.kafka_intake import REQUESTS, SOURCE, Way, has_effect, request, running, world
from benchmarks.sizing import Costs, Measured, page
from portal import stack
from portal.service import Service
from portal.settings import Settings
from portal.supervisor import program
from streams.embedded import EmbeddedServer
from streams.kafka import naming

PAGE: Final = Path("docs") / "sizing.md"
SEED: Final = "1"
COUNTY: Final = ("--requests", "1000", "--departments", "70", "--days", "5", "--durations", "1-4")
WAYS: Final = tuple(
    Way(f"{n}", f"scale-{n}", [["worker", "--member", f"s{n}-{k}"] for k in range(n)])
    for n in (1, 2, 4)
)


@dataclass(frozen=True, slots=True)
class Cpu:
    """Processor seconds used up to now, by whose they are."""

    workers: float
    database: float


def cpu(database: Path) -> Cpu:
    """Read the processor time of our workers, and of the database that stands in a folder."""
    ours = [each for each in psutil.Process().children() if "worker" in each.cmdline()]
    servers = [each for each in psutil.process_iter() if _stands_in(each, database)]
    return Cpu(_spent(ours), _spent(servers))


def _stands_in(process: psutil.Process, folder: Path) -> bool:
    """Tell whether a process is one of the database's: each of them stands in its folder."""
    try:
        return process.name() == "postgres" and Path(process.cwd()).is_relative_to(folder)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _spent(processes: Sequence[psutil.Process]) -> float:
    times = [each.cpu_times() for each in processes if each.is_running()]
    return float(sum(each.user + each.system for each in times))


async def measured(way: Way, service: Service, settings: Settings, commands: int) -> Measured:
    """Measure one number of workers on a heap of messages that lies ready."""
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
            messages = [request(way, number) for number in range(commands)]
            position, before, start = (
                await service.ledger.position(),
                cpu(settings.postgres),
                time.perf_counter(),
            )
            for key, raw in messages:
                await producer.send(topic, raw.body, key)
            await producer.flush()
            while await service.ledger.position() < position + commands:  # noqa: ASYNC110 - others write there
                await asyncio.sleep(0.01)
            seconds, after = time.perf_counter() - start, cpu(settings.postgres)
    finally:
        await producer.stop()
    return Measured(
        workers=len(way.workers),
        rate=commands / seconds,
        worker_ms=1000 * (after.workers - before.workers) / commands,
        database_ms=1000 * (after.database - before.database) / commands,
    )


async def intake(commands: int) -> tuple[list[Measured], float]:
    """Measure all numbers of workers; return them, and the database's bytes for one entry."""
    found: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="wurao-scale-") as folder:
        async with AsyncExitStack() as whole:
            data = Path(folder)
            server = EmbeddedServer(data / "postgres")
            dsn = server.start()
            whole.callback(server.stop)
            settings = Settings(data=data, dsn=SecretStr(dsn), domain="scale")
            whole.callback(stack.down, settings)
            address, _ = await stack.up(settings, [SOURCE])
            settings = settings.model_copy(update={"kafka": address})
            service = await whole.enter_async_context(Service.open(settings))
            empty, position = await _bytes(dsn), await service.ledger.position()
            await service.submit(list(world(commands, WAYS)))
            for way in WAYS:
                found.append(await measured(way, service, settings, commands))
                sys.stderr.write(f"{way.name} workers: {found[-1].rate:.0f}/s\n")
            entries = await service.ledger.position() - position
            each = (await _bytes(dsn) - empty) / entries
    return found, each


async def _bytes(dsn: str) -> int:
    """Return how large the database is, once what was written is in its files."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("CHECKPOINT")
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await connection.close()
    return size


def plan(seconds: float) -> tuple[float, float, float]:
    """Solve a county's month; return its gap, its processor seconds and its memory in MiB."""
    with tempfile.TemporaryDirectory(prefix="wurao-scale-") as folder:
        problem, out = f"{folder}/problem", f"{folder}/plan"
        make = [program(), "bench", "make", *COUNTY, "--seed", SEED, "--out", problem]
        subprocess.run(make, check=True, capture_output=True)
        before = os.times()
        command = [program(), "solve", problem, "--seconds", str(seconds), "--seed", SEED]
        done = subprocess.run(
            [*command, "--out", out, "--json"], check=True, capture_output=True, text=True
        )
        after = os.times()
    told = json.loads(done.stdout)
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return float(told["gap_percent"]), spent, float(told["peak_rss_mb"])


def machine() -> str:
    """Return on what, and when."""
    return (
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, CPython {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end; "
        "Apache Kafka and Postgres (with fsync) on the same machine"
    )


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, and write where that was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--commands", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(words)
    runs, entry = asyncio.run(intake(asked.commands))
    gap, spent, memory = plan(asked.seconds)
    costs = Costs(tuple(runs), entry, gap, spent, memory, asked.commands, machine())
    text = page(costs)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
