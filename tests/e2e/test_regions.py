"""Two planner processes share the jobs of several regions over Kafka, and one of them is killed."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from portal.running.service import Service
from schemas.searches import SearchSeen
from streams.clock import SimulatedClock
from streams.kafka import topics
from streams.kafka.searches import reports
from streams.postgres.jobs import PostgresJobs
from tests.e2e.installations import settings_of
from tests.e2e.months import NOON, stated
from tests.processes import Installation

SOURCE = "portal"
MONTHS = {"2026-11": 30, "2026-12": 31}
pytestmark = [pytest.mark.lane("kafka"), pytest.mark.timeout(400)]


@dataclass
class Region:
    """A planning domain of its own: its ledger, its jobs, its topics."""

    installation: Installation
    service: Service
    ids: list[str]

    @property
    def jobs(self) -> PostgresJobs:
        assert self.service.database is not None
        return PostgresJobs(self.service.database)

    async def rows(self) -> list[tuple[str, str | None, int, str | None]]:
        """Return id, holder, tries and outcome of each job."""
        assert self.service.database is not None
        async with self.service.database.connection() as connection:
            found = await connection.fetch("SELECT id, claimed_by, tries, outcome FROM job")
        return [tuple(row) for row in found]

    async def done(self) -> bool:
        """Tell whether every job has its outcome."""
        return None not in [await self.jobs.outcome(id_) for id_ in self.ids]

    async def drafted(self) -> Counter[str]:
        """Count the drafts in the ledger by month."""
        bodies = [json.loads(body) async for _, body in self.service.ledger.entries()]
        drafts = [b for b in bodies if b["type"] == "cn.wurao.plan.drafted.v1"]
        return Counter(draft["data"]["month"] for draft in drafts)

    async def told(self) -> dict[str, list[SearchSeen]]:
        """Return what was told of each search."""
        found: dict[str, list[SearchSeen]] = {id_: [] for id_ in self.ids}
        place = self.installation
        async for seen in reports(place.broker, place.domain, until=self.done):
            found[seen.job].append(seen)
        return found


@asynccontextmanager
async def region(installation: Installation, name: str) -> AsyncIterator[Region]:
    """Yield a region with a worker and two months to be planned."""
    own = replace(installation, domain=f"{installation.domain}_{name}")
    settings = settings_of(own)
    await topics.ensure(own.broker, topics.table(own.domain, [SOURCE]))
    ids = await stated(settings, SOURCE, MONTHS)
    async with Service.open(settings, clock=SimulatedClock(NOON)) as service:
        own.start("worker", "--bare", "--simulated")
        yield Region(own, service, ids)


async def claims(regions: list[Region], pid: int) -> list[str]:
    """Return the jobs that a process holds and has not finished."""
    name = f"/{pid}"
    return [
        id_
        for each in regions
        for id_, holder, _, outcome in await each.rows()
        if outcome is None and holder is not None and holder.endswith(name)
    ]


async def test_every_job_of_every_region_is_done_once_though_a_planner_is_killed(
    installation: Installation,
) -> None:
    async with AsyncExitStack() as opened:
        regions = [await opened.enter_async_context(region(installation, n)) for n in "ab"]
        names = [word for each in regions for word in ("--region", each.installation.domain)]
        planner = ("planner", "--simulated", "--claim", "2", *names)
        left, right = installation.start(*planner), installation.start(*planner)
        while not await claims(regions, left.pid):  # noqa: ASYNC110 - another process claims
            await asyncio.sleep(0.01)
        installation.kill(left)
        held = await claims(regions, left.pid)
        while not all([await each.done() for each in regions]):  # noqa: ASYNC110 - others work
            await asyncio.sleep(0.1)
        for each in regions:
            rows = await each.rows()
            assert [outcome for *_, outcome in rows] == ["accepted"] * len(MONTHS)
            assert await each.drafted() == dict.fromkeys(MONTHS, 1)
            tries = {id_: count for id_, _, count, _ in rows}
            assert {id_ for id_, count in tries.items() if count > 1} <= set(held)
            for seen in (await each.told()).values():
                last = seen[-1]
                assert (last.state, last.outcome) == ("done", "accepted")
                assert last.objective is not None
                assert last.bound is not None
                assert last.bound <= last.objective
                assert last.gap is not None
        assert held, "the planner was killed with a job in its hands"
        assert installation.end(right) == 0
