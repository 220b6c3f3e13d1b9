"""The processes of an installation on Kafka: workers, relay, watch, planner. Each is put together here."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.plans.planner import CLAIM, Planner, work
from portal.running.health import Health, listening
from portal.running.orphans import ending_with
from portal.running.over_kafka import over_kafka
from portal.running.servers import opened
from portal.running.service import Service
from portal.running.stack import broker_address
from portal.running.traces import traced
from portal.settings import Settings
from schemas.base import CHINA
from streams.bindings import bound
from streams.clock import SimulatedClock, SystemClock
from streams.faust_app.application import Place
from streams.faust_app.intake import Work, intake_app
from streams.faust_app.watch import watch_app
from streams.faust_app.worker import run
from streams.intake import Raw
from streams.kafka import naming, topics
from streams.kafka.doubts import Doubts
from streams.kafka.intake import Intake, Source, group
from streams.kafka.lag import lag
from streams.kafka.publisher import publishing
from streams.kafka.records import advance
from streams.kafka.searches import SearchReports
from streams.ports import Effect
from streams.postgres import Database
from streams.postgres.jobs import PostgresJobs
from streams.postgres.leader import leading
from streams.relay import Publisher, Relay

_BEGINNING = datetime(1970, 1, 1, tzinfo=CHINA)


class NoTopicsError(RuntimeError):
    """There is nothing to read from; the text says what makes topics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker runs.

    ``bare`` leaves the framework out; ``simulated`` follows the clock of a demonstration; ``member``
    is a fixed name, with which a restarted worker gets its partitions back at once; ``health`` is the
    port of this machine at which it tells how it is.
    """

    bare: bool = False
    simulated: bool = False
    member: str | None = None
    health: int | None = None


async def worker(settings: Settings, options: WorkerOptions, stop: asyncio.Event) -> None:
    """Take commands in until told to stop.

    Raises:
        Outage: If the database or the broker stayed away.
    """
    broker, domain = broker_address(settings), settings.domain
    names = await topics.existing(broker, f"wurao.{domain}.intake.")
    if not names:
        msg = "没有可读的主题, 请先运行 wurao up / there are no topics; make them with: wurao up"
        raise NoTopicsError(msg)
    clock = SimulatedClock(_BEGINNING) if options.simulated else None
    async with AsyncExitStack() as stack:
        stack.enter_context(traced("worker"))
        service = await stack.enter_async_context(
            Service.open(settings, clock=clock or SystemClock())
        )
        health = Health(service.database, lambda: lag(broker, group(domain), names))
        await stack.enter_async_context(listening(health, options.health))
        handle = bound(service.submit, settings.bindings)
        if options.bare:
            source = Source(
                broker=broker,
                domain=domain,
                topics=names,
                group=group(domain),
                member=options.member,
            )
            await Intake(source, handle, clock=clock).run(stop)
        else:
            place = Place(broker=broker, domain=domain, member=options.member)
            work = Work(handle, clock=clock)
            await run(intake_app(place, names, work), stop)


async def relay(settings: Settings, stop: asyncio.Event, health: int | None = None) -> None:
    """Publish entries until told to stop; tell how it is at a port of this machine, if one is named.

    Raises:
        Outage: If the database or the broker stayed away.
    """
    broker = broker_address(settings)
    async with Service.open(settings) as service:
        database = service.database
        if database is None:
            msg = "a relay needs a database"
            raise TypeError(msg)

        @asynccontextmanager
        async def opening() -> AsyncIterator[Publisher]:
            async with publisher_of(broker, settings.domain, database) as opened:
                yield opened

        with traced("relay"):
            async with listening(Health(database), health):
                await Relay(service.ledger, opening).run(stop)


@asynccontextmanager
async def publisher_of(broker: str, domain: str, database: Database) -> AsyncIterator[Publisher]:
    """Wait to be the domain's only relay, then open its publisher."""
    async with AsyncExitStack() as stack:
        still = await stack.enter_async_context(leading(database, "relay"))
        yield await stack.enter_async_context(publishing(broker, domain, still))


async def watch(settings: Settings, stop: asyncio.Event, health: int | None = None) -> None:
    """Keep counters and alerts over the ledger's topic until told to stop; ``health`` as for the relay.

    Raises:
        Outage: If the broker stayed away.
    """
    place = Place(broker=broker_address(settings), domain=settings.domain)
    doubts = Doubts(place.broker, place.domain)
    known = [naming.ledger(place.domain)]
    behind = Health(lags=lambda: lag(place.broker, group(place.domain, "watch"), known))
    try:
        async with listening(behind, health):
            await run(watch_app(place, tell=doubts.tell), stop)
    finally:
        await doubts.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerOptions:
    """How a planner runs.

    ``regions`` are the domains whose jobs it solves, the installation's own if none is named;
    ``claim`` is how long a job waits whose planner was killed; ``health`` is a port of this machine.
    """

    simulated: bool = False
    regions: Sequence[str] = ()
    claim: timedelta = CLAIM
    health: int | None = None


async def planner(settings: Settings, options: PlannerOptions, stop: asyncio.Event) -> None:
    """Solve what is posted until told to stop; drafts and progress go out over Kafka.

    Raises:
        Outage: If the broker or the workers stayed away.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(traced("planner"))
        planners = [
            await stack.enter_async_context(_planner(settings, domain, options))
            for domain in options.regions or (settings.domain,)
        ]
        database = await stack.enter_async_context(opened(settings))
        await stack.enter_async_context(listening(Health(database), options.health))
        await work(planners, stop)


@asynccontextmanager
async def _planner(
    settings: Settings, domain: str, options: PlannerOptions
) -> AsyncIterator[Planner]:
    """Put a domain's planner together."""
    broker = broker_address(settings)
    async with AsyncExitStack() as stack:
        region = settings.model_copy(update={"domain": domain})
        service = await stack.enter_async_context(Service.open(region))
        if service.database is None:
            msg = "jobs are kept in a database"
            raise TypeError(msg)
        clock = SimulatedClock(_BEGINNING)
        reached = await stack.enter_async_context(
            over_kafka(service, broker, domain, clock=clock if options.simulated else None)
        )
        reports = SearchReports(broker, domain)
        stack.push_async_callback(reports.close)

        async def submit(messages: Sequence[Raw], now: datetime | None) -> Sequence[Effect]:
            advance(clock, [now])
            return await reached.submit(messages)

        yield Planner(
            service.queries,
            PostgresJobs(service.database),
            submit,
            SystemClock(),
            f"{socket.gethostname()}/{os.getpid()}",
            tell=reports.tell,
            claim=options.claim,
        )


@asynccontextmanager
async def until_told(parent: int | None = None) -> AsyncIterator[asyncio.Event]:
    """Give an event that is set when somebody asks this process to end, or its parent is gone."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for each in signals:
        loop.add_signal_handler(each, stop.set)
    try:
        async with ending_with(parent, stop.set):
            yield stop
    finally:
        for each in signals:
            loop.remove_signal_handler(each)
