"""What a command costs one process, without a broker: processor time of the handler and of its database.

Rates say as much of a machine and its other work as of a program; processor time says more of the program.
The median of the batches is told, because other work on a core slows some of them down. The handler is not the
one that registered what the requests name, as a worker is not; garbage is collected as seldom as in the program.
"""

from __future__ import annotations

import os
import time
from statistics import median
from typing import Final

from benchmarks.load.figures import cpu
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.stand import Stand, standing
from benchmarks.load.ways import request, world
from portal.running.service import Service
from streams.collecting import few_collections

BATCHES: Final = (200, 25, 1)
"""Commands handed in at once: a worker with much to do, one with little, and the plain way."""

_WARM: Final = 200
_FEWER: Final = 5
"""Single commands are slow enough to be measured by one in so many."""


async def measured(options: Options) -> str:
    """Measure each size of batch on the same database; return the page's part."""
    before = os.getloadavg()[0]
    homes = [f"batch-{size}" for size in BATCHES]
    async with standing("load", kafka=False) as stand:
        await stand.service.submit(list(world(options.commands + _WARM, homes)))
        with few_collections():
            rows = [await _row(stand, options, size) for size in BATCHES]
    head = ["commands at once", "handler CPU ms", "median of its batches", "database CPU ms"]
    said = (
        f"{machine(before)}. {options.commands:,} requests ({options.commands // _FEWER:,} one by one) after "
        f"{_WARM} to warm up, every rule judged; milliseconds of processor time for each."
    )
    return "\n\n".join([said, table(head, rows)])


async def _row(stand: Stand, options: Options, size: int) -> list[str]:
    """Measure one size of batch; return its line of the table."""
    count = options.commands if size > 1 else options.commands // _FEWER
    messages = [request(f"batch-{size}", n)[1] for n in range(_WARM + count)]
    async with Service.open(stand.settings) as service:
        await service.submit(messages[:_WARM])
        each, used = [], cpu([], stand.settings.postgres)
        started = time.process_time()
        for start in range(_WARM, len(messages), size):
            batch, begun = messages[start : start + size], time.process_time()
            await service.submit(batch)
            each.append((time.process_time() - begun) / len(batch))
        spent = time.process_time() - started
        database = cpu([], stand.settings.postgres).since(used).database
    figures = (spent / count, median(each), database / count)
    return [f"{size}", *(f"{1000 * figure:.2f}" for figure in figures)]
