"""The relay on a real broker and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest

from schemas.topic import Rows
from schemas.topics import AUDIENCES
from streams.kafka import naming, topics
from streams.kafka.audit import check_topic, committed
from streams.kafka.ends import last_position
from streams.kafka.log import TopicLog
from streams.kafka.publisher import KafkaPublisher, publishing
from streams.outside import Record, records
from streams.ports import Append, Draft, Unavailable
from streams.postgres import Database, PostgresLedger
from streams.postgres.leader import leading
from streams.relay import Opening, Publisher, Relay, Unpublished
from tests.databases import execute
from tests.streams.kafka import sending
from tests.streams.shop import Shop, ask

pytestmark = pytest.mark.lane("kafka")


async def unquestioned() -> None:
    """Nobody asks whether we still lead."""


def opening(broker: str, domain: str, database: Database) -> Opening:
    """Return how the relay opens its publisher: first of all wait to be the only one."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Publisher]:
        async with (
            leading(database, "relay", pause=0.05) as still,
            publishing(broker, domain, still) as publisher,
        ):
            yield publisher

    return opened


async def until(relay: Relay, broker: str, domain: str, position: int) -> None:
    """Let a relay run until the topic holds a position."""
    stop = asyncio.Event()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(relay.run(stop))
        await reached(broker, domain, position)
        stop.set()


async def reached(broker: str, domain: str, position: int) -> None:
    """Wait until the topic holds a position."""
    while await last_position(broker, naming.ledger(domain)) < position:  # noqa: ASYNC110 - another process writes there
        await asyncio.sleep(0.05)


async def entries(count: int, first: int = 1) -> list[bytes]:
    """Return entries with positions from ``first`` on."""
    shop = Shop()
    await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(1, first + count)))
    return [body async for _, body in shop.ledger.entries(after=first - 1)]


def ledger_records(bodies: Sequence[bytes]) -> Iterator[Record]:
    """Yield the records of entries that concern nobody outside."""
    return (record for body in bodies for record in records(body, {}))


async def test_the_topic_is_the_ledger(broker: str, domain: str, database: Database) -> None:
    await sending.prepare(broker, domain)
    ledger = PostgresLedger(database)
    shop = Shop(ledger)
    await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(900)))
    await until(Relay(ledger, opening(broker, domain, database)), broker, domain, 900)
    report = await check_topic(broker, naming.ledger(domain), ledger)
    assert report.clean
    assert (report.entries, report.records, report.behind) == (900, 900, 0)


async def test_who_commits_late_is_not_skipped(
    broker: str, domain: str, database: Database
) -> None:
    """Tests that a reader of "all above the last one" meets no gap that fills up behind it.

    One transaction has its positions and does not commit; another one starts later and would be
    done at once. It has to wait at the head, so nothing above the open one can be seen.
    """
    await sending.prepare(broker, domain)
    ledger = PostgresLedger(database)
    shop = Shop(ledger)
    await shop.send(ask("c0", "D0"))
    taken, go = asyncio.Event(), asyncio.Event()

    async def late() -> None:
        async with ledger.transaction() as transaction:
            await transaction.lock([], ["capacity/late/2026-12-01"])
            cells = {"capacity/late/2026-12-01": b'{"units":1}'}
            assert await transaction.append(Append([late_draft()], cells, [])) == 2
            taken.set()
            await go.wait()

    slow = asyncio.create_task(late())
    await taken.wait()
    quick = asyncio.create_task(shop.send(ask("quick", "Q")))
    relay = Relay(ledger, opening(broker, domain, database), idle=0.01)
    await until(relay, broker, domain, 1)
    await asyncio.sleep(0.2)
    assert await last_position(broker, naming.ledger(domain)) == 1
    assert not quick.done()
    go.set()
    await asyncio.gather(slow, quick)
    await until(relay, broker, domain, 3)
    report = await check_topic(broker, naming.ledger(domain), ledger)
    assert (report.clean, report.records) == (True, 3)


def late_draft() -> Draft:
    """Return an entry that was not made by a handler."""
    head = b'{"data":{},"id":"late"'
    tail = b',"source":"x","subject":"capacity/late/2026-12-01","type":"cn.wurao.capacity.set.v1"}'
    return Draft("capacity/late/2026-12-01", 1, "cn.wurao.capacity.set.v1", head, tail)


