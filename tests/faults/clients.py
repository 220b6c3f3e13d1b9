"""Clients: they ask, repeat, hear or do not hear, and write down what they know."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.intake import Asked, Fingerprint, read, reused
from streams.kafka import naming
from streams.kafka.records import message
from tests.faults.history import History, Line, What
from tests.faults.nursery import BEGINNING
from tests.faults.wishes import SOURCE, Call, HttpClient, KafkaClient, Message
from tests.streams.kafka.sending import REQUESTS

_TRIES: Final = 40
_AGAIN: Final = 0.5
_ANSWER: Final = 5.0
_PAUSE: Final = 0.33
"""Seconds between two bursts of a client, or two calls, on an average."""


@dataclass(slots=True)
class Town:
    """What all clients share: the history, the clock, the doors."""

    history: History
    domain: str
    born: float
    fingerprint: Fingerprint
    broker: str
    ports: Mapping[str, int]
    tokens: Mapping[str, str]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    repeated: int = 0
    """How many messages the broker took more than once."""

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.born

    @property
    def now(self) -> datetime:
        """The laboratory's instant."""
        return BEGINNING + timedelta(seconds=self.elapsed)

    def say(self, what: What, key: tuple[str, str], **more: Any) -> None:  # noqa: ANN401 - fields of a line
        """Write a line about a command."""
        self.history.add(
            Line(at=round(self.elapsed, 3), what=what, source=key[0], id=key[1], **more)
        )


def key_of(town: Town, each: Message) -> tuple[str, str]:
    """Return the key under which a message's effect must stand.

    Bytes that are no command are known by their own hash; another command under a known id by both.
    """
    topic = naming.address(REQUESTS, town.domain, SOURCE)
    item = read(message(topic, each.body, town.domain), town.fingerprint)
    if each.bad and isinstance(item, Asked):
        item = reused(item, town.fingerprint)
    return item.key.source, item.key.id


async def over_kafka(town: Town, client: KafkaClient, seed: str, pause: float) -> None:
    """Send messages until it is over: in bursts, out of order, some of them twice."""
    chance = random.Random(seed)
    producer = _producer(town.broker)
    await _patiently(producer.start)
    sending: set[asyncio.Task[None]] = set()
    try:
        while not town.over.is_set():
            burst = [client.next(town.elapsed, town.now) for _ in range(chance.randint(1, 5))]
            for each in burst:
                town.say(What.ASKED, key_of(town, each), bad=each.bad)
            again = [each for each in burst if chance.random() < 0.25]
            town.repeated += len(again)
            deliveries = [(each, 0.0) for each in burst]
            deliveries += [(each, chance.uniform(0, 1.5)) for each in again]
            chance.shuffle(deliveries)
            for each, late in deliveries:
                task = asyncio.create_task(_deliver(town, producer, each, late))
                sending.add(task)
                task.add_done_callback(sending.discard)
            await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
        await asyncio.gather(*sending)
    finally:
        for task in sending:
            task.cancel()
        await asyncio.wait_for(producer.stop(), 10)


def _producer(broker: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=broker, acks="all", linger_ms=2, request_timeout_ms=4000
    )


async def _patiently(call: Callable[[], Any]) -> None:
    for _ in range(_TRIES):
        try:
            await call()
        except (KafkaError, OSError):
            await asyncio.sleep(_AGAIN)
        else:
            return


async def _deliver(town: Town, producer: AIOKafkaProducer, each: Message, late: float) -> None:
    """Send one message until the broker says that it has it."""
    await asyncio.sleep(late)
    topic = naming.address(REQUESTS, town.domain, SOURCE)
    key = key_of(town, each)
    for _ in range(_TRIES):
        try:
            await producer.send_and_wait(topic, value=each.body, key=each.key)
        except (KafkaError, OSError) as error:
            town.say(What.UNKNOWN, key, text=type(error).__name__)
            await asyncio.sleep(_AGAIN)
        else:
            town.say(What.TAKEN, key, bad=each.bad)
            return


async def over_http(town: Town, client: HttpClient, seed: str, pause: float) -> None:
    """Call the portals until it is over; what was not answered is asked again under the same key."""
    chance = random.Random(seed)
    async with httpx.AsyncClient(timeout=_ANSWER) as web:
        while not town.over.is_set():
            call = client.next(town.elapsed)
            answer = await _called(town, web, call, chance)
            if answer is not None and answer.status_code < 300 and call.path == "requests":
                client.accepted(call, answer.json()["id"])
            await asyncio.sleep(pause * chance.uniform(0.5, 1.5))


async def _called(
    town: Town, web: httpx.AsyncClient, call: Call, chance: random.Random
) -> httpx.Response | None:
    """Ask until somebody answers; write down what became of it."""
    key = f"http.{call.who}", call.key
    town.say(What.ASKED, key)
    for _ in range(_TRIES):
        port = chance.choice(list(town.ports.values()))
        try:
            answer = await web.post(
                f"http://127.0.0.1:{port}/api/v1/{call.path}",
                json=dict(call.body),
                headers={
                    "authorization": f"Bearer {town.tokens[call.who]}",
                    "idempotency-key": call.key,
                },
            )
        except httpx.HTTPError as error:
            town.say(What.UNKNOWN, key, text=type(error).__name__)
        else:
            status = status_of(answer)
            if status is None and answer.status_code < 500 and answer.status_code != 429:
                return answer  # it never came to a decision
            if status is not None:
                town.say(What.ANSWERED, key, status=status)
                return answer
            town.say(What.UNKNOWN, key, text=str(answer.status_code))
        await asyncio.sleep(_AGAIN)
    return None


def status_of(answer: httpx.Response) -> str | None:
    """Return what became of a command by the portal's answer, ``None`` where it does not say."""
    if answer.status_code < 300:
        return "accepted"
    try:
        told = answer.json()
    except ValueError:
        return None
    return "refused" if isinstance(told, dict) and told.get("objections") else None


def clients(town: Town, seed: int, kafka: int, http: int) -> Sequence[asyncio.Task[None]]:
    """Let so many clients begin."""
    return [
        *(
            asyncio.create_task(
                over_kafka(town, KafkaClient(seed, n), f"bursts {seed} {n}", _PAUSE)
            )
            for n in range(1, kafka + 1)
        ),
        *(
            asyncio.create_task(over_http(town, HttpClient(seed, n), f"calls {seed} {n}", _PAUSE))
            for n in range(1, http + 1)
        ),
    ]
