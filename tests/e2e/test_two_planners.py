"""Two planner processes share a domain's planning jobs: each is solved, and none twice."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from portal.messages import Sender, fresh_id
from portal.planner import Wanted
from portal.service import Service
from portal.settings import Settings
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.states import DraftState, MonthState
from schemas import commands as c
from schemas.base import CHINA
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from streams.ports import CommandKey
from streams.postgres.jobs import PostgresJobs
from tests.builders import a_request, a_uscc
from tests.portal.http.clients import furnish

SCRIPT = Path(__file__).with_name("planner_process.py")
pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

MONTHS = {"2026-09": 30, "2026-10": 31, "2026-11": 30, "2026-12": 31}
NOON = datetime(2026, 12, 11, 12, 0, tzinfo=CHINA)
ASKED = datetime(2026, 8, 20, 9, 0, tzinfo=CHINA)


async def stated(dsn: str, data: Path) -> list[str]:
    """Let four months be asked for and closed, post a job for each, and return their ids."""
    office = Sender.of("office", ActorRole.SCHEDULER)
    clerk = Sender.of("clerk-fire", ActorRole.CLERK, "fire")
    settings = Settings(dsn=SecretStr(dsn), data=data)
    async with Service.open(settings, clock=SimulatedClock(NOON)) as service:
        if service.database is None:
            raise TypeError(settings)
        await furnish(service)
        raws, ids = [], []
        for month, last in MONTHS.items():
            year, number = map(int, month.split("-"))
            window = {"first": date(year, number, 1), "last": date(year, number, last)}
            for company in (1, 2, 3):
                asked = a_request(enterprise=a_uscc(company), window=window, preferred_month=month)
                submit = c.SubmitRequest(request=asked)
                raws.append(clerk.message(submit, id_=f"{month}-{company}", at=ASKED))
            closing = datetime(year, number, last - 1, 18, 0, tzinfo=CHINA)
            when = min(closing, NOON)
            raws.append(office.message(c.CloseMonth(month=month), id_=fresh_id(), at=when))
        effects = await service.submit(raws)
        assert {e.status for e in effects[3::4]} == {"accepted"}, effects
        jobs = PostgresJobs(service.database)
        for month in MONTHS:
            wanted = Wanted(
                key=CommandKey("planning", f"plan-{month}"),
                at=NOON,
                month=month,
                version=1,
                earliest=date.fromisoformat(f"{month}-01"),
                limits=Limits(steps=2),
            )
            await jobs.post(wanted.job)
            ids.append(wanted.job.id)
        return ids


async def test_each_month_is_planned_by_one_of_two_processes(
    database_dsn: str, tmp_path: Path
) -> None:
    ids = await stated(database_dsn, tmp_path)
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
    settings = Settings(dsn=SecretStr(database_dsn), data=tmp_path)
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
