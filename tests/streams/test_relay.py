"""The relay is interrupted at every step and loses nothing, doubles nothing, skips nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from schemas.topics import LEDGER
from streams import relay as module
from streams.memory import MemoryLedger
from streams.outside import Record
from streams.patience import Outage, Patience
from streams.ports import Append
from streams.relay import Relay, Unpublished
from tests.streams.shop import Shop, ask


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


class Topics:
    """Topics in memory: pages are written whole, and each step can be made to fail."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.opened = 0
        self.fail_at: set[str] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Topics]:
        self.opened += 1
        self._step("open")
        yield self

    async def last(self) -> int:
        self._step("last")
        return max((r.position for r in self.records if r.topic is LEDGER), default=0)

    async def publish(self, records: Sequence[Record]) -> None:
        self._step("before")
        self.records += records
        self._step("after")

    def _step(self, name: str) -> None:
        if name in self.fail_at:
            self.fail_at.remove(name)
            raise Unpublished(name)

    @property
    def positions(self) -> list[int]:
        return [r.position for r in self.records if r.topic is LEDGER]


async def until(relay: Relay, topics: Topics, count: int) -> None:
    """Let a relay run until the topic holds so many entries."""
    stop = asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(relay.run(stop))
        while len(topics.positions) < count:  # noqa: ASYNC110 - a fake has nothing to signal with
            await asyncio.sleep(0)
        stop.set()


async def shop_with(count: int) -> Shop:
    shop = Shop()
    await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(count)))
    return shop


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE", 0)
    monkeypatch.setattr(module, "PAGE", 7)


async def test_every_entry_goes_out_once_and_in_order() -> None:
    shop, topics = await shop_with(30), Topics()
    await until(Relay(shop.ledger, topics.open), topics, 30)
    assert topics.positions == list(range(1, 31))
    bodies = [body async for _, body in shop.ledger.entries()]
    assert [r.value for r in topics.records if r.topic is LEDGER] == bodies


async def test_a_page_that_was_not_full_is_followed_by_a_pause() -> None:
    did: list[str] = []

    class Looked(MemoryLedger):
        """A ledger that notes when somebody looks for entries."""

        def entries(
            self, after: int = 0, until: int | None = None
        ) -> AsyncIterator[tuple[int, bytes]]:
            did.append("looks")
            return super().entries(after, until)

    async def pause(_: float) -> None:
        did.append("pauses")
        await asyncio.sleep(0)

    shop, topics = Shop(Looked()), Topics()
    await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(9)))
    await until(Relay(shop.ledger, topics.open, patience=Patience(sleep=pause)), topics, 9)
    assert did[:3] == ["looks", "looks", "pauses"]


@pytest.mark.parametrize("step", ["open", "last", "before", "after"])
async def test_a_fault_at_any_step_loses_and_doubles_nothing(step: str) -> None:
    shop, topics = await shop_with(30), Topics()
    topics.fail_at = {step}
    await until(Relay(shop.ledger, topics.open, patience=Patience(sleep=no_pause)), topics, 30)
    assert topics.positions == list(range(1, 31))
    assert topics.opened == 2


async def test_a_new_relay_goes_on_after_the_last_position() -> None:
    shop, topics = await shop_with(10), Topics()
    await until(Relay(shop.ledger, topics.open), topics, 10)
    await shop.send(*(ask(f"d{n}", f"E{n}") for n in range(10)))
    await until(Relay(shop.ledger, topics.open), topics, 20)
    assert topics.positions == list(range(1, 21))


async def test_a_broker_that_stays_away_ends_the_relay() -> None:
    shop, topics = await shop_with(1), Topics()

    @asynccontextmanager
    async def closed() -> AsyncIterator[Topics]:
        if topics.opened == 0:
            raise Unpublished("no broker")
        yield topics

    relay = Relay(shop.ledger, closed, patience=Patience(sleep=no_pause))
    with pytest.raises(Outage, match="gives up"):
        await relay.run(asyncio.Event())


async def test_a_page_that_went_well_renews_the_patience() -> None:
    shop, topics = await shop_with(30), Topics()
    patience = Patience(first=1, longest=1, limit=1, sleep=no_pause)  # one pause, then an outage
    for fault in range(3):
        topics.fail_at = {"after"}
        await until(Relay(shop.ledger, topics.open, patience=patience), topics, 7 * (fault + 1))
    assert topics.positions == list(range(1, len(topics.positions) + 1))


async def test_an_entry_larger_than_a_page_goes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_BYTES", 10)
    shop, topics = await shop_with(3), Topics()
    await until(Relay(shop.ledger, topics.open), topics, 3)
    assert topics.positions == [1, 2, 3]


class Holey(MemoryLedger):
    """A damaged ledger that lost an entry."""

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        async for position, body in super().entries(after, until):
            if position != 3:
                yield position, body


async def test_a_gap_stops_the_relay() -> None:
    ledger = Holey()
    shop, topics = Shop(ledger), Topics()
    await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(5)))
    with pytest.raises(Outage, match="position 3"):
        await Relay(ledger, topics.open).run(asyncio.Event())
    assert topics.positions == []


async def test_what_is_not_committed_is_neither_published_nor_skipped() -> None:
    """Tests that a transaction that commits late is not overtaken by one that comes after it."""
    shop, topics = await shop_with(3), Topics()
    entered, go = asyncio.Event(), asyncio.Event()

    async def late() -> None:
        async with shop.ledger.transaction() as transaction:
            await transaction.lock([], ["tally/late"])
            await transaction.append(Append([], {"tally/late": b"{}"}, []))
            entered.set()
            await go.wait()

    slow = asyncio.create_task(late())
    await entered.wait()
    quick = asyncio.create_task(shop.send(ask("quick", "Q")))
    await until(Relay(shop.ledger, topics.open), topics, 3)
    go.set()
    await asyncio.gather(slow, quick)
    await until(Relay(shop.ledger, topics.open), topics, 4)
    assert topics.positions == [1, 2, 3, 4]
    assert json.loads(topics.records[-1].value)["position"] == 4
