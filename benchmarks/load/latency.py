"""How long a command takes from being sent to being durable while others keep coming at a steady pace.

Commands are due at fixed instants whatever becomes of those before them, and their time counts from when
they were due: a queue that builds up shows in every command that waits in it. A command counts as durable
when somebody else reads its entry from the ledger, at most ``_LOOK`` later than it is. A relay publishes
meanwhile, as it does in an installation. Sender and reader share the cores with all they measure.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaProducer

from benchmarks.load.figures import Cpu, cpu, quantile
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.proof import proven
from benchmarks.load.stand import Stand, standing
from benchmarks.load.ways import (
    REQUESTS,
    Way,
    heap,
    request,
    running,
    sending,
    topic,
    warm,
    world,
)

AIM: Final = 300.0
"""Milliseconds within which 99 of 100 commands should be durable at the rate of the options."""

_LOOK: Final = 0.01
_MANY: Final = 10_000
"""More entries than come between two looks."""

_AIMED: Final = "the aim's rate"
_RELAY: Final = ["relay"]
WAYS: Final = (
    Way("one", "paced-1", [["worker", "--member", "f1"], _RELAY]),
    Way("two", "paced-2", [*(["worker", "--member", f"f{n}"] for n in (1, 2)), _RELAY]),
)


@dataclass(frozen=True, slots=True)
class Pace:
    """What is sent at which pace: a name for it, the first request's number, how many a second and in all."""

    name: str
    first: int
    rate: float
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """A paced run: commands a second that were reached, milliseconds of each command, processor time."""

    way: Way
    pace: Pace
    reached: float
    times: Sequence[float]
    spent: Cpu


async def measured(options: Options) -> str:
    """Measure one and two Faust workers at the asked rate, and at no more than that or half of what each way can do."""
    before = os.getloadavg()[0]
    firms = REQUESTS.partitions + options.commands + 2 * round(options.rate * options.seconds)
    runs: list[Run] = []
    capacities: list[float] = []
    asked = {"policy", "calendar"} | {f"firm-{n}" for n in range(firms)}
    async with standing("load") as stand:
        await stand.service.submit(list(world(firms, [way.department for way in WAYS])))
        for way in WAYS:
            found, capacity, number = await _measured(stand, way, options)
            runs += found
            capacities.append(capacity)
            home = way.department
            asked |= {home, f"item-{home}"} | {f"{home}-{n}" for n in range(number)}
        proof = await proven(stand, asked)
    return _told(runs, capacities, options, proof, before)


async def _measured(stand: Stand, way: Way, options: Options) -> tuple[list[Run], float, int]:
    """Return the paced runs of a way, its capacity, and how many requests were made of it."""
    async with sending(stand) as producer, running(stand, way.workers) as pids:
        number = await warm(stand, producer, way.department, 0)
        capacity = await _capacity(stand, producer, way, number, options.commands)
        number += options.commands
        runs = []
        half = min(capacity / 2, options.rate)
        for name, rate in ((_AIMED, options.rate), ("at most half its capacity", half)):
            pace = Pace(name, number, rate, round(rate * options.seconds))
            runs.append(await _paced(stand, producer, way, pace, pids))
            number += pace.count
    return runs, capacity, number


async def _capacity(
    stand: Stand, producer: AIOKafkaProducer, way: Way, first: int, count: int
) -> float:
    messages = [request(way.department, number) for number in range(first, first + count)]
    start = time.perf_counter()
    await heap(stand, producer, messages)
    return count / (time.perf_counter() - start)


async def _paced(
    stand: Stand, producer: AIOKafkaProducer, way: Way, pace: Pace, pids: Sequence[int]
) -> Run:
    """Send at a steady pace while somebody reads what became durable."""
    messages = [request(way.department, pace.first + n) for n in range(pace.count)]
    position = await stand.service.ledger.position()
    used = cpu(pids, stand.settings.postgres)
    start = time.perf_counter() + 0.5
    reading = asyncio.create_task(_durable(stand, position, pace.count))
    due = [start + n / pace.rate for n in range(pace.count)]
    for at, (key, raw) in zip(due, messages, strict=True):
        if (early := at - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        await producer.send(topic(stand), raw.body, key)
    seen = await reading
    spent = cpu(pids, stand.settings.postgres).since(used)
    times = [1000 * (seen[f"{way.department}-{pace.first + n}"] - at) for n, at in enumerate(due)]
    sys.stderr.write(
        f"{way.name}, {pace.name}: {pace.rate:.0f}/s, p99 {quantile(times, 0.99):.0f} ms\n"
    )
    return Run(way, pace, pace.count / (max(seen.values()) - start), times, spent)


async def _durable(stand: Stand, after: int, count: int) -> dict[str, float]:
    """Return by command id when its entry was first read."""
    seen: dict[str, float] = {}
    while len(seen) < count:
        async for position, body in stand.service.ledger.entries(after, after + _MANY):
            seen[json.loads(body)["causationid"].partition("#")[2]] = time.perf_counter()
            after = position
        await asyncio.sleep(_LOOK)
    return seen


def _told(
    runs: Sequence[Run], capacities: Sequence[float], options: Options, proof: str, before: float
) -> str:
    head = [
        "Faust workers", "pace", "commands/s", "reached", "p50 ms", "p99 ms", "longest ms",
        "worker and relay CPU ms", "database CPU ms",
    ]  # fmt: skip
    rows = [
        [
            run.way.name,
            run.pace.name,
            f"{run.pace.rate:,.0f}",
            f"{run.reached:,.0f}",
            f"{quantile(run.times, 0.5):,.0f}",
            f"{quantile(run.times, 0.99):,.0f}",
            f"{max(run.times):,.0f}",
            f"{1000 * run.spent.workers / run.pace.count:.2f}",
            f"{1000 * run.spent.database / run.pace.count:.2f}",
        ]
        for run in runs
    ]
    shown = " and ".join(f"{capacity:,.0f}/s" for capacity in capacities)
    said = (
        f"{machine(before)}. Each run {options.seconds:g} s; a command's time counts from the instant at "
        f"which it was due. Capacity of one worker and of two, a heap of {options.commands:,} right "
        f"before: {shown}."
    )
    late = {run.way.name: quantile(run.times, 0.99) for run in runs if run.pace.name == _AIMED}
    verdicts = ", ".join(
        f"{ms:,.0f} ms with {name}, {'reached' if ms <= AIM else '**missed**'}"
        for name, ms in late.items()
    )
    aim = f"Aim: p99 within {AIM:.0f} ms at {options.rate:g}/s: {verdicts}."
    return "\n\n".join([said, table(head, rows), aim, proof])
