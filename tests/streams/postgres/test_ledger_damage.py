"""What only a real database can show: refusals of change, lost connections, killed processes."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from contextlib import suppress

import asyncpg
import pytest

from streams.ports import Append, Cell, Unavailable
from streams.postgres import Database, PostgresLedger
from tests.contracts.stores import counted, draft, effect, put

pytestmark = pytest.mark.lane("postgres")

A = "tally/cap/a"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = 'x'",
        "UPDATE entry SET body = 'x' WHERE false",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "DELETE FROM effect",
        "UPDATE effect SET status = 'refused'",
    ],
)
async def test_the_ledger_refuses_change(database: Database, statement: str) -> None:
    ledger = PostgresLedger(database)
    await put(ledger, A, 1, sequence=1, id_="1")
    async with database.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await connection.execute(statement)
    assert [body async for _, body in ledger.entries()] == [b'{"id":"1","position":1,"tail":1}']


async def test_a_planning_domain_has_one_head(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO head VALUES ('other', 0)")


async def test_a_connection_lost_in_a_transaction_asks_for_another_try(
    database: Database, database_dsn: str
) -> None:
    ledger = PostgresLedger(database)

    async def cut_off() -> None:
        async with ledger.transaction() as transaction:
            await transaction.lock([], [A])
            await _cut_everybody_off(database_dsn)
            await transaction.append(Append([draft(A, 1)], {A: counted(1)}, []))

    with pytest.raises(Unavailable):
        await cut_off()
    # The pool finds its way back, and nothing of the lost transaction is there.
    await put(ledger, A, 5, sequence=1)
    assert await ledger.peek([A]) == {A: Cell(1, counted(5), 1)}


async def _cut_everybody_off(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_fault_of_the_caller_passes_unchanged(database: Database) -> None:
    """Tests that a caller's own trouble with a file is not taken for trouble with the server."""

    async def fail() -> None:
        async with PostgresLedger(database).transaction():
            raise FileNotFoundError("a file of the caller")

    with pytest.raises(FileNotFoundError, match="of the caller"):
        await fail()


async def test_a_cancelled_transaction_leaves_nothing(database: Database) -> None:
    ledger = PostgresLedger(database)
    appended = asyncio.Event()

    async def hang() -> None:
        async with ledger.transaction() as transaction:
            await transaction.lock([], [A])
            await transaction.append(Append([draft(A, 1)], {A: counted(1)}, []))
            appended.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await appended.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await ledger.position() == 0
    assert await put(ledger, A, 1, sequence=1) == 1


async def _start(program: str, *arguments: str) -> Process:
    command = [sys.executable, "-c", program, *arguments]
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)


_WRITER = """
import asyncio, sys
from streams.ports import Append
from streams.postgres import Database, PostgresLedger
from tests.contracts.stores import counted, draft, effect, put

async def main(dsn):
    ledger = PostgresLedger(await Database.open(dsn))
    await put(ledger, "tally/cap/a", 1, sequence=1, id_="kept")
    async with ledger.transaction() as transaction:
        await transaction.lock(["policy/current"], ["tally/cap/a"])
        drafts = [draft("tally/cap/a", n) for n in range(2, 50)]
        await transaction.append(Append(drafts, {"tally/cap/a": counted(2)}, [effect("lost")]))
        print("in the middle", flush=True)
        await asyncio.Event().wait()

asyncio.run(main(sys.argv[1]))
"""


async def test_a_process_killed_in_a_transaction_leaves_nothing(
    database: Database, database_dsn: str
) -> None:
    writer = await _start(_WRITER, database_dsn)
    assert writer.stdout is not None
    assert await writer.stdout.readline() == b"in the middle\n"
    writer.kill()
    await writer.wait()
    ledger = PostgresLedger(database)
    # Its locks go with its connection: the next writer waits for that at most.
    assert await put(ledger, A, 3, sequence=2, id_="next") == 2
    assert await ledger.peek([A]) == {A: Cell(2, counted(3), 2)}
    keys = [effect(id_).key for id_ in ("kept", "lost", "next")]
    assert set(await ledger.effects(keys)) == {keys[0], keys[2]}


_RACER = """
import asyncio, sys
from streams.ports import Append
from streams.postgres import Database, PostgresLedger
from tests.contracts.stores import counted, draft

async def main(dsn, rounds):
    ledger = PostgresLedger(await Database.open(dsn, size=2))
    won = 0
    for n in range(rounds):
        key = f"tally/cap/{n}"
        async with ledger.transaction() as transaction:
            cell = (await transaction.lock(["policy/current"], [key]))[key]
            if cell.state is None:
                await transaction.append(Append([draft(key, 1)], {key: counted(1)}, []))
                won += 1
    print(won)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


async def test_two_processes_never_both_take_the_last_unit(
    database: Database, database_dsn: str
) -> None:
    rounds = 200
    racers = [await _start(_RACER, database_dsn, str(rounds)) for _ in range(2)]
    said = [(await racer.communicate())[0] for racer in racers]
    assert sum(int(won) for won in said) == rounds
    cells = [state async for _, state in PostgresLedger(database).cells("tally/cap/")]
    assert cells == [counted(1)] * rounds
