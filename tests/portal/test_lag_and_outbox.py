"""What piles up shows on the page of numbers: records that nobody took, notifications that nobody carried."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal.running.health import Health
from portal.running.metrics import Meters
from streams.clock import SimulatedClock
from streams.delivery import FileChannel
from streams.kafka.intake import Intake, Source, group
from streams.kafka.lag import lag
from tests.portal.http.clients import Desk, a_body
from tests.portal.http.conftest import desk_on_postgres
from tests.streams.kafka import sending
from tests.streams.shop import Shop, ask
from tests.worlds import NOVEMBER

__all__ = ["desk_on_postgres"]


def value(page: bytes | str, name: str) -> float:
    """Return a number of the page."""
    text = page.decode() if isinstance(page, bytes) else page
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, name
    return float(found[1])


async def numbers(health: Health) -> bytes:
    """Return the page once the broker answers it; one that has just begun knows no groups yet."""
    async with asyncio.timeout(60):
        while True:
            status, _, page = await health.answer("GET", "/metrics")
            if status == 200 and value(page, 'wurao_source_up{source="broker"}') == 1:
                return page


@pytest.mark.lane("kafka")
async def test_what_a_worker_has_still_to_take_is_counted_by_topic(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain)
    topic, shop, stop = sending.registry(domain), Shop(), asyncio.Event()
    health = Health(
        lags=lambda: lag(broker, group(domain), [topic]),
        clock=SimulatedClock(NOVEMBER),
        meters=Meters("worker"),
    )
    waiting = f'wurao_consumer_lag{{topic="{topic}"}}'
    await sending.send(broker, topic, [ask(f"c{n}", f"D{n}").body for n in range(5)])
    assert value(await numbers(health), waiting) == 5
    seen = 0

    def told(count: int) -> None:
        nonlocal seen
        seen += count
        if seen == 5:
            stop.set()

    source = Source(broker=broker, domain=domain, topics=[topic], group=group(domain))
    async with asyncio.timeout(60):
        await Intake(source, shop.handler.handle, told=told).run(stop)
    assert value(await numbers(health), waiting) == 0


@pytest.mark.lane("postgres")
async def test_the_oldest_notification_that_waits_tells_its_age(
    desk_on_postgres: Desk, tmp_path: Path
) -> None:
    desk = desk_on_postgres
    assert (await desk.post("clerk", "requests", a_body())).is_success
    desk.at(NOVEMBER + timedelta(hours=2))
    page = (await desk.client.get("/metrics")).text
    assert value(page, "wurao_outbox_waiting") >= 1
    assert value(page, "wurao_outbox_age_seconds") == 7200
    await desk.service.deliver(FileChannel(tmp_path / "sent"))
    page = (await desk.client.get("/metrics")).text
    held = value(page, "wurao_outbox_waiting")
    assert (held == 0) == (value(page, "wurao_outbox_age_seconds") == 0)
