"""Who is asked to end (SIGTERM) ends what it has in hand, loses nothing, and says so with exit code 0.

The ledger is locked while each of them is in the middle of something, so that the signal always comes
in the middle and not by luck.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from portal.http.identity import TokenFile
from portal.running import stack
from portal.running.service import Service
from portal.settings import Settings
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from streams.intake import Raw
from streams.kafka import naming
from streams.kafka.audit import check_topic
from streams.kafka.ends import last_position
from streams.kafka.intake import group
from streams.kafka.lag import lag
from tests.builders import a_uscc
from tests.faults.machines import free_ports
from tests.faults.nursery import BEGINNING
from tests.faults.site import Nursery, Site
from tests.faults.wishes import SOURCE
from tests.portal.http.clients import furnish
from tests.streams.kafka import sending
from tests.streams.kafka.poison import withdrawal

pytestmark = [pytest.mark.lane("kafka"), pytest.mark.timeout(240)]

SENT = 60
"""Commands that are on their way when the worker is asked to end."""
ENTRIES = 500
"""Entries that wait for the relay; more than it publishes at once."""


@dataclass(frozen=True, slots=True)
class _Ground:
    broker: str
    dsn: str


@dataclass(frozen=True, slots=True)
class _Case:
    """An installation whose processes are asked to end."""

    service: Service
    site: Site
    dsn: str

    @property
    def broker(self) -> str:
        """Where the broker is."""
        return self.site.ground.broker

    @asynccontextmanager
    async def locked(self, statement: str) -> AsyncIterator[None]:
        """Hold a lock that whoever needs the ledger waits for; begin the block when somebody does."""
        connection = await asyncpg.connect(
            self.dsn, server_settings={"search_path": f'"{self.site.domain}"'}
        )
        try:
            async with connection.transaction():
                await connection.execute(statement)
                yield
        finally:
            await connection.close()

    async def waited_for(self) -> bool:
        """Tell whether somebody waits for the lock."""
        connection = await asyncpg.connect(self.dsn)
        try:
            waiting = await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
        finally:
            await connection.close()
        return bool(waiting)

    async def ended(self, name: str) -> int:
        """Wait for the end of a process that was asked to end, and return its exit code."""
        while self.site.alive(name):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)
        return self.site.nursery.codes[self.site.members.pop(name).pid]

    async def times(self, prefix: str) -> Counter[str]:
        """Return how many entries each command has whose key begins so."""
        bodies = [json.loads(body) async for _, body in self.service.ledger.entries()]
        causes = (body["causationid"] for body in bodies)
        return Counter(cause for cause in causes if cause.startswith(prefix))


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds; the test's time limit ends what never does."""
    while not await holds():  # noqa: ASYNC110 - other processes
        await asyncio.sleep(0.05)


async def test_who_is_asked_to_end_loses_nothing(
    tmp_path: Path, database_dsn: str, broker: str, domain: str
) -> None:
    settings = Settings(data=tmp_path, dsn=SecretStr(database_dsn), domain=domain, kafka=broker)
    await stack.up(settings, [SOURCE])
    clock = SimulatedClock(BEGINNING)
    async with Service.open(settings, clock=clock) as service, Nursery.open() as nursery:
        await furnish(service)
        ground = _Ground(broker, database_dsn)
        site = Site(ground, nursery, domain, tmp_path, time.monotonic())
        case = _Case(service, site, database_dsn)
        try:
            await _worker_ends(case)
            await _relay_ends(case)
            await _portal_ends(case)
        finally:
            await site.kill()


async def _worker_ends(case: _Case) -> None:
    """What a worker acknowledged is in the ledger, and another one does the rest."""
    topic = naming.address(sending.REQUESTS, case.site.domain, SOURCE)
    async with case.locked("SELECT position FROM head FOR UPDATE"):
        await case.site.add("worker1", "worker", "--member", "w1")
        await sending.send(case.broker, topic, map(withdrawal, range(SENT)))
        await until(case.waited_for)
        case.site.tell("worker1", signal.SIGTERM)
    assert await case.ended("worker1") == 0
    behind = await lag(case.broker, group(case.site.domain), [topic])
    written = await case.times(f"{SOURCE}#c")
    assert SENT - behind[topic] <= len(written)
    # Something of its own to do, so that it is asked to end when it is at work.
    await sending.send(case.broker, topic, map(withdrawal, range(SENT, 2 * SENT)))

    async def all_written() -> bool:
        return len(await case.times(f"{SOURCE}#c")) == 2 * SENT

    await case.site.add("worker2", "worker", "--member", "w1")
    await until(all_written)
    assert set((await case.times(f"{SOURCE}#c")).values()) == {1}
    case.site.tell("worker2", signal.SIGTERM)
    assert await case.ended("worker2") == 0


async def _relay_ends(case: _Case) -> None:
    """The topic holds the ledger's beginning, and another relay goes on from there."""
    topic = naming.ledger(case.site.domain)
    await case.service.submit([Raw(SOURCE, withdrawal(2 * SENT + n)) for n in range(ENTRIES)])
    async with case.locked("LOCK TABLE entry IN ACCESS EXCLUSIVE MODE"):
        await case.site.add("relay", "relay")
        await until(case.waited_for)
        case.site.tell("relay", signal.SIGTERM)
    assert await case.ended("relay") == 0
    report = await check_topic(case.broker, topic, case.service.ledger)
    assert report.clean, report
    position = await case.service.ledger.position()

    async def all_published() -> bool:
        return await last_position(case.broker, topic) == position

    await case.site.add("relay", "relay")
    await until(all_published)
    case.site.tell("relay", signal.SIGTERM)
    assert await case.ended("relay") == 0
    report = await check_topic(case.broker, topic, case.service.ledger)
    assert report.clean, report
    assert report.records == position


async def _portal_ends(case: _Case) -> None:
    """Whoever was being served gets an answer, and it is true."""
    who = "clerk-fire"
    token = TokenFile(case.site.data / "tokens.json").issue(who, ActorRole.CLERK, "fire")
    port = free_ports(1)
    await case.site.add("portal1", "serve", "--port", str(port), "--no-sealer")
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, timeout=30) as web:

        async def serves() -> bool:
            try:
                return bool((await web.get("/login")).status_code)
            except httpx.HTTPError:
                return False

        async def ask(n: int) -> httpx.Response:
            body = {
                "department": "fire",
                "enterprise": a_uscc(n),
                "purpose": "inspection",
                "lane": "routine",
                "items": ["item-1"],
                "window": {"first": "2026-12-25", "last": "2026-12-31"},
            }
            known = {"authorization": f"Bearer {token}", "idempotency-key": f"last-{n}"}
            return await web.post("/api/v1/requests", json=body, headers=known)

        await until(serves)
        async with case.locked("SELECT position FROM head FOR UPDATE"):
            asking = [asyncio.create_task(ask(n)) for n in (1, 2, 3)]
            await until(case.waited_for)
            case.site.tell("portal1", signal.SIGTERM)
        answers = await asyncio.gather(*asking)
    assert [answer.status_code for answer in answers] == [201] * 3
    assert await case.ended("portal1") == 0
    assert set(await case.times(f"http.{who}#")) == {f"http.{who}#last-{n}" for n in (1, 2, 3)}
