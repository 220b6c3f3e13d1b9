"""The handler and the replay on a real database: the loop, rivals in earnest, and the rebuilt store."""

import asyncio

import pytest

from scheduler.decide import decide
from scheduler.evolve import evolve
from scheduler.notify import notify
from streams.digest import digest
from streams.handler import Handler
from streams.postgres import Database, PostgresLedger
from streams.postgres.compare import (
    CELLS,
    EFFECTS,
    NOTIFICATIONS,
    READ_MODELS,
    Difference,
    differences,
    rebuild_schema,
)
from streams.replay import audit, rebuild
from tests.streams.shop import Shop, ask
from tests.streams.shop import notify as shop_notify
from tests.streams.stories import Story, december

pytestmark = pytest.mark.lane("postgres")

TABLES = (CELLS, *READ_MODELS, EFFECTS, NOTIFICATIONS)


async def sent(story: Story, ledger: PostgresLedger | None) -> Shop:
    shop = Shop(ledger, decide=decide, evolve=evolve, notify=notify)
    for told in story.told:
        shop.clock.at = told.recorded
        await shop.send(told.raw)
    return shop


async def test_the_loop_on_postgres_is_the_loop_in_memory_and_replays(database: Database) -> None:
    story, ledger = december(), PostgresLedger(database)
    real, memory = await sent(story, ledger), await sent(story, None)
    assert await real.cells() == await memory.cells()
    assert await digest(ledger.entries()) == await digest(memory.ledger.entries())
    assert (await audit(ledger, evolve, notify)).clean

    async with rebuild_schema(database) as fresh:
        await rebuild(ledger, PostgresLedger(fresh), evolve, notify, size=20)
        assert await differences(database, database.schema, fresh.schema, TABLES) == []
        async with database.connection() as connection:
            await connection.execute("UPDATE visit SET day = day + 1")
        found = await differences(database, database.schema, fresh.schema, TABLES)
    assert found
    assert all(
        isinstance(row, Difference) and row.table == "visit" and row.columns == ("day",)
        for row in found
    )


async def test_handlers_racing_for_the_last_units_never_both_get_one(database: Database) -> None:
    ledger = PostgresLedger(database)
    shops = [Shop(ledger) for _ in range(4)]

    async def race(n: int, shop: Shop) -> list[str]:
        return [
            status
            for day in range(1, 8)
            for status in await shop.send(*(ask(f"{d}-{day}", d, day, f"s{n}") for d in "ABCDE"))
        ]

    answers = await asyncio.gather(*(race(n, shop) for n, shop in enumerate(shops)))
    accepted = sum(answer.count("accepted") for answer in answers)
    # Five departments with two units each, whoever was first.
    assert accepted == 10
    cells = await shops[0].cells()
    assert {cells[f"tally/cap/two/{d}"] for d in "ABCDE"} == {b'{"reserved":2}'}
    assert (await audit(ledger, evolve, shop_notify)).clean
    assert await ledger.position() == 4 * 7 * 5


async def test_the_same_commands_through_four_doors_have_one_effect(database: Database) -> None:
    ledger = PostgresLedger(database)
    handlers: list[Handler] = [Shop(ledger).handler for _ in range(4)]
    batch = [ask(f"c{n}", f"D{n % 7}", n % 9 + 1) for n in range(40)]
    effects = await asyncio.gather(*(handler.handle(batch) for handler in handlers))
    assert all(other == effects[0] for other in effects)
    assert await ledger.position() == 40
    assert (await audit(ledger, evolve, shop_notify)).clean