async def test_the_last_position_is_found_behind_markers_and_aborted_pages(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain)
    topic = naming.ledger(domain)
    assert await last_position(broker, topic) == 0
    bodies = await entries(3)
    async with publishing(broker, domain, unquestioned) as publisher:
        await publisher.publish(list(ledger_records(bodies)))
    # Asked by the next one, as the relay does: to open is to wait for the marker of the last page.
    assert await last(broker, domain) == 3
    for size in (1, 200):  # fewer and more than the first window
        async with publishing(broker, domain, unquestioned) as publisher:
            await leave_open(publisher, ledger_records(await entries(size, first=4)))
        assert await last(broker, domain) == 3
    assert [p for p, _ in [each async for each in committed(broker, topic)]] == [1, 2, 3]
    log = TopicLog(broker, topic)
    assert [body async for _, body in log.entries()] == bodies
    pages = [page async for page in log.pages(after=1, until=2)]
    assert pages == [[(2, bodies[1])]]


async def last(broker: str, domain: str) -> int:
    """Return what a publisher finds when it opens."""
    async with publishing(broker, domain, unquestioned) as publisher:
        return await publisher.last()


async def leave_open(publisher: KafkaPublisher, page: Iterator[Record]) -> None:
    """Send a page and crash before it is committed."""

    async def crash() -> None:
        raise Unavailable("here it ends")

    publisher._still = crash
    with pytest.raises(Unavailable):
        await publisher.publish(list(page))


async def test_whoever_opens_shuts_the_one_before_out(broker: str, domain: str) -> None:
    await sending.prepare(broker, domain)
    bodies = await entries(2)
    async with publishing(broker, domain, unquestioned) as old:
        await old.publish(list(ledger_records(bodies[:1])))
        async with publishing(broker, domain, unquestioned) as new:
            assert await new.last() == 1
            with pytest.raises(Unpublished, match="Fenced"):
                await old.publish(list(ledger_records(bodies[1:])))
            await new.publish(list(ledger_records(bodies[1:])))
    assert await last(broker, domain) == 2


async def test_the_second_relay_waits_for_the_first(
    broker: str, domain: str, database: Database
) -> None:
    await sending.prepare(broker, domain)
    ledger = PostgresLedger(database)
    shop = Shop(ledger)
    told: list[str] = []
    stops = [asyncio.Event(), asyncio.Event()]
    open_ = opening(broker, domain, database)
    relays = [
        Relay(ledger, open_, told=lambda _: told.append("first")),
        Relay(ledger, open_, told=lambda _: told.append("second")),
    ]
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        await shop.send(ask("c0", "D0"))
        group.create_task(relays[0].run(stops[0]))
        await reached(broker, domain, 1)
        group.create_task(relays[1].run(stops[1]))
        await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(1, 50)))
        await reached(broker, domain, 50)
        assert set(told) == {"first"}
        stops[0].set()
        await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(50, 100)))
        await reached(broker, domain, 100)
        stops[1].set()
    assert told[-1] == "second"
    report = await check_topic(broker, naming.ledger(domain), ledger)
    assert (report.clean, report.records) == (True, 100)


async def test_whoever_lost_the_lock_publishes_no_more(
    broker: str, domain: str, database: Database, database_dsn: str
) -> None:
    await sending.prepare(broker, domain)
    bodies = await entries(2)
    async with (
        leading(database, "relay") as still,
        publishing(broker, domain, still) as publisher,
    ):
        await publisher.publish(list(ledger_records(bodies[:1])))
        await end_sessions(database_dsn)
        with pytest.raises(Unavailable):
            await publisher.publish(list(ledger_records(bodies[1:])))
    async with publishing(broker, domain, unquestioned) as publisher:
        assert await publisher.last() == 1


async def end_sessions(dsn: str) -> None:
    """Cut every other session of a database off."""
    await execute(
        dsn,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


async def test_a_department_gets_its_topic_when_it_has_its_first_case(
    broker: str, domain: str
) -> None:
    await sending.prepare(broker, domain)
    cases = next(topic for topic in AUDIENCES if topic.rows is Rows.OWN)
    record = Record(cases, b"91430482MA4L00011U", b"{}", 1, owner="fire:2")
    async with publishing(broker, domain, unquestioned) as publisher:
        await publisher.publish([record])
    assert await last(broker, domain) == 0  # and every marker is in its place
    found = await sending.read(broker, naming.address(cases, domain, "fire:2"))
    assert [(r.key, r.value) for r in found] == [(record.key, b"{}")]
    report = await topics.ensure(broker, [topics.wanted(cases, domain, "fire:2")])
    assert report.differing == ()
