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
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.load.figures import cpu
from benchmarks.load.page import machine
from benchmarks.load.stand import Stand, standing
from benchmarks.load.ways import REQUESTS, Way, heap, request, running, sending, warm, world
from benchmarks.sizing import Costs, Event, Measured, Planned, page
from portal.running.supervisor import program
from streams.kafka import naming
from streams.kafka.ends import last_position

PAGE: Final = Path("docs") / "sizing.md"
SEED: Final = "1"
COUNTY: Final = ("--requests", "1000", "--departments", "70", "--days", "5", "--durations", "1-4")
SMALL: Final = ("--requests", "150", "--departments", "20", "--days", "5", "--durations", "1-4")
COUNTIES: Final = 4
STOP: Final = 3
"""The step of the search at which each of the small plans ends, whatever the clock says."""

WAYS: Final = tuple(
    Way(f"{n}", f"scale-{n}", [["worker", "--member", f"s{n}-{k}"] for k in range(n)])
    for n in (1, 2, 4)
)


async def measured(way: Way, stand: Stand, commands: int) -> Measured:
    """Measure one number of workers on a heap of messages that lies ready."""
    async with sending(stand) as producer, running(stand, way.workers) as pids:
        first = await warm(stand, producer, way.department, 0)
        messages = [request(way.department, first + n) for n in range(commands)]
        before, start = cpu(pids, stand.settings.postgres), time.perf_counter()
        await heap(stand, producer, messages)
        seconds = time.perf_counter() - start
        spent = cpu(pids, stand.settings.postgres).since(before)
    return Measured(
        workers=len(way.workers),
        rate=commands / seconds,
        worker_ms=1000 * spent.workers / commands,
        database_ms=1000 * spent.database / commands,
    )


async def intake(commands: int) -> tuple[list[Measured], Event]:
    """Measure all numbers of workers, then what each entry of theirs cost on its way out."""
    found: list[Measured] = []
    async with standing("scale") as stand:
        empty, position = await _bytes(stand.dsn), await stand.service.ledger.position()
        firms = commands + REQUESTS.partitions
        await stand.service.submit(list(world(firms, [way.department for way in WAYS])))
        for way in WAYS:
            found.append(await measured(way, stand, commands))
            sys.stderr.write(f"{way.name} workers: {found[-1].rate:.0f}/s\n")
        entries = await stand.service.ledger.position() - position
        each = (await _bytes(stand.dsn) - empty) / entries
        event = await published(stand, each)
    return found, event


async def published(stand: Stand, each: float) -> Event:
    """Let a relay publish the whole ledger; return what an entry came to, start-up left out."""
    ledger, end = naming.ledger(stand.settings.domain), await stand.service.ledger.position()
    broker = stand.settings.kafka or ""
    async with running(stand, [["relay"]]) as pids:
        while not (begun := await last_position(broker, ledger)):  # noqa: ASYNC110 - others write there
            await asyncio.sleep(0.05)
        before, start = cpu(pids, stand.settings.postgres), time.perf_counter()
        while await last_position(broker, ledger) < end:  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.05)
        seconds = time.perf_counter() - start
        spent = cpu(pids, stand.settings.postgres).since(before)
    if begun == end:
        raise SystemExit("published at once: measure with more --commands")
    return Event(
        stored=each,
        published=(end - begun) / seconds,
        relay_ms=1000 * spent.workers / (end - begun),
        database_ms=1000 * spent.database / (end - begun),
    )


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


def side_by_side(planners: int) -> Planned:
    """Solve small counties' months, so many at a time, each to the same step; return what one cost."""
    with tempfile.TemporaryDirectory(prefix="wurao-scale-") as folder:
        for n in range(COUNTIES):
            make = [program(), "bench", "make", *SMALL, "--seed", str(n), "--out", f"{folder}/{n}"]
            subprocess.run(make, check=True, capture_output=True)
        before, start = os.times(), time.perf_counter()
        with ThreadPoolExecutor(planners) as pool:
            list(pool.map(_solved, [f"{folder}/{n}" for n in range(COUNTIES)]))
        seconds, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return Planned(planners, 60 * COUNTIES / seconds, spent / COUNTIES)


def _solved(problem: str) -> None:
    words = [program(), "solve", problem, "--stop", str(STOP), "--seed", SEED]
    subprocess.run([*words, "--out", f"{problem}-plan", "--json"], check=True, capture_output=True)


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print, and write where that was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--commands", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(words)
    load = os.getloadavg()[0]
    runs, event = asyncio.run(intake(asked.commands))
    gap, spent, memory = plan(asked.seconds)
    planned = tuple(side_by_side(planners) for planners in (1, 2, 4))
    where = f"{machine(load)}; Apache Kafka and Postgres (with fsync) on the same machine"
    costs = Costs(tuple(runs), event, gap, spent, memory, planned, asked.commands, where)
    text = page(costs)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
