"""How long the server takes for a page: a month of 1,000 visits, and lists of 500 rows.

    .venv/bin/python -m benchmarks.pages [--times 40] [--data FOLDER] [--profile PATH] [--write]

A fictional month is planned in the embedded Postgres (``--data`` keeps it for the next run). Each page is asked
for in this process, without a socket, by somebody logged in, one after the other; the time is from the
request to the last byte, compression and all. ``--write`` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import gc
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import httpx
import structlog

from benchmarks.load.page import write
from portal.demo.live import strangers
from portal.demo.reference import calendar, policy_layers
from portal.http.app import create_app
from portal.messages import Sender
from portal.pages import logins
from portal.pages.reception import Reception
from portal.pages.visitor import cookie_name
from portal.plans.planning import Order, planned
from portal.running.service import Service
from portal.settings import Settings
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.states import MonthState
from schemas import commands as c
from schemas.base import CHINA
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole
from schemas.visits import Decision, Role, Window
from streams.clock import SimulatedClock
from tests.builders import a_department, a_request, a_uscc, an_enterprise, an_item, an_officer

MONTH = "2026-12"
BEGINS = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)
CLOSES = datetime(2026, 12, 10, 9, 0, tzinfo=CHINA)
PUBLISHES = datetime(2026, 12, 16, 9, 0, tzinfo=CHINA)
DEPARTMENTS, ENTERPRISES, ASKS = 12, 1_050, 1_600
NAMES = (
    "消防",
    "市监",
    "应急",
    "环保",
    "人社",
    "卫健",
    "交通",
    "水利",
    "住建",
    "农业",
    "文旅",
    "税务",
)
PAGE = Path("docs") / "benchmarks.md"
OFFICE = Actor(id="office", role=ActorRole.SCHEDULER)


@dataclass(frozen=True)
class Address:
    """A page that is measured: what it is, and where."""

    name: str
    path: str


ADDRESSES = (
    Address("home of the office", "/"),
    Address("requests, one page of 1,600", f"/requests?month={MONTH}"),
    Address("visits, 500 rows", f"/visits?month={MONTH}"),
    Address("board, 1,000 visits", f"/plans/{MONTH}"),
    Address("board, a department's cards open", f"/plans/{MONTH}?focus=d01"),
    Address("board, all cards open (for print)", f"/plans/{MONTH}?open=1"),
    Address("plan as a list, 500 rows", f"/plans/{MONTH}?view=list"),
    Address("without a day, with reasons", f"/plans/{MONTH}?view=unplaced"),
    Address("month", f"/plans/{MONTH}?view=month"),
    Address("dashboard", f"/dashboard?month={MONTH}"),
    Address("totals of the year", "/totals?year=2026"),
)


@dataclass(frozen=True)
class Result:
    """What was measured of a page: milliseconds, those of this process's CPU apart, and kilobytes."""

    address: Address
    times: tuple[float, ...]
    cpu: tuple[float, ...]
    size: float
    sent: float


def at(times: Sequence[float], share: float) -> float:
    """Return the time within which this share of all answers came."""
    return statistics.quantiles(times, n=100, method="inclusive")[round(share * 100) - 1]


