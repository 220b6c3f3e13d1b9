"""How long a command takes from being sent to being durable while others keep coming at a steady pace.

Commands are due at fixed instants whatever becomes of those before them, and their time counts from when
they were due: a queue that builds up shows in every command that waits in it. A command counts as durable
when somebody else reads its entry from the ledger, at most ``_LOOK`` later than it is.
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

from benchmarks.load.figures import quantile
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.proof import proven
from benchmarks.load.stand import Stand, standing
from benchmarks.load.ways import REQUESTS, heap, request, running, sending, topic, warm, world

AIM: Final = 300.0
"""Milliseconds within which 99 of 100 commands should be durable at the rate of the options."""

_LOOK: Final = 0.005
_HOME: Final = "paced"
_WORKER: Final = (["worker", "--member", "f1"],)


@dataclass(frozen=True, slots=True)
class Pace:
    """What is sent at which pace: a name for it, the first request's number, how many a second and in all."""

    name: str
    first: int
    rate: float
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """A paced run: what was wanted, commands a second that were reached, milliseconds of each command."""

    pace: Pace
    reached: float
    times: Sequence[float]


async def measured(options: Options) -> str:
    """Measure one Faust worker at the asked rate, and at half of what it can do."""
    before = os.getloadavg()[0]
    paced = round(options.rate * options.seconds)
    async with standing("load") as stand:
        firms = REQUESTS.partitions + options.commands + 2 * paced
        await stand.service.submit(list(world(firms, [_HOME])))
        async with sending(stand) as producer, running(stand, _WORKER):
            number = await warm(stand, producer, _HOME, 0)
            capacity = await _capacity(stand, producer, number, options.commands)
            number += options.commands
            runs = [
                await _paced(stand, producer, Pace("the aim's rate", number, options.rate, paced))
            ]
            number += paced
            half = min(capacity / 2, options.rate)
            count = round(half * options.seconds)
            pace = Pace("half its capacity", number, half, count)
            runs.append(await _paced(stand, producer, pace))
            number += count
        asked = {"policy", "calendar", _HOME, f"item-{_HOME}"}
        asked |= {f"firm-{n}" for n in range(firms)} | {f"{_HOME}-{n}" for n in range(number)}
        proof = await proven(stand, asked)
    return _told(runs, capacity, options, proof, before)


async def _capacity(stand: Stand, producer: AIOKafkaProducer, first: int, count: int) -> float:
    messages = [request(_HOME, number) for number in range(first, first + count)]
    start = time.perf_counter()
    await heap(stand, producer, messages)
    return count / (time.perf_counter() - start)


async def _paced(stand: Stand, producer: AIOKafkaProducer, pace: Pace) -> Run:
    """Send at a steady pace while somebody reads what became durable."""
    messages = [request(_HOME, pace.first + n) for n in range(pace.count)]
    position = await stand.service.ledger.position()
    start = time.perf_counter() + 0.5
    reading = asyncio.create_task(_durable(stand, position, pace.count))
    due = [start + n / pace.rate for n in range(pace.count)]
    for at, (key, raw) in zip(due, messages, strict=True):
        if (early := at - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        await producer.send(topic(stand), raw.body, key)
    seen = await reading
    times = [1000 * (seen[f"{_HOME}-{pace.first + n}"] - at) for n, at in enumerate(due)]
    sys.stderr.write(f"{pace.name}: {pace.rate:.0f}/s, p99 {quantile(times, 0.99):.0f} ms\n")
    return Run(pace, pace.count / (max(seen.values()) - start), times)


async def _durable(stand: Stand, after: int, count: int) -> dict[str, float]:
    """Return by command id when its entry was first read."""
    seen: dict[str, float] = {}
    while len(seen) < count:
        async for position, body in stand.service.ledger.entries(after):
            seen[json.loads(body)["causationid"].partition("#")[2]] = time.perf_counter()
            after = position
        await asyncio.sleep(_LOOK)
    return seen


def _told(runs: Sequence[Run], capacity: float, options: Options, proof: str, before: float) -> str:
    head = ["one Faust worker", "commands/s", "reached", "p50 ms", "p99 ms", "longest ms"]
    rows = [
        [
            run.pace.name,
            f"{run.pace.rate:,.0f}",
            f"{run.reached:,.0f}",
            f"{quantile(run.times, 0.5):,.0f}",
            f"{quantile(run.times, 0.99):,.0f}",
            f"{max(run.times):,.0f}",
        ]
        for run in runs
    ]
    late = quantile(runs[0].times, 0.99)
    verdict = "reached" if late <= AIM else "**missed**"
    said = (
        f"{machine(before)}. Each run {options.seconds:g} s; a command's time counts from the instant at "
        f"which it was due. Capacity, a heap of {options.commands:,} right before: {capacity:,.0f}/s."
    )
    aim = f"Aim: p99 within {AIM:.0f} ms at {options.rate:g}/s: {late:,.0f} ms, {verdict}."
    return "\n\n".join([said, table(head, rows), aim, proof])
