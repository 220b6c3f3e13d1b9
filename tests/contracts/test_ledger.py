"""The contract of the ledger: what any store must do, whatever it is made of."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest

from schemas.notifications import Notification, Recipient
from streams.ports import Append, Cell, CommandKey, Conflict, Ledger, Misuse, RawInput
from tests.builders import AN_INSTANT
from tests.contracts.stores import Store, counted, draft, effect, put

A, B = "tally/cap/a", "tally/cap/b"
SHARED = ["policy/current", "department/d1"]


async def test_an_empty_ledger_has_nothing(store: Store) -> None:
    assert await store.ledger.position() == 0
    assert [entry async for entry in store.ledger.entries()] == []
    assert [cell async for cell in store.ledger.cells()] == []
    assert await store.ledger.peek([A]) == {A: Cell(0, None)}
    assert await store.ledger.effects([CommandKey("desk", "1")]) == {}


async def test_an_append_writes_all_of_its_parts(store: Store) -> None:
    async with store.ledger.transaction() as transaction:
        cells = await transaction.lock(SHARED, [A, B])
        assert cells == dict.fromkeys([*SHARED, A, B], Cell(0, None))
        first = await transaction.append(
            Append(
                [draft(A, 1), draft(B, 1), draft(A, 2)],
                {A: counted(1), B: counted(2)},
                [effect("1"), effect("2")],
            )
        )
    assert first == 1
    assert await store.ledger.position() == 3
    assert [entry async for entry in store.ledger.entries()] == [
        (1, b'{"id":"1","position":1,"tail":1}'),
        (2, b'{"id":"1","position":2,"tail":1}'),
        (3, b'{"id":"2","position":3,"tail":1}'),
    ]
    assert await store.ledger.peek([A, B]) == {
        A: Cell(1, counted(1), 2),
        B: Cell(1, counted(2), 1),
    }
    keys = [CommandKey("desk", str(n)) for n in (1, 2, 3)]
    assert await store.ledger.effects(keys) == {keys[0]: effect("1"), keys[1]: effect("2")}


async def test_versions_count_transactions_and_sequences_entries(store: Store) -> None:
    await put(store.ledger, A, 1, sequence=1)
    await put(store.ledger, A, 2)
    assert await store.ledger.peek([A]) == {A: Cell(2, counted(2), 1)}


async def test_a_lock_returns_what_is_committed(store: Store) -> None:
    await put(store.ledger, A, 7, sequence=1)
    async with store.ledger.transaction() as transaction:
        assert await transaction.lock([B], [A]) == {A: Cell(1, counted(7), 1), B: Cell(0, None)}


async def test_what_raises_leaves_nothing(store: Store) -> None:
    await put(store.ledger, A, 1, sequence=1, id_="0")
    notification = Notification(
        id="n1", recipient=Recipient.HEAD, to="d1", template="t", about="visit/v1"
    )

    async def fail() -> None:
        async with store.ledger.transaction() as transaction:
            await transaction.lock([], [A, B])
            await transaction.append(
                Append(
                    [draft(A, 2)],
                    {A: counted(2), B: counted(1)},
                    [effect("1")],
                    [RawInput("i1", "desk", AN_INSTANT, b"x")],
                    [notification],
                )
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await store.ledger.position() == 1
    assert [key async for key, _ in store.ledger.cells()] == [A]
    assert await store.ledger.peek([A, B]) == {A: Cell(1, counted(1), 1), B: Cell(0, None)}
    assert await store.ledger.effects([CommandKey("desk", "1")]) == {}
    assert await store.outbox.due(10) == []
    assert await store.inputs.find("i1") is None
    # The position that was handed out comes again: there are no gaps.
    assert await put(store.ledger, A, 3, sequence=2) == 2


async def test_a_transaction_that_only_locks_leaves_nothing_to_see(store: Store) -> None:
    async with store.ledger.transaction() as transaction:
        await transaction.lock(["month/2026-12"], [A])
    assert [cell async for cell in store.ledger.cells()] == []
    assert await store.ledger.peek([A]) == {A: Cell(0, None)}


async def test_a_command_has_its_effect_once(store: Store) -> None:
    await put(store.ledger, A, 1, sequence=1, id_="1")
    with pytest.raises(Conflict):
        await put(store.ledger, A, 2, sequence=2, id_="1")
    assert await store.ledger.position() == 1
    assert await store.ledger.peek([A]) == {A: Cell(1, counted(1), 1)}
    key = CommandKey("desk", "1")
    assert await store.ledger.effects([key]) == {key: effect("1", A)}


async def test_a_conflict_that_is_swallowed_still_writes_nothing(store: Store) -> None:
    await put(store.ledger, A, 1, sequence=1, id_="1")
    async with store.ledger.transaction() as transaction:
        await transaction.lock([], [B])
        with pytest.raises(Conflict):
            await transaction.append(Append([draft(B, 1)], {B: counted(1)}, [effect("1")]))
    assert await store.ledger.position() == 1
    assert await store.ledger.peek([B]) == {B: Cell(0, None)}


async def test_a_transaction_sees_effects_on_record(store: Store) -> None:
    await put(store.ledger, A, 1, id_="1")
    async with store.ledger.transaction() as transaction:
        key = CommandKey("desk", "1")
        found = await transaction.effects([key, CommandKey("desk", "2"), CommandKey("door", "1")])
        assert found == {key: effect("1", A)}


async def test_a_transaction_locks_once(store: Store) -> None:
    async def lock_twice() -> None:
        async with store.ledger.transaction() as transaction:
            await transaction.lock([], [A])
            await transaction.lock([], [B])

    with pytest.raises(Misuse, match="locks once"):
        await lock_twice()


async def test_a_transaction_appends_once(store: Store) -> None:
    async def append_twice() -> None:
        async with store.ledger.transaction() as transaction:
            await transaction.lock([], [A])
            await transaction.append(Append([draft(A, 1)], {A: counted(1)}, []))
            await transaction.append(Append([draft(A, 2)], {A: counted(2)}, []))

    with pytest.raises(Misuse, match="appends once"):
        await append_twice()
    assert await store.ledger.position() == 0


@pytest.mark.parametrize("shared", [[], [A]])
async def test_only_owned_cells_are_written(store: Store, shared: list[str]) -> None:
    async def write() -> None:
        async with store.ledger.transaction() as transaction:
            await transaction.lock(shared, [B])
            await transaction.append(Append([], {A: counted(1)}, []))

    with pytest.raises(Misuse, match=A):
        await write()


async def test_a_place_in_a_stream_is_taken_once(store: Store) -> None:
    await put(store.ledger, A, 1, sequence=1)
    with pytest.raises(Misuse):
        await put(store.ledger, A, 2, sequence=1)
    assert await store.ledger.peek([A]) == {A: Cell(1, counted(1), 1)}


async def test_entries_are_read_from_and_to_any_position(store: Store) -> None:
    for n in range(1, 6):
        await put(store.ledger, A, n, sequence=n)
    assert [p async for p, _ in store.ledger.entries(after=3)] == [4, 5]
    assert [p async for p, _ in store.ledger.entries(after=1, until=3)] == [2, 3]
    assert [p async for p, _ in store.ledger.entries(until=99)] == [1, 2, 3, 4, 5]
    assert [p async for p, _ in store.ledger.entries(after=9)] == []


async def test_cells_are_read_by_prefix_in_the_order_of_their_bytes(store: Store) -> None:
    keys = ["tally/cap/z", "tally/cap/Z", "tally/cap", "tally/cap/é", "tally/cape", "tally/day/a"]
    for key in keys:
        await put(store.ledger, key, 1)
    found = [key async for key, _ in store.ledger.cells("tally/cap/")]
    assert found == ["tally/cap/Z", "tally/cap/z", "tally/cap/é"]
    every = [key async for key, _ in store.ledger.cells()]
    assert every == sorted(keys, key=str.encode)


async def test_units_are_counted_one_by_one(store: Store) -> None:
    """Tests that of many who add one to what they read under a lock, none is lost."""

    async def add(n: int) -> None:
        async with store.ledger.transaction() as transaction:
            cell = (await transaction.lock(SHARED, [A]))[A]
            used = cell.version + 1
            await asyncio.sleep(0)
            await transaction.append(Append([draft(A, used)], {A: counted(used)}, [effect(str(n))]))

    await asyncio.gather(*(add(n) for n in range(40)))
    assert await store.ledger.peek([A]) == {A: Cell(40, counted(40), 40)}


async def test_of_one_command_sent_many_times_one_is_first(store: Store) -> None:
    results = await asyncio.gather(
        *(put(store.ledger, f"tally/cap/{n}", 1, sequence=1, id_="same") for n in range(8)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Conflict) for result in results) == 7
    assert results.count(1) == 1
    assert await store.ledger.position() == 1


async def test_opposite_orders_of_keys_do_not_wait_for_each_other(store: Store) -> None:
    keys = [A, B, "tally/cap/c", "department/d1", "enterprise/e1", "request/r1"]
    orders = itertools.islice(itertools.cycle(itertools.permutations(keys)), 60)

    async def own(n: int, order: tuple[str, ...]) -> None:
        async with store.ledger.transaction() as transaction:
            await transaction.lock(order[:2] if n % 3 else [], order[2:] if n % 3 else order)
            await asyncio.sleep(0.001 * (n % 3))

    async with asyncio.timeout(30):
        await asyncio.gather(*(own(n, order) for n, order in enumerate(orders)))


async def test_positions_have_no_gaps_whatever_fails(store: Store) -> None:
    """Tests that readers never see a position before all those below it."""
    chance = random.Random(20261225)
    plans = [
        (n, chance.randint(1, 5), chance.random() / 200, chance.random() < 0.4) for n in range(120)
    ]
    done: list[tuple[int, int]] = []

    async def write(n: int, size: int, delay: float, fails: bool) -> None:
        key = f"tally/cap/{n}"
        async with store.ledger.transaction() as transaction:
            await transaction.lock(SHARED, [key])
            await asyncio.sleep(delay)
            drafts = [draft(key, place) for place in range(1, size + 1)]
            first = await transaction.append(Append(drafts, {key: counted(1)}, []))
            await asyncio.sleep(delay)
            if fails:
                raise ZeroDivisionError
        done.append((first, size))

    writing = asyncio.gather(*(write(*each) for each in plans), return_exceptions=True)
    while not writing.done():
        await _no_gap(store.ledger)
        await asyncio.sleep(0.002)
    assert {type(r) for r in writing.result()} == {type(None), ZeroDivisionError}
    # Every success holds a run of positions of its own, and together they hold all.
    taken = sorted(p for first, size in done for p in range(first, first + size))
    assert taken == list(range(1, await store.ledger.position() + 1))
    assert await _no_gap(store.ledger) == len(taken)


async def _no_gap(ledger: Ledger) -> int:
    seen = [position async for position, _ in ledger.entries()]
    assert seen == list(range(1, len(seen) + 1))
    return len(seen)
