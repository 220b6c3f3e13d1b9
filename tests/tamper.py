"""``make tamper``: alter sealed ledgers a thousand times, and find every alteration; no false alarm.

A share of the trials reads the table from a real Postgres; ``--seed`` begins elsewhere.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from streams.embedded import EmbeddedServer
from streams.postgres import Database, migrate
from tests.streams.sealing.trials import Tally, trial


async def run(runs: int, postgres: int, seed: int) -> Tally:
    """Run trials; the first ones on a real table."""
    tally = Tally()
    async with AsyncExitStack() as stack:
        database = await _database(stack) if postgres else None
        for n in range(runs):
            await trial(seed + n, tally, database if n < postgres else None)
    return tally


async def _database(stack: AsyncExitStack) -> Database:
    folder = stack.enter_context(TemporaryDirectory())
    # Nothing here must outlive the machine, so nothing has to reach the disk.
    server = EmbeddedServer(
        Path(folder) / "postgres", {"fsync": "off", "synchronous_commit": "off"}
    )
    dsn = await asyncio.to_thread(server.start)
    stack.callback(server.stop)
    database = await Database.open(dsn)
    stack.push_async_callback(database.close)
    await migrate(database)
    return database


def main() -> int:
    """Run, print what came of it, and return whether all was well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--postgres", type=int, default=200, help="how many read a real table")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    level = logging.ERROR  # witnesses that are away are part of the trial
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    tally = asyncio.run(run(given.runs, given.postgres, given.seed))
    sys.stdout.write(f"{tally.told()}\n")
    return int(bool(tally.missed))


if __name__ == "__main__":
    sys.exit(main())
