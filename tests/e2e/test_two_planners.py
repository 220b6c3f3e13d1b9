"""Two planner processes share a domain's planning jobs: each is solved, and none twice."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from portal.running.service import Service
from portal.settings import Settings
from scheduler import keys
from scheduler.states import DraftState, MonthState
from streams.clock import SimulatedClock
from streams.postgres.jobs import PostgresJobs
from tests.e2e.months import MONTHS, NOON, stated

SCRIPT = Path(__file__).with_name("planner_process.py")
pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]


async def test_each_month_is_planned_by_one_of_two_processes(
    database_dsn: str, tmp_path: Path
) -> None:
    settings = Settings(dsn=SecretStr(database_dsn), data=tmp_path)
    ids = await stated(settings, "planning")
    planners = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, str(SCRIPT), database_dsn, who, str(tmp_path)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for who in ("left", "right")
    ]
    for planner in planners:
        assert planner.stdout is not None
        assert (await planner.stdout.readline()).strip() == b"ready"
    told = await asyncio.gather(*(planner.communicate(b"go\n") for planner in planners))
    handed = [json.loads(out.decode().splitlines()[-1]) for out, _ in told]
    assert sorted(handed[0] + handed[1]) == [f"plan-{month}" for month in sorted(MONTHS)]
    async with Service.open(settings, clock=SimulatedClock(NOON)) as service:
        if service.database is None:
            raise TypeError(settings)
        jobs = PostgresJobs(service.database)
        assert [await jobs.outcome(id_) for id_ in ids] == ["accepted"] * len(ids)
        for month in MONTHS:
            state = await service.queries.get(MonthState, keys.month(month))
            draft = await service.queries.get(DraftState, keys.draft(month, 1))
            assert state is not None
            assert draft is not None
            assert (state.drafted, draft.body.worth.solver != "") == (1, True)
