"""The agents: no body raises, nothing is acknowledged too early, nothing opens a port."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from schemas.intake_topics import INTAKE
from streams.faust_app.application import Place
from streams.faust_app.intake import Work, intake_app
from streams.faust_app.worker import run
from streams.intake import Raw
from streams.kafka import naming, topics
from streams.patience import Handle, Patience
from streams.ports import Effect, Unavailable
from tests.streams.kafka import sending
from tests.streams.kafka.poison import POISON
from tests.streams.shop import Shop, ask

pytestmark = [
    pytest.mark.lane("kafka"),
    # The framework leaves coroutines of its own behind when its event loop ends.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


async def worked(broker: str, domain: str, handle: Handle, enough: int) -> int:
    """Run a worker until it has handled so many messages, or leaves; return how many it had."""
    stop, seen = asyncio.Event(), 0

    def told(_: str, count: int) -> None:
        nonlocal seen
        seen += count
        if seen >= enough:
            stop.set()

    names = await topics.existing(broker, f"wurao.{domain}.intake.")
    work = Work(handle, Patience(sleep=no_pause), told=told, leave=stop.set)
    async with asyncio.timeout(90):
        await run(intake_app(Place(broker=broker, domain=domain), names, work), stop)
    return seen


async def test_agents_hand_everything_to_the_handler(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain, ["fire", "portal"])
    shop = Shop()
    for source in ("fire", "portal"):
        values = [ask(f"c{n}", f"{source}-{n}", source=source).body for n in range(60)]
        await sending.send(broker, sending.registry(domain, source), values)
    assert await worked(broker, domain, shop.handler.handle, 120) == 120
    entries = await shop.entries()
    assert len({entry["causationid"] for entry in entries}) == len(entries) == 120
    for source in ("fire", "portal"):
        mine = [e["causationid"] for e in entries if e["source"] == source]
        assert mine == [f"{source}#c{n}" for n in range(60)]


async def test_a_worker_that_leaves_acknowledges_nothing(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    shop = Shop()
    await sending.send(
        broker, sending.registry(domain), [ask(f"c{n}", f"D{n}").body for n in range(40)]
    )

    async def gone(_: Sequence[Raw]) -> Sequence[Effect]:
        raise Unavailable("no database")

    assert await worked(broker, domain, gone, 40) == 0
    assert await worked(broker, domain, shop.handler.handle, 40) == 40
    assert len(await shop.entries()) == 40


async def test_a_handler_that_breaks_on_one_message_keeps_all_others(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain)
    shop = Shop()
    values = [ask(f"c{n}", f"D{n}").body for n in range(40)]
    await sending.send(broker, sending.registry(domain), values)

    async def breaks(batch: Sequence[Raw]) -> Sequence[Effect]:
        if any(raw.body == values[13] for raw in batch if type(raw) is Raw):
            raise ZeroDivisionError
        return await shop.handler.handle(batch)

    assert await worked(broker, domain, breaks, 40) == 40
    types = [entry["type"] for entry in await shop.entries()]
    assert types.count("cn.wurao.input.rejected.v1") == 1
    assert len(types) == 40


async def test_poison_is_rejected_for_its_reason_and_stops_nobody(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    shop = Shop()
    values: list[bytes | None] = []
    for n, (_, make) in enumerate(POISON):
        values += [ask(f"g{n}-{m}", f"D{n}-{m}").body for m in range(20)]
        values.append(make(n))
    await sending.send(broker, sending.registry(domain), [*values, None])
    assert await worked(broker, domain, shop.handler.handle, len(values) + 1) == len(values) + 1
    entries = await shop.entries()
    reasons = [e["data"]["reason"] for e in entries if e["type"] == "cn.wurao.input.rejected.v1"]
    assert sorted(reasons) == sorted([*(reason for reason, _ in POISON), "not-json"])
    assert len(entries) - len(reasons) == 20 * len(POISON)


async def test_a_worker_opens_no_port(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    before = listening()
    await sending.send(broker, sending.registry(domain), [ask("c1", "D1").body])
    shop = Shop()
    during: list[set[str]] = []

    async def looks(batch: Sequence[Raw]) -> Sequence[Effect]:
        during.append(listening())
        return await shop.handler.handle(batch)

    await worked(broker, domain, looks, 1)
    assert during[0] - before == set()


def listening() -> set[str]:
    """Return the sockets of this process that listen."""
    mine = set()
    for fd in Path("/proc/self/fd").iterdir():
        try:
            mine.add(str(fd.readlink()))
        except OSError:
            continue
    lines = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in (Path("/proc/net") / name).read_text().splitlines()[1:]
    ]
    return {words[1] for words in lines if words[3] == "0A" and f"socket:[{words[9]}]" in mine}


def test_each_kind_of_topic_has_its_agent() -> None:
    place = Place(broker="127.0.0.1:9", domain="county")
    names = [naming.address(topic, "county", "fire") for topic in INTAKE]
    app = intake_app(place, names, Work(Shop().handler.handle))
    assert len(app.agents) == len(INTAKE)
