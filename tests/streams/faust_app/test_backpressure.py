"""A slow ledger slows the intake: what a worker holds is bounded in records and in bytes."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from typing import Final

import pytest

from streams.faust_app.application import Place
from streams.faust_app.intake import Work, intake_app
from streams.faust_app.room import Room
from streams.faust_app.worker import run
from streams.intake import Raw
from streams.kafka import topics
from streams.ports import Effect
from tests.streams.kafka import sending
from tests.streams.shop import Shop, ask

MOST: Final = 2_000_000
EACH: Final = 100_000
COUNT: Final = 100
"""Five times what there is room for."""


class Record:
    """Something that can be held."""


async def test_who_finds_no_room_waits_until_something_is_gone() -> None:
    room, first, second = Room(10), Record(), Record()
    await room.take(first, 10)
    taking = asyncio.create_task(room.take(second, 4))
    while not room.waiting:  # noqa: ASYNC110 - it tells nobody else
        await asyncio.sleep(0)
    assert not taking.done()
    del first
    await taking
    assert (room.held, room.waiting) == (4, False)


async def test_a_record_larger_than_the_room_comes_in_alone() -> None:
    room, large = Room(10), Record()
    await room.take(large, 50)
    assert room.held == 50
    del large
    assert room.held == 0


async def test_what_only_refers_to_itself_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.faust_app.room._PAUSE", 0)
    room, knot = Room(10), Record()
    knot.itself = knot  # type: ignore[attr-defined]  # a knot is what it is for
    await room.take(knot, 10)
    gc.disable()
    try:
        del knot
        await room.take(Record(), 1)
    finally:
        gc.enable()
    assert room.held <= 1


@pytest.mark.lane("kafka")
# The framework leaves coroutines of its own behind when its event loop ends.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_ledger_that_stands_still_stops_the_reading(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    shop, goes, stop = Shop(), asyncio.Event(), asyncio.Event()
    room, seen, most = Room(MOST), 0, 0
    filler = b" " * EACH
    values = [ask(f"c{n}", f"D{n}").body + filler for n in range(COUNT)]
    await sending.send(broker, sending.registry(domain), values)

    async def slow(batch: Sequence[Raw]) -> Sequence[Effect]:
        nonlocal most
        await goes.wait()
        most = max(most, room.held)
        return await shop.handler.handle(batch)

    def told(_: str, count: int) -> None:
        nonlocal seen
        seen += count
        if seen >= COUNT:
            stop.set()

    names = await topics.existing(broker, f"wurao.{domain}.intake.")
    app = intake_app(Place(broker=broker, domain=domain), names, Work(slow, told=told, room=room))
    async with asyncio.TaskGroup() as group:
        group.create_task(run(app, stop))
        while not room.waiting:  # noqa: ASYNC110 - it tells nobody else
            await asyncio.sleep(0.01)
        assert MOST <= room.held <= MOST + len(values[0])
        goes.set()
    assert [e["causationid"] for e in await shop.entries()] == [
        f"portal#c{n}" for n in range(COUNT)
    ]
    assert most <= MOST + len(values[0])
