"""The demo over Kafka: topics, and workers, relay, watch, planner and HTTP as processes of their own.

The script does not change. It hands its commands to topics and waits for their effects, and asks the
planner process for its plans; the clock at which it stands travels with each message.
"""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Final

from rich.console import Console

from portal.demo.desk import SOURCE, Desk
from portal.demo.flow import Flow, shown
from portal.demo.run import Through
from portal.plans.planner import Wanted
from portal.proof.watching import check
from portal.running import stack
from portal.running.over_kafka import over_kafka
from portal.running.supervisor import Supervisor, keeping
from portal.settings import Settings
from scheduler import keys
from scheduler.states import DraftState
from schemas.plans import PlanBody
from streams.bindings import ANYBODY
from streams.kafka import naming
from streams.kafka.audit import TopicReport, check_topic
from streams.kafka.local import HOST, free_port
from streams.postgres import Database
from streams.postgres.jobs import PostgresJobs

TRANSPORT: Final = "kafka"
WORKERS: Final = 2

_LOOK: Final = 0.1
_LOOKS: Final = 1200


class NotPublishedError(RuntimeError):
    """The ledger's topic is not the ledger."""


class NotWatchedError(RuntimeError):
    """The counters are not what a replay of the ledger comes to."""


class NotServedError(RuntimeError):
    """The HTTP interface does not answer."""


class NotPlannedError(RuntimeError):
    """The planner process did not come to a plan."""


def through_kafka(settings: Settings, console: Console) -> Through:
    """Return the way over Kafka for a run in this installation; it shows what flows."""

    @asynccontextmanager
    async def through(desk: Desk) -> AsyncIterator[Desk]:
        database = _database(desk)
        async with AsyncExitStack() as whole:
            whole.push_async_callback(asyncio.to_thread, stack.down, settings)
            broker, _ = await stack.up(settings, [SOURCE])
            # The script plays everybody's part, so its source is bound to nobody.
            open_ = settings.model_copy(update={"sources": f"{SOURCE}={ANYBODY}"})
            supervisor = Supervisor(open_, broker, database.dsn)
            port = free_port()
            flow = Flow(
                desk.service.ledger,
                broker,
                settings.domain,
                supervisor,
                notes={"http": f"http://{HOST}:{port}/api/v1"},
            )
            await whole.enter_async_context(keeping(supervisor, _broker_again(settings)))
            _start(supervisor, port)
            service = await whole.enter_async_context(
                over_kafka(desk.service, broker, settings.domain, clock=desk.clock, told=flow.sent)
            )
            await whole.enter_async_context(shown(flow, console, settings.lang))
            yield Desk(service, desk.clock, desk.told, _Solver(desk, PostgresJobs(database)))
            await _published(broker, settings.domain, desk)
            await _watched(broker, settings.domain, desk)
            await _served(port)

    return through


def _start(supervisor: Supervisor, port: int) -> None:
    for number in range(1, WORKERS + 1):
        name = f"worker-{number}"
        supervisor.start(name, "worker", "--simulated", "--member", name)
    supervisor.start("relay", "relay")
    supervisor.start("watch", "watch")
    supervisor.start("sealer", "seal")
    supervisor.start("planner", "planner", "--simulated")
    # The script plays the timer, by its own clock.
    supervisor.start("http", "serve", "--port", str(port), "--no-timer", "--no-sealer")


def _broker_again(settings: Settings) -> stack.Starting:
    """Return what starts the local broker again when it is gone."""
    return lambda: stack.local_broker(settings).start() if settings.kafka is None else None


def _database(desk: Desk) -> Database:
    database = desk.service.database
    if database is None:
        msg = "workers of other processes need a database"
        raise TypeError(msg)
    return database


class _Solver:
    """Asks the planner process, and waits for the draft that it hands in."""

    def __init__(self, desk: Desk, jobs: PostgresJobs) -> None:
        self._desk = desk
        self._jobs = jobs

    async def __call__(self, wanted: Wanted) -> PlanBody:
        now = max(self._desk.clock.now(), wanted.at)
        self._desk.clock.set(now)
        job = replace(wanted, now=now).job
        await self._jobs.post(job)
        while (outcome := await self._jobs.outcome(job.id)) is None:  # noqa: ASYNC110 - another process sets it
            await asyncio.sleep(_LOOK)
        key = keys.draft(wanted.month, wanted.version)
        draft = await self._desk.service.queries.get(DraftState, key)
        if draft is None:
            msg = f"{wanted.month}: {outcome}"
            raise NotPlannedError(msg)
        return draft.body


async def _published(broker: str, domain: str, desk: Desk) -> TopicReport:
    """Wait until the relay is done, and hold the topic against the ledger.

    Raises:
        NotPublishedError: If an entry is missing, doubled, changed or out of order.
    """
    topic, ledger = naming.ledger(domain), desk.service.ledger
    looks = 0
    while True:
        report = await check_topic(broker, topic, ledger)
        if report.clean and not report.behind:
            return report
        looks += 1
        if not report.clean or looks > _LOOKS:
            raise NotPublishedError(str(report))
        await asyncio.sleep(10 * _LOOK)


async def _watched(broker: str, domain: str, desk: Desk) -> None:
    """Wait until the watch has counted all, and hold its counters against a replay.

    Raises:
        NotWatchedError: If they differ, or do not come.
    """
    for _ in range(_LOOKS):
        found = await check(broker, domain, desk.service.ledger)
        if found.differing:
            raise NotWatchedError(found.differing)
        if not found.behind:
            return
        await asyncio.sleep(10 * _LOOK)
    raise NotWatchedError


async def _served(port: int) -> None:
    """Wait until the HTTP interface says that it is ready: it may just have been started again.

    Raises:
        NotServedError: If it does not.
    """
    for _ in range(_LOOKS):
        if await asyncio.to_thread(_answers, port):
            return
        await asyncio.sleep(_LOOK)
    raise NotServedError(port)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
