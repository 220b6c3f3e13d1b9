"""Memory over a long run at a steady pace: a worker and a relay that leak would grow."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from typing import Final

from aiokafka import AIOKafkaProducer

from benchmarks.load.figures import resident, slope, thinned
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.proof import proven
from benchmarks.load.stand import Stand, standing
from benchmarks.load.ways import REQUESTS, request, running, sending, topic, warm, world

FLAT: Final = 5.0
"""MiB an hour up to which memory counts as flat."""

_LOOK: Final = 1.0
_SHOWN: Final = 8
_FIRMS: Final = 2_000
_PROCESSES: Final = (["worker", "--member", "f1"], ["relay"])


async def measured(options: Options) -> str:
    """Send at a steady pace for so many minutes; return the page's part."""
    before, seconds = os.getloadavg()[0], 60 * options.minutes
    count = round(options.pace * seconds)
    homes = [f"steady-{n}" for n in range(1 + (count + REQUESTS.partitions) // _FIRMS)]
    async with standing("load") as stand:
        await stand.service.submit(list(world(_FIRMS, homes)))
        async with sending(stand) as producer, running(stand, _PROCESSES) as pids:
            first = await warm(stand, producer, homes[0], 0)
            wanted, begin = _wanted(homes, first), await stand.service.ledger.position()
            start = time.perf_counter()
            watching = asyncio.create_task(_watched(pids, start, seconds))
            asked = await _send(stand, producer, wanted, options.pace, count)
            reached = (await stand.service.ledger.position() - begin) / count
            points = await watching
            while await stand.service.ledger.position() < begin + count:  # noqa: ASYNC110 - others write there
                await asyncio.sleep(_LOOK)
        asked |= {"policy", "calendar", *homes, *(f"item-{home}" for home in homes)}
        asked |= {f"firm-{n}" for n in range(_FIRMS)} | {f"{homes[0]}-{n}" for n in range(first)}
        proof = await proven(stand, asked)
    return _told(points, options, reached, before, proof)


def _wanted(homes: Sequence[str], first: int) -> Iterator[tuple[str, int]]:
    """Yield departments and enterprises, no two of them twice."""
    for n, home in enumerate(homes):
        yield from ((home, number) for number in range(first if n == 0 else 0, _FIRMS))


async def _send(
    stand: Stand,
    producer: AIOKafkaProducer,
    wanted: Iterator[tuple[str, int]],
    pace: float,
    count: int,
) -> set[str]:
    """Send so many requests at a steady pace, each made when it is due; return their ids."""
    asked, start = set(), time.perf_counter()
    for n, (home, number) in zip(range(count), wanted, strict=False):
        if (early := start + n / pace - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        key, raw = request(home, number)
        await producer.send(topic(stand), raw.body, key)
        asked.add(f"{home}-{number}")
    await producer.flush()
    return asked


async def _watched(
    pids: Sequence[int], start: float, seconds: float
) -> list[list[tuple[float, float]]]:
    """Return for each process its memory in MiB over the seconds."""
    points: list[list[tuple[float, float]]] = [[] for _ in pids]
    while (now := time.perf_counter() - start) < seconds:
        for mine, pid in zip(points, pids, strict=True):
            mine.append((now, resident(pid)))
        await asyncio.sleep(_LOOK)
    return points


def _told(
    points: Sequence[Sequence[tuple[float, float]]],
    options: Options,
    reached: float,
    before: float,
    proof: str,
) -> str:
    shown = [thinned(mine, _SHOWN) for mine in points]
    late = 60 * options.minutes / 5
    rows, worst = [], 0.0
    for (name, *_), mine, all_ in zip(_PROCESSES, shown, points, strict=True):
        grows = 3600 * slope([point for point in all_ if point[0] >= late])
        worst = max(worst, grows)
        rows.append([name, *(f"{mib:.1f}" for _, mib in mine), f"{grows:+.1f}"])
    head = ["MiB after minutes", *(f"{at / 60:.1f}" for at, _ in shown[0]), "MiB an hour"]
    said = (
        f"{machine(before)}. {options.pace:g} requests a second for {options.minutes:g} minutes, "
        f"{100 * reached:.0f} % of them durable when the last was sent. The slope is that of the last four fifths."
    )
    verdict = "flat" if worst <= FLAT else "**not flat**"
    aim = f"Aim: flat, at most {FLAT:g} MiB an hour: {worst:+.1f}, {verdict}."
    return "\n\n".join([said, table(head, rows), aim, proof])
