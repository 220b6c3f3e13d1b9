"""The table of counters and alerts is what a fold over the ledger gives, also after a crash."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mode.utils.queues import FlowControlQueue

from scheduler.watching import COUNTERS, NONE, OutOfOrderError, Record, fold, settled
from streams.faust_app.application import Place
from streams.faust_app.flow import Flow
from streams.faust_app.watch import Watch, watch_app, watched
from streams.faust_app.worker import run
from streams.kafka.publisher import publishing
from streams.outside import records
from tests.streams.kafka import sending
from tests.streams.shop import Shop, ask


def body(position: int) -> bytes:
    type_ = "deadline.lapsed" if position % 3 == 0 else "visit.entered"
    said: dict[str, Any] = {
        "position": position,
        "id": f"e{position}",
        "type": f"cn.wurao.{type_}.v1",
        "subject": f"visit/v{position}",
        "time": f"2026-{1 + position // 4:02d}-25T09:00:00+08:00",
        "data": {},
    }
    return json.dumps(said).encode()


class Table(dict[str, Record]):
    """A table that remembers its writes, so that a recovery can come short of some."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[tuple[str, Record | None]] = []

    def __setitem__(self, key: str, value: Record) -> None:
        self.writes.append((key, value))
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self.writes.append((key, None))
        super().__delitem__(key)

    def update(self, more: Any = (), /, **_: Any) -> None:  # noqa: ANN401 - as its parent has it
        for key, value in dict(more).items():
            self[key] = value

    def recover(self, lost: int) -> None:
        """Be what a changelog without its last records gives."""
        self.writes = self.writes[: max(0, len(self.writes) - lost)]
        self.clear()
        for key, value in self.writes:
            if value is None:
                super().pop(key, None)
            else:
                super().__setitem__(key, value)


@given(st.data())
def test_no_way_of_handing_entries_over_makes_a_wrong_count(data: st.DataObject) -> None:
    """Tests batches with losses and repetitions, and restarts with a table short of its end."""
    count = data.draw(st.integers(1, 12))
    table = Table()
    place, watch = 0, Watch(table)
    for _ in range(data.draw(st.integers(0, 6))):
        size = data.draw(st.integers(1, 4))
        batch = [n for n in range(place + 1, place + 1 + size) if n <= count]
        batch = [n for n in batch if data.draw(st.integers(0, 5))]  # one in six is lost
        left = False
        try:
            assert (
                watch.take([body(n) for n in batch]) == dict(table).get(COUNTERS, NONE)["position"]
            )
        except OutOfOrderError:
            left = True
        place = max([place, *batch])
        if left or not data.draw(st.integers(0, 3)):
            table.recover(data.draw(st.integers(0, 3)))
            watch = Watch(table)
            place = max(0, watch.begin() - data.draw(st.integers(0, 1)))
    table.recover(0)
    watch = Watch(table)
    watch.take([body(n) for n in range(watch.begin() + 1, count + 1)])
    assert settled(dict(table)) == fold(json.loads(body(n)) for n in range(1, count + 1))


def test_a_new_month_leaves_one_link_of_facts() -> None:
    table = Table()
    watch = Watch(table)
    for position in range(1, 13):
        watch.take([body(position)])
    # Positions 8 to 11 are of March, 12 begins April.
    assert [key for key in table if key.startswith("facts/")] == ["facts/12"]
    assert Watch(table).begin() == 12
    assert settled(dict(table)) == fold(json.loads(body(n)) for n in range(1, 13))


def test_a_batch_in_which_an_entry_is_missing_counts_nothing() -> None:
    table = Table()
    with pytest.raises(OutOfOrderError):
        Watch(table).take([body(1), body(3)])
    assert not table


def test_records_that_were_read_are_not_thrown_away_while_they_flow() -> None:
    """Tests what the framework does at the end of a recovery, when agents are served already."""
    flow = Flow()
    queue: FlowControlQueue[int] = FlowControlQueue(flow_control=flow, clear_on_resume=True)
    flow.resume()
    queue.put_nowait(1)
    flow.resume()
    assert queue.qsize() == 1
    flow.suspend()
    flow.resume()
    assert queue.qsize() == 0


async def unquestioned() -> None:
    """Nobody asks whether we still lead."""


async def published(broker: str, domain: str, shop: Shop, first: int, last: int) -> None:
    """Publish a run of entries, with broken bytes among the commands."""
    for n in range(first, last + 1):
        raw = ask(f"c{n}", f"D{n}") if n % 5 else ask(f"c{n}", "D", source="other")
        await shop.handler.handle([raw])
    bodies = [body async for _, body in shop.ledger.entries(after=first - 1)]
    async with publishing(broker, domain, unquestioned) as publisher:
        await publisher.publish([r for body in bodies for r in records(body, {})])


async def looked(broker: str, domain: str, position: int) -> None:
    """Run the watch until it has counted a position."""
    stop = asyncio.Event()

    def told(last: int) -> None:
        if last >= position:
            stop.set()

    left: list[bool] = []

    def leave() -> None:
        left.append(True)
        stop.set()

    async with asyncio.timeout(90):
        await run(watch_app(Place(broker=broker, domain=domain), told, leave), stop)
    assert not left, "an entry was missed"


@pytest.mark.lane("kafka")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_the_table_is_the_fold_and_goes_on_after_a_restart(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    shop = Shop()
    for first, last in ((1, 30), (31, 60)):
        await published(broker, domain, shop, first, last)
        await looked(broker, domain, last)
        assert await watched(broker, domain) == fold(await shop.entries())
