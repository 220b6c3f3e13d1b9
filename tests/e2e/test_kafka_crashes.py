"""Workers, relay and broker are killed in the middle: nothing is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from portal.running import stack
from portal.running.service import Service
from streams.digest import digest
from streams.kafka import naming
from streams.kafka.audit import TopicReport, check_topic
from tests.brokers import local_broker
from tests.e2e.installations import settings_of
from tests.processes import Installation
from tests.streams.kafka import sending
from tests.streams.kafka.poison import POISON, withdrawal

SOURCE = "portal"
ROUNDS = int(os.environ.get("CRASH_ROUNDS", "2"))
"""How often each is killed; a longer run sets CRASH_ROUNDS. The broker is killed once less."""

pytestmark = [pytest.mark.lane("kafka"), pytest.mark.timeout(150 * ROUNDS)]

EACH = 200
"""Messages in a round."""


@asynccontextmanager
async def opened(installation: Installation) -> AsyncIterator[Service]:
    """Make an installation's topics and open its ledger."""
    settings = settings_of(installation)
    await stack.up(settings, [SOURCE])
    async with Service.open(settings) as service:
        yield service


class Sender:
    """Sends commands to all partitions of the requests' topic."""

    def __init__(self, installation: Installation) -> None:
        self.topic = naming.address(sending.REQUESTS, installation.domain, SOURCE)
        self.broker = installation.broker
        self.sent = 0

    async def send(self, count: int, make: Callable[[int], bytes] = withdrawal) -> None:
        """Send so many more."""
        producer = AIOKafkaProducer(bootstrap_servers=self.broker, acks="all", linger_ms=5)
        await producer.start()
        numbers = range(self.sent, self.sent + count)
        futures = [await producer.send(self.topic, make(n), b"%d" % (n % 97)) for n in numbers]
        await asyncio.gather(*futures)
        await producer.stop()
        self.sent += count


async def reached(service: Service, position: int) -> None:
    """Wait until the ledger has a position."""
    while await service.ledger.position() < position:  # noqa: ASYNC110 - other processes write there
        await asyncio.sleep(0.05)


async def published(installation: Installation, service: Service, position: int) -> TopicReport:
    """Wait until the ledger's topic has a position; return what it holds."""
    topic = naming.ledger(installation.domain)
    while True:
        report = await check_topic(installation.broker, topic, service.ledger)
        assert report.clean, report
        if report.last >= position:
            return report
        await asyncio.sleep(0.2)


async def counted(service: Service, what: str, report: TopicReport | None = None) -> None:
    """Say what the ledger and its topic hold; ``-s`` shows it."""
    found = await digest(service.ledger.entries())
    held = f"{report.entries} entries, {report.records} records in the topic" if report else ""
    print(f"{what}: position {await service.ledger.position()}, {found} {held}")  # noqa: T201 - what the run is for


async def ids(service: Service) -> list[str]:
    """Return whose effect each entry is."""
    return [json.loads(body)["causationid"] async for _, body in service.ledger.entries()]


@pytest.mark.parametrize("kind", ["faust", "bare"])
async def test_workers_are_killed_and_every_command_has_its_effect_once(
    installation: Installation, kind: str
) -> None:
    how = ["worker", "--bare"] if kind == "bare" else ["worker"]
    members = ("w1", "w2")
    async with opened(installation) as service:
        sender = Sender(installation)
        workers = {m: installation.start(*how, "--member", m) for m in members}
        for round_ in range(ROUNDS):
            await sender.send(EACH)
            # Somewhere in the middle of this round's messages.
            await reached(service, EACH * round_ + 40)
            victim = members[round_ % 2]
            installation.kill(workers[victim])
            workers[victim] = installation.start(*how, "--member", victim)
        await sender.send(EACH)
        await reached(service, sender.sent)
        found = await ids(service)
        assert sorted(found) == sorted(f"{SOURCE}#c{n}" for n in range(sender.sent))
        await counted(service, f"{kind} workers killed {ROUNDS} times")


async def test_relays_are_killed_and_the_topic_is_the_ledger(installation: Installation) -> None:
    async with opened(installation) as service:
        sender = Sender(installation)
        installation.start("worker", "--bare")
        relay = installation.start("relay")
        for round_ in range(ROUNDS):
            await sender.send(EACH)
            await published(installation, service, EACH * round_ + 40)
            installation.kill(relay)
            relay = installation.start("relay")
        await sender.send(EACH)
        await reached(service, sender.sent)
        report = await published(installation, service, sender.sent)
        assert report.entries == report.records == report.last == sender.sent
        await counted(service, f"relay killed {ROUNDS} times", report)
        assert installation.end(relay) == 0


async def test_the_broker_is_killed_and_all_go_on(
    tmp_path: Path, database_dsn: str, domain: str
) -> None:
    own = local_broker(tmp_path / "kafka")
    await asyncio.to_thread(own.start)
    installation = Installation(tmp_path, database_dsn, domain, own.address)
    try:
        with installation.ending():
            await survives(installation, own.kill, own.start)
    finally:
        await asyncio.to_thread(own.stop)


async def survives(
    installation: Installation, kill: Callable[[], None], start: Callable[[], object]
) -> None:
    """Kill the broker while messages flow, start it again, and find everything in its place."""
    async with opened(installation) as service:
        sender = Sender(installation)
        installation.start("worker", "--member", "w1")
        installation.start("relay")
        for round_ in range(ROUNDS - 1):
            await sender.send(EACH)
            await reached(service, EACH * round_ + 40)
            await asyncio.to_thread(kill)
            await asyncio.to_thread(start)
        await sender.send(EACH)
        await reached(service, sender.sent)
        assert len(set(await ids(service))) == await service.ledger.position() == sender.sent
        report = await published(installation, service, sender.sent)
        assert report.records == report.last == sender.sent
        await counted(service, f"broker killed {ROUNDS - 1} times", report)


async def test_poison_goes_to_the_dead_letters_and_stops_no_worker(
    installation: Installation,
) -> None:
    """Tests one broken message in a hundred, of every kind."""
    reasons = [reason for reason, _ in POISON]

    def mixed(number: int) -> bytes:
        kind, rest = divmod(number, 100)
        return POISON[kind][1](number) if rest == 50 else withdrawal(number)

    total = 100 * len(POISON)
    async with opened(installation) as service:
        workers = [installation.start("worker", "--member", name) for name in ("w1", "w2")]
        relay = installation.start("relay")
        await Sender(installation).send(total, mixed)
        await reached(service, total)
        await published(installation, service, total)
        assert installation.end(relay) == 0
        letters = await sending.read(installation.broker, naming.dead_letters(installation.domain))
        found = [json.loads(letter.value)["data"] for letter in letters]
        assert sorted(data["reason"] for data in found) == sorted(reasons)
        assert all(data["detail"] and data["digest"] and data["size"] for data in found)
        good = [id_ for id_ in await ids(service) if "bytes~" not in id_]
        assert len(set(good)) == len(good) == total - len(POISON)
        assert [worker.poll() for worker in workers] == [None, None]
        assert "Restarting" not in installation.log("worker")
