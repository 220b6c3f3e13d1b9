"""Months of a small installation: asked for, closed, and each with a job to plan it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from portal.messages import Sender, fresh_id
from portal.plans.planner import Wanted
from portal.running.service import Service
from portal.settings import Settings
from scheduler.planner.limits import Limits
from schemas import commands as c
from schemas.base import CHINA
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from streams.ports import CommandKey
from streams.postgres.jobs import PostgresJobs
from tests.builders import a_request, a_uscc
from tests.portal.http.clients import furnish

MONTHS = {"2026-09": 30, "2026-10": 31, "2026-11": 30, "2026-12": 31}
NOON = datetime(2026, 12, 11, 12, 0, tzinfo=CHINA)
ASKED = datetime(2026, 8, 20, 9, 0, tzinfo=CHINA)


async def stated(settings: Settings, source: str, months: Mapping[str, int] = MONTHS) -> list[str]:
    """Let months be asked for and closed, post a job for each, and return their ids."""
    async with Service.open(settings, clock=SimulatedClock(NOON)) as service:
        if service.database is None:
            raise TypeError(settings)
        await closed(service, months)
        jobs = PostgresJobs(service.database)
        wishes = [wanted(month, source) for month in months]
        for wish in wishes:
            await jobs.post(wish.job)
        return [wish.job.id for wish in wishes]


async def closed(service: Service, months: Mapping[str, int]) -> None:
    """Let three requests a month be made, and the months be closed."""
    office = Sender.of("office", ActorRole.SCHEDULER)
    clerk = Sender.of("clerk-fire", ActorRole.CLERK, "fire")
    await furnish(service)
    raws = []
    for month, last in months.items():
        year, number = map(int, month.split("-"))
        window = {"first": date(year, number, 1), "last": date(year, number, last)}
        for company in (1, 2, 3):
            asked = a_request(enterprise=a_uscc(company), window=window, preferred_month=month)
            submit = c.SubmitRequest(request=asked)
            raws.append(clerk.message(submit, id_=f"{month}-{company}", at=ASKED))
        closing = datetime(year, number, last - 1, 18, 0, tzinfo=CHINA)
        raws.append(
            office.message(c.CloseMonth(month=month), id_=fresh_id(), at=min(closing, NOON))
        )
    effects = await service.submit(raws)
    assert {e.status for e in effects[3::4]} == {"accepted"}, effects


def wanted(month: str, source: str) -> Wanted:
    """Ask for the first draft of a month."""
    return Wanted(
        key=CommandKey(source, f"plan-{month}"),
        at=NOON,
        now=NOON,
        month=month,
        version=1,
        earliest=date.fromisoformat(f"{month}-01"),
        limits=Limits(steps=2),
    )
