"""Old and new processes side by side on one database, while an upgrade rolls.

There is no older program at hand, so this one is the older, and what a newer one would do to the database is
done by hand: columns that it does not know in every table, a field in a state, a type of event, a field in an
event. It shows that what runs goes on, and that what cannot be judged is left to the newer program, never
refused. It does not show that a certain older release works: what that one did not know it could not be told.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import TypeAdapter, create_model

from scheduler import states
from scheduler.decide import decide
from scheduler.evolve import evolve
from scheduler.notify import notify
from schemas.topics import LEDGER
from streams.outside import Record
from streams.patience import Outage, Patience, settle
from streams.ports import Append, CommandKey, Draft, Effect, Newer
from streams.postgres import Database, PostgresLedger
from streams.postgres.reading import PostgresQueries
from streams.relay import Relay
from streams.replay import audit
from tests.streams.shop import Shop, ask
from tests.streams.stories import december

pytestmark = pytest.mark.lane("postgres")

TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = $1 AND table_type = 'BASE TABLE' ORDER BY table_name
"""


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


HASTY = Patience(sleep=no_pause)


class Topics:
    """Topics in memory."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Topics]:
        yield self

    async def last(self) -> int:
        return max((r.position for r in self.records if r.topic is LEDGER), default=0)

    async def publish(self, records: Sequence[Record]) -> None:
        self.records += records


async def upgraded(database: Database) -> int:
    """Do to the schema what a later migration may do: columns to every table; return how many tables."""
    async with database.connection() as connection:
        names = [row["table_name"] for row in await connection.fetch(TABLES, database.schema)]
        for name in names:
            await connection.execute(
                f"ALTER TABLE \"{name}\" ADD COLUMN later text NOT NULL DEFAULT 'later',"
                " ADD COLUMN unknown bigint"
            )
        await connection.execute("CREATE TABLE later_still (key text PRIMARY KEY)")
    return len(names)


async def published(ledger: PostgresLedger) -> list[Record]:
    """Let a relay publish the whole ledger."""
    topics, stop = Topics(), asyncio.Event()
    end = await ledger.position()
    async for last in Relay(ledger, topics.open).pages(topics, stop):
        if last == end:
            stop.set()
    return topics.records


async def test_a_month_goes_on_while_the_schema_is_upgraded(database: Database) -> None:
    story, ledger = december(), PostgresLedger(database)
    shop = Shop(ledger, decide=decide, evolve=evolve, notify=notify)
    half = len(story.told) // 2
    for n, told in enumerate(story.told):
        if n == half:
            assert await upgraded(database) > 30
        shop.clock.at = told.recorded
        await shop.send(told.raw)
    memory = Shop(None, decide=decide, evolve=evolve, notify=notify)
    for told in story.told:
        memory.clock.at = told.recorded
        await memory.send(told.raw)
    assert await shop.cells() == await memory.cells()
    assert (await audit(ledger, evolve, notify)).clean
    bodies = [r.value for r in await published(ledger) if r.topic is LEDGER]
    assert bodies == [body async for _, body in ledger.entries()]
    queries = PostgresQueries(database)
    for kind in ("request", "visit", "department"):
        assert await queries.rows(kind)


def a_newer_state() -> TypeAdapter[Any]:
    """Return what the newer program reads a capacity with."""
    return TypeAdapter(
        create_model("Newer", __base__=states.CapacityState, season=(str | None, None))
    )


async def written_by_a_newer_program(database: Database, key: str) -> None:
    """Give a state a field that this program does not know."""
    async with database.connection() as connection:
        state = json.loads(await connection.fetchval("SELECT state FROM cell WHERE key = $1", key))
        body = json.dumps({**state, "season": "winter"}).encode()
        await connection.execute("UPDATE cell SET state = $2 WHERE key = $1", key, body)


async def test_what_a_newer_program_wrote_is_left_to_it_and_never_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = PostgresLedger(database)
    old = Shop(ledger)
    await old.send(ask("c1", "A"), ask("c2", "B"))
    (key,) = [key async for key, _ in ledger.cells("capacity/A")]
    await written_by_a_newer_program(database, key)
    before = await ledger.position()
    old = Shop(ledger)  # a process that remembers nothing
    with pytest.raises(Outage, match="newer program"):
        await settle(old.handler.handle, [ask("c3", "B"), ask("c4", "A")], HASTY)
    assert await ledger.position() == before
    assert await settle(old.handler.handle, [ask("c3", "B")], HASTY)
    monkeypatch.setitem(states._ADAPTERS, "capacity", a_newer_state())
    effects = await settle(Shop(ledger).handler.handle, [ask("c3", "B"), ask("c4", "A")], HASTY)
    assert [effect.status for effect in effects] == ["accepted", "accepted"]
    entries = [json.loads(body) async for _, body in ledger.entries()]
    assert [e["causationid"] for e in entries] == [f"portal#c{n}" for n in (1, 2, 3, 4)]


async def test_a_damaged_state_is_not_taken_for_a_newer_one(database: Database) -> None:
    ledger = PostgresLedger(database)
    await Shop(ledger).send(ask("c1", "A"))
    async with database.connection() as connection:
        await connection.execute("UPDATE cell SET state = '{\"units\":\"x\"}' WHERE key ~ '^cap'")
    (effect,) = await settle(Shop(ledger).handler.handle, [ask("c2", "A")], HASTY)
    assert effect.status == "rejected"


async def test_an_old_relay_publishes_entries_that_it_does_not_know(database: Database) -> None:
    ledger = PostgresLedger(database)
    await Shop(ledger).send(ask("c1", "A"))
    ((_, known),) = [entry async for entry in ledger.entries()]
    stream = json.loads(known)["subject"]
    later: list[dict[str, Any]] = [
        {"type": "cn.wurao.tea.brewed.v1"},
        {"data": {"leaves": 3, "units": 1}},
    ]
    for n, changes in enumerate(later, start=2):
        entry = {**json.loads(known), **changes, "sequence": n, "id": f"n{n}"}
        entry["causationid"] = f"portal#n{n}"
        await appended(ledger, stream, entry)
    records = [r for r in await published(ledger) if r.topic is LEDGER]
    assert [r.value for r in records] == [body async for _, body in ledger.entries()]
    assert not (await audit(ledger, evolve, notify)).clean, "only the newer program can replay it"


async def appended(ledger: PostgresLedger, stream: str, entry: dict[str, Any]) -> None:
    """Append an entry as a newer program would."""
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    head, _, tail = text.rpartition(f',"position":{entry["position"]}')
    draft = Draft(stream, entry["sequence"], entry["type"], head.encode(), tail.encode())
    key = CommandKey("portal", entry["id"])
    async with ledger.transaction() as transaction:
        cells = await transaction.lock([], [stream])
        state = cells[stream].state or b""
        await transaction.append(
            Append([draft], {stream: state}, [Effect(key, "h", "accepted", stream)])
        )


async def test_who_asks_an_old_process_directly_is_asked_to_come_again(database: Database) -> None:
    ledger = PostgresLedger(database)
    await Shop(ledger).send(ask("c1", "A"))
    (key,) = [key async for key, _ in ledger.cells("capacity/")]
    await written_by_a_newer_program(database, key)
    with pytest.raises(Newer):
        await Shop(ledger).handler.handle([ask("c2", "A")])
