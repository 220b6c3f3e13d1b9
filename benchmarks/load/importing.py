"""A large sheet of requests through `wurao import requests`: how quick, and how much memory over time."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.load.figures import cpu, resident, slope, thinned
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.stand import standing
from benchmarks.load.ways import world
from portal.proof.auditing import replay
from portal.running.supervisor import program
from tests.builders import a_uscc

ENTERPRISES: Final = 2_000
"""A row for each of them and each department: no two rows are about the same two."""

_LOOK: Final = 0.5
_SHOWN: Final = 10
_AUDITED: Final = 200_000
"""Entries up to which the ledger is replayed afterwards."""


async def measured(options: Options) -> str:
    """Import so many requests with one command; return the page's part.

    Raises:
        SystemExit: If a row was not taken, or the replay differs.
    """
    before = os.getloadavg()[0]
    homes = [f"d{n}" for n in range(-(-options.requests // ENTERPRISES))]
    async with standing("load", kafka=False) as stand:
        await stand.service.submit(list(world(min(ENTERPRISES, options.requests), homes)))
        sheet = stand.settings.data / "requests.csv"
        _write(sheet, homes, options.requests)
        size = sheet.stat().st_size
        before_it = cpu([], stand.settings.postgres)
        start = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(program(), "import", "requests", str(sheet), "--json"),
            env=dict(stand.environment),
            stdout=PIPE,
        )
        out = asyncio.create_task(process.communicate())
        points = []
        used = cpu([process.pid], stand.settings.postgres)
        while process.returncode is None:
            points.append((time.perf_counter() - start, resident(process.pid)))
            now = cpu([process.pid], stand.settings.postgres)
            used = max(used, now, key=lambda each: each.workers)
            await asyncio.sleep(_LOOK)
        seconds = time.perf_counter() - start
        spent = used.since(before_it)
        report = json.loads((await out)[0])
        if report["taken"] != options.requests:
            raise SystemExit(
                f"taken {report['taken']} of {options.requests}: {report['faults'][:2]}"
            )
        proof = "The ledger was not replayed."
        if options.requests <= _AUDITED:
            audited = await replay(stand.service)
            if not audited.clean:
                raise SystemExit(f"{audited.findings[:3]} {audited.damage}")
            proof = f"Replayed afterwards: {audited.entries:,} entries, 0 differences."
    sys.stderr.write(f"{options.requests} rows in {seconds:.0f} s\n")
    alive = [point for point in points if point[1]]
    late = [point for point in alive if point[0] >= seconds / 4]
    per = slope([(at / seconds * options.requests / 100_000, mib) for at, mib in late])
    said = (
        f"{machine(before)}. {options.requests:,} rows (a CSV file of {size / 1e6:.1f} MB) in {seconds:,.0f} s: "
        f"{options.requests / seconds:,.0f} a second. Processor time of a row: {_each(spent.workers, options)} ms of "
        f"the command, its start included, and {_each(spent.database, options)} ms of the database; by that alone "
        f"{options.requests / (spent.workers + spent.database):,.0f} rows a second. Most memory of the command: "
        f"{max(mib for _, mib in alive):,.0f} MiB; growth after the first quarter: {per:+.1f} MiB for each "
        f"100,000 rows. {proof}"
    )
    shown = thinned(alive, _SHOWN)
    head = ["seconds", *(f"{at:.0f}" for at, _ in shown)]
    return f"{said}\n\n{table(head, [['MiB', *(f'{mib:.0f}' for _, mib in shown)]])}"


def _each(seconds: float, options: Options) -> str:
    return f"{1000 * seconds / options.requests:.2f}"


def _write(path: Path, homes: Sequence[str], rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["department", "enterprise", "items", "month", "reference"])
        for n in range(rows):
            home = homes[n // ENTERPRISES]
            sheet.writerow([home, a_uscc(n % ENTERPRISES), f"item-{home}", "2026-12", f"r{n}"])
