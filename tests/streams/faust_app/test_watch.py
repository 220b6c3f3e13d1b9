"""The table of counters and alerts is what a fold over the ledger gives, also after a crash."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from scheduler.watching import fold
from streams.faust_app.application import Place
from streams.faust_app.watch import changelog, watch_app
from streams.faust_app.worker import run
from streams.kafka import naming
from streams.kafka.publisher import publishing
from streams.outside import records
from tests.streams.kafka import sending
from tests.streams.shop import Shop, ask

pytestmark = [
    pytest.mark.lane("kafka"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


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


async def watched(broker: str, domain: str, position: int) -> None:
    """Run the watch until it has seen a position."""
    stop = asyncio.Event()

    def told(last: int) -> None:
        if last >= position:
            stop.set()

    async with asyncio.timeout(90):
        await run(watch_app(Place(broker=broker, domain=domain), told), stop)


async def table(broker: str, domain: str) -> dict[str, Any]:
    """Return what the table's changelog holds."""
    found: dict[str, Any] = {}
    for record in await sending.read(broker, changelog(domain)):
        found[json.loads(record.key)] = json.loads(record.value)
    return found


async def test_the_table_is_the_fold_and_goes_on_after_a_restart(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    shop = Shop()
    for first, last in ((1, 30), (31, 60)):
        await published(broker, domain, shop, first, last)
        await watched(broker, domain, last)
        entries = await shop.entries()
        assert await table(broker, domain) == fold(iter(entries))
    assert naming.ledger(domain)
