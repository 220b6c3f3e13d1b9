"""A planner as a process of its own: claims planning jobs and solves them until there are none.

    python tests/e2e/planner_process.py DSN WHO KEYS

Prints ``ready``, waits for a line, works, and prints the ids of the commands that it handed in.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pydantic import SecretStr

from portal.plans.planner import Planner
from portal.running.service import Service
from portal.settings import Settings
from schemas.base import CHINA
from streams.clock import SimulatedClock, SystemClock
from streams.intake import Raw
from streams.ports import Effect
from streams.postgres.jobs import PostgresJobs

NOON = datetime(2026, 12, 11, 12, 0, tzinfo=CHINA)


async def plan(dsn: str, who: str, keys: Path) -> list[str]:
    """Solve what is posted; return the keys of the drafts that came of it."""
    settings = Settings(dsn=SecretStr(dsn), data=keys)
    async with Service.open(settings, clock=SimulatedClock(NOON)) as service:
        if service.database is None:
            raise TypeError(settings)
        handed: list[str] = []

        async def submit(messages: Sequence[Raw], _: datetime | None) -> Sequence[Effect]:
            handed.extend(json.loads(raw.body)["id"] for raw in messages)
            return await service.submit(messages)

        jobs = PostgresJobs(service.database)
        planner = Planner(service.queries, jobs, submit, SystemClock(), who)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        while await planner.step():
            pass
        return handed


def main() -> None:
    """Run one planner as the command line says."""
    dsn, who, keys = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(plan(dsn, who, Path(keys)))) + "\n")


if __name__ == "__main__":
    main()
