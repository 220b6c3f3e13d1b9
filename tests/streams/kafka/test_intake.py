"""The bare intake: nothing is acknowledged before the ledger has it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from streams.intake import Raw
from streams.kafka.intake import Intake, Source, group
from streams.kafka.lag import lag
from streams.patience import Handle, Outage, Patience
from streams.ports import Effect, Unavailable
from tests.streams.kafka import sending
from tests.streams.shop import Shop, ask

pytestmark = pytest.mark.lane("kafka")


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


HASTY = Patience(sleep=no_pause)


class Worker:
    """An intake that runs until it has told of so many messages."""

    def __init__(self, broker: str, domain: str, topic: str, handle: Handle) -> None:
        source = Source(broker=broker, domain=domain, topics=[topic], group=group(domain))
        self.stop = asyncio.Event()
        self.seen = 0
        self.enough = 0
        self.intake = Intake(source, handle, patience=HASTY, told=self._told, batch=20)

    def _told(self, count: int) -> None:
        self.seen += count
        if self.seen >= self.enough:
            self.stop.set()

    async def run(self, enough: int) -> None:
        self.enough = enough
        async with asyncio.timeout(60):
            await self.intake.run(self.stop)


async def test_messages_of_a_topic_have_their_effect_in_order(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    topic, shop = sending.registry(domain), Shop()
    await sending.send(broker, topic, [ask(f"c{n}", f"D{n}").body for n in range(50)])
    await Worker(broker, domain, topic, shop.handler.handle).run(50)
    ids = [entry["causationid"] for entry in await shop.entries()]
    assert ids == [f"portal#c{n}" for n in range(50)]


async def test_the_topic_says_who_sent_it_whatever_the_envelope_claims(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain, ["fire", "portal"])
    topic, shop = sending.registry(domain, "fire"), Shop()
    await sending.send(broker, topic, [ask("c1", "D1", source="portal").body])
    await Worker(broker, domain, topic, shop.handler.handle).run(1)
    (entry,) = await shop.entries()
    assert (entry["source"], entry["data"]["reason"]) == ("fire", "foreign-source")


async def test_a_worker_that_gives_up_acknowledges_nothing(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    topic, shop = sending.registry(domain), Shop()
    await sending.send(broker, topic, [ask(f"c{n}", f"D{n}").body for n in range(5)])

    async def gone(_: Sequence[Raw]) -> Sequence[Effect]:
        raise Unavailable("no database")

    with pytest.raises(Outage):
        await Worker(broker, domain, topic, gone).run(5)
    await Worker(broker, domain, topic, shop.handler.handle).run(5)
    assert len(await shop.entries()) == 5


async def test_a_fault_of_the_moment_is_tried_again(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    topic, shop = sending.registry(domain), Shop()
    await sending.send(broker, topic, [ask(f"c{n}", f"D{n}").body for n in range(30)])
    calls = 0

    async def flaky(batch: Sequence[Raw]) -> Sequence[Effect]:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise Unavailable("a moment")
        return await shop.handler.handle(batch)

    await Worker(broker, domain, topic, flaky).run(30)
    assert len(await shop.entries()) == 30


async def test_a_crash_between_ledger_and_acknowledgement_doubles_nothing(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain)
    topic, shop = sending.registry(domain), Shop()
    await sending.send(broker, topic, [ask(f"c{n}", f"D{n}").body for n in range(30)])

    async def dies_after(batch: Sequence[Raw]) -> Sequence[Effect]:
        await shop.handler.handle(batch)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Worker(broker, domain, topic, dies_after).run(30)
    done = len(await shop.entries())
    assert 0 < done <= 30
    await Worker(broker, domain, topic, shop.handler.handle).run(30)
    assert [e["position"] for e in await shop.entries()] == list(range(1, 31))


async def test_what_a_slow_ledger_has_not_taken_stays_with_the_broker(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain)
    topic, shop, goes = sending.registry(domain), Shop(), asyncio.Event()
    await sending.send(broker, topic, [ask(f"c{n}", f"D{n}").body for n in range(100)])
    in_hand: list[int] = []

    async def slow(batch: Sequence[Raw]) -> Sequence[Effect]:
        in_hand.append(len(batch))
        await goes.wait()
        return await shop.handler.handle(batch)

    worker = Worker(broker, domain, topic, slow)
    running = asyncio.create_task(worker.run(100))
    while not in_hand:  # noqa: ASYNC110 - the worker tells nobody else
        await asyncio.sleep(0.01)
    for _ in range(20):
        await asyncio.sleep(0.01)
        assert in_hand == [20]
    assert await lag(broker, group(domain), [topic]) == {topic: 100}
    goes.set()
    await running
    assert sum(in_hand) == len(await shop.entries()) == 100
    assert max(in_hand) == 20


async def test_a_record_without_a_value_is_rejected_and_the_next_goes_on(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain)
    topic, shop = sending.registry(domain), Shop()
    await sending.send(broker, topic, [None, b"", ask("c1", "D1").body])
    await Worker(broker, domain, topic, shop.handler.handle).run(3)
    # The same broken bytes have their effect once.
    kinds = [entry["type"].split(".")[2] for entry in await shop.entries()]
    assert kinds == ["input", "capacity"]
