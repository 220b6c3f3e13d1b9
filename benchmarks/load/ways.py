"""Ways to take commands in, and the commands: requests judged by every rule, each about a firm of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaProducer

from benchmarks.load.stand import SOURCE, Stand
from portal.demo.reference import calendar, policy_layers
from portal.messages import Sender
from portal.running.supervisor import program
from schemas import commands as c
from schemas.commands import Command
from schemas.envelope import ActorRole
from schemas.intake_topics import INTAKE
from streams.intake import Raw
from streams.kafka import naming
from streams.ports import CommandKey
from tests.builders import a_department, a_request, a_uscc, an_enterprise, an_item
from tests.worlds import NOVEMBER

REQUESTS: Final = INTAKE[0]
SETTLING: Final = 5.0
"""Seconds after the first commands in which a group may still share its partitions anew."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to take commands in: its name, its department, and its processes.

    Words that begin with a module's dash are a module of ours, others a command of the program.
    """

    name: str
    department: str
    workers: Sequence[Sequence[str]]


def wrapped(command: Command, id_: str, role: ActorRole, of: str | None = None) -> Raw:
    """Return a command as a message of the benchmark."""
    return Sender.of("bench", role, of, source=SOURCE).message(command, id_=id_, at=NOVEMBER)


def world(enterprises: int, departments: Sequence[str]) -> Iterator[Raw]:
    """Yield what registers all that the requests refer to."""
    year = calendar(2026)
    if year is None:
        raise SystemExit("the calendar of 2026 is missing")
    yield wrapped(c.AdoptPolicy(layers=policy_layers()), "policy", ActorRole.ADMIN)
    yield wrapped(c.AdoptCalendar(calendar=year), "calendar", ActorRole.ADMIN)
    for home in departments:
        department = c.RegisterDepartment(department=a_department(id=home))
        yield wrapped(department, home, ActorRole.ADMIN)
        item = c.PublishItem(item=an_item(id=f"item-{home}", department=home))
        yield wrapped(item, f"item-{home}", ActorRole.ADMIN)
    for number in range(enterprises):
        firm = c.RegisterEnterprise(enterprise=an_enterprise(number))
        yield wrapped(firm, f"firm-{number}", ActorRole.ADMIN)


def request(department: str, number: int) -> tuple[bytes, Raw]:
    """Return a request about an enterprise of its own, with its record key."""
    code = a_uscc(number)
    asked = a_request(department=department, enterprise=code, items=(f"item-{department}",))
    raw = wrapped(
        c.SubmitRequest(request=asked), f"{department}-{number}", ActorRole.CLERK, department
    )
    return code.encode(), raw


def topic(stand: Stand) -> str:
    """Return where requests come in."""
    return naming.address(REQUESTS, stand.settings.domain, SOURCE)


async def has_effect(stand: Stand, department: str, number: int) -> None:
    """Wait until a request has its effect.

    Raises:
        SystemExit: If it was refused.
    """
    key = CommandKey(SOURCE, f"{department}-{number}")
    while not (found := await stand.service.ledger.effects([key])):  # noqa: ASYNC110 - others write there
        await asyncio.sleep(0.001)
    if found[key].status != "accepted":
        raise SystemExit(f"{department}: {found[key]}")


@asynccontextmanager
async def sending(stand: Stand) -> AsyncIterator[AIOKafkaProducer]:
    """Lend a producer that waits for the broker's word on everything."""
    producer = AIOKafkaProducer(bootstrap_servers=stand.settings.kafka, acks="all", linger_ms=5)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


@asynccontextmanager
async def running(stand: Stand, workers: Sequence[Sequence[str]]) -> AsyncIterator[list[int]]:
    """Run processes; give their process ids."""
    processes = [
        subprocess.Popen(  # noqa: ASYNC220 - it takes milliseconds, before the clock runs
            [*([sys.executable] if words[0] == "-m" else [program()]), *words],
            env=dict(stand.environment),
        )
        for words in workers
    ]
    try:
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


async def warm(stand: Stand, producer: AIOKafkaProducer, department: str, first: int) -> int:
    """Let everybody be there and warm: a request on each partition, from this number on.

    Returns the number that comes next.
    """
    for partition in range(REQUESTS.partitions):
        key, raw = request(department, first + partition)
        await producer.send_and_wait(topic(stand), raw.body, key, partition=partition)
        await has_effect(stand, department, first + partition)
    await asyncio.sleep(SETTLING)
    return first + REQUESTS.partitions


async def heap(
    stand: Stand, producer: AIOKafkaProducer, messages: Sequence[tuple[bytes, Raw]]
) -> None:
    """Send all at once, and wait until all are durable."""
    end = await stand.service.ledger.position() + len(messages)
    for key, raw in messages:
        await producer.send(topic(stand), raw.body, key)
    await producer.flush()
    while await stand.service.ledger.position() < end:  # noqa: ASYNC110 - others write there
        await asyncio.sleep(0.01)