async def furnished(service: Service) -> None:
    """Let a county ask, approve, plan and publish a month."""
    clock = service.clock
    if not isinstance(clock, SimulatedClock):
        raise TypeError(type(clock))
    office = Actor(id="office", role=ActorRole.ADMIN)
    places = [f"d{n:02d}" for n in range(DEPARTMENTS)]
    commands: list[tuple[Actor, Command]] = [(office, c.AdoptPolicy(layers=policy_layers()))]
    commands += [
        (office, c.AdoptCalendar(calendar=found))
        for year in (2025, 2026)
        if (found := calendar(year))
    ]
    for name, id_ in zip(NAMES, places, strict=True):
        department = a_department(id=id_, name=f"{name}局", daily_units=32)
        commands.append((office, c.RegisterDepartment(department=department)))
        commands.append((office, c.PublishItem(item=an_item(id=f"item-{id_}", department=id_))))
        commands += [
            (office, c.RegisterOfficer(officer=an_officer(n, id=f"{id_}-{n}", department=id_)))
            for n in (1, 2)
        ]
    commands += [
        (office, c.RegisterEnterprise(enterprise=an_enterprise(n, township=f"第{n % 9 + 1}镇")))
        for n in range(1, ENTERPRISES + 1)
    ]
    asked: list[tuple[Actor, Command]] = []
    for n in range(ASKS):
        place = places[(n + n // ENTERPRISES) % DEPARTMENTS]
        request = a_request(
            department=place,
            enterprise=a_uscc(n % ENTERPRISES + 1),
            items=(f"item-{place}",),
            window=Window(first=date(2026, 12, 25), last=date(2026, 12, 31)),
        )
        asked.append(
            (Actor(id="clerk", role=ActorRole.CLERK, of=place), c.SubmitRequest(request=request))
        )
    await told(service, commands, "furnish")
    await told(service, asked, "ask")
    rows = await service.queries.rows("request")
    approvals = [
        (
            Actor(id=f"head-{row['department']}", role=ActorRole.HEAD, of=row["department"]),
            c.DecideRequest(request=row["id"], role=Role.HEAD, decision=Decision.APPROVED),
        )
        for row in rows
    ]
    await told(service, approvals, "approve")
    clock.set(CLOSES)
    await told(service, [(OFFICE, c.CloseMonth(month=MONTH))], "close")
    body = await planned(
        service.queries, Order(month=MONTH, earliest=CLOSES.date(), limits=Limits(steps=20))
    )
    await told(service, [(OFFICE, c.DraftPlan(month=MONTH, version=1, body=body))], "draft")
    clock.set(PUBLISHES)
    await told(service, [(OFFICE, c.PublishPlan(month=MONTH, version=1))], "publish")


async def told(service: Service, commands: Sequence[tuple[Actor, Command]], name: str) -> None:
    """Hand commands in, all of which must be accepted."""
    now = service.clock.now()
    raws = [
        Sender("bench", actor).message(each, id_=f"{name}-{n}", at=now)
        for n, (actor, each) in enumerate(commands)
    ]
    effects = await service.submit(raws)
    refused = [effect for effect in effects if effect.status != "accepted"]
    if refused:
        raise SystemExit(f"{name}: {len(refused)} refused, {refused[0]}")


async def measured(client: httpx.AsyncClient, address: Address, times: int) -> Result:
    """Ask for a page so often, after two that warm up."""
    taken: list[float] = []
    cpu: list[float] = []
    raw = b""
    for n in range(times + 2):
        before, used = time.perf_counter(), time.process_time()
        async with client.stream("GET", address.path) as answer:
            raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        if n >= 2:  # noqa: PLR2004 - the first two
            taken.append(1000 * (time.perf_counter() - before))
            cpu.append(1000 * (time.process_time() - used))
        if answer.status_code != 200:  # noqa: PLR2004 - HTTP
            raise SystemExit(f"{address.path}: {answer.status_code}")
    whole = await client.get(address.path)
    return Result(address, tuple(taken), tuple(cpu), len(whole.content) / 1000, len(raw) / 1000)


async def run(data: Path, times: int, profile: str | None) -> list[Result]:
    """Measure all pages."""
    clock = SimulatedClock(BEGINS)
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service.open(Settings(data=data), clock=clock))
        state = await service.queries.get(MonthState, keys.month(MONTH))
        if state is None:
            await furnished(service)
        clock.set(PUBLISHES)
        reception = Reception.of(service)
        app = create_app(service, strangers(), reception)
        token = await logins.begin(reception, OFFICE)
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://bench.test",
            cookies={cookie_name(reception): token},
            headers={"accept-encoding": "gzip"},
        )
        await stack.enter_async_context(client)
        gc.collect()
        gc.freeze()  # as the server does
        if profile is not None:
            await client.get(profile)
            profiler = cProfile.Profile()
            profiler.enable()
            await client.get(profile)
            profiler.disable()
            profiler.print_stats("cumulative")
            return []
        return [await measured(client, address, times) for address in ADDRESSES]


def table(results: Sequence[Result], times: int) -> str:
    """Return the section's table."""
    machine = (
        f"{times} times each. {time.strftime('%Y-%m-%d')}, CPython {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB; embedded Postgres on the same machine."
    )
    lines = [
        "| page | p50 ms | p95 ms | CPU p50 | CPU p95 | kB | kB sent |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {r.address.name} | {at(r.times, 0.5):.0f} | {at(r.times, 0.95):.0f} | {at(r.cpu, 0.5):.0f} | {at(r.cpu, 0.95):.0f} | {r.size:.0f} | {r.sent:.0f} |"
        for r in results
    ]
    return "\n".join([machine, "", *lines])


def main() -> None:
    """Run, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--profile", metavar="PATH")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(run(given.data or Path(folder), given.times, given.profile))
    if not results:
        return
    text = table(results, given.times)
    print(text)
    if given.write:
        write(PAGE, "pages", text)


if __name__ == "__main__":
    main()
