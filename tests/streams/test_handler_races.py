"""What happens when somebody else writes between the peek and the lock, or the store gives up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count

import pytest

from scheduler import keys
from scheduler.states import TallyState
from scheduler.view import Context, Decision, View
from schemas import commands as c
from schemas import events as e
from streams.handler import ATTEMPTS, ROUNDS, Busy
from streams.memory import MemoryLedger, MemoryTransaction
from streams.ports import Append, Cell
from tests.streams.shop import Shop, ask, decide, message

Rival = Callable[[int], Awaitable[None]]


class Rivalled(MemoryLedger):
    """A ledger in which a rival acts after the decisions are made and before the locks are taken."""

    def __init__(self) -> None:
        super().__init__()
        self.rival: Rival | None = None
        self.transactions = 0
        self.locked: list[tuple[set[str], set[str]]] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        rival, self.rival = self.rival, None
        if rival is not None:
            await rival(self.transactions)
            self.rival = rival
        self.transactions += 1
        async with super().transaction() as transaction:
            yield Watched(self, transaction)


class Watched(MemoryTransaction):
    """A transaction that notes what it was asked to lock."""

    def __init__(self, ledger: Rivalled, real: MemoryTransaction) -> None:
        self._rivalled, self._real = ledger, real

    async def lock(self, shared: Sequence[str], owned: Sequence[str]) -> Mapping[str, Cell]:
        self._rivalled.locked.append((set(shared), set(owned)))
        return await self._real.lock(shared, owned)

    async def append(self, batch: Append) -> int:
        return await self._real.append(batch)


def rivals(ledger: Rivalled, *steps: Callable[[], Awaitable[object]]) -> None:
    """Let the n-th step happen just before the n-th transaction of the handler under test."""
    waiting = list(steps)

    async def act(_: int) -> None:
        if waiting:
            saved, ledger.rival = ledger.rival, None
            await waiting.pop(0)()
            ledger.rival = saved

    ledger.rival = act


async def test_what_is_read_is_locked_shared_and_what_changes_is_owned() -> None:
    ledger = Rivalled()
    await Shop(ledger).send(ask("a", "D1"))
    stream = "capacity/D1/2026-12-01"
    changed = {stream, "tally/cap/two/D1", f"deadline/tell/{stream}"}
    assert ledger.locked == [({keys.POLICY}, changed)]


async def test_a_rival_that_takes_the_last_unit_first_leaves_a_refusal() -> None:
    ledger = Rivalled()
    ours, theirs = Shop(ledger), Shop(ledger)
    await ours.send(ask("a", "D1", 1))
    rivals(ledger, lambda: theirs.send(ask("theirs", "D1", 2, source="kafka-2")))
    assert await ours.send(ask("ours", "D1", 3)) == ["refused"]
    assert (await ours.cells())["tally/cap/two/D1"] == b'{"reserved":2}'


async def test_decisions_stand_when_a_rival_changed_something_else() -> None:
    ledger = Rivalled()
    ours, theirs = Shop(ledger), Shop(ledger)
    rivals(ledger, lambda: theirs.send(ask("theirs", "D2", source="kafka-2")))
    assert await ours.send(ask("ours", "D1")) == ["accepted"]
    # One of theirs, one of ours: nobody had to try twice.
    assert ledger.transactions == 2


async def test_a_new_decision_on_the_same_cells_is_made_under_the_same_locks() -> None:
    ledger = Rivalled()
    ours, theirs = Shop(ledger), Shop(ledger)
    rivals(ledger, lambda: theirs.send(ask("theirs", "D1", 2, source="kafka-2")))
    assert await ours.send(ask("ours", "D1", 1)) == ["accepted"]
    assert ledger.transactions == 2
    assert (await ours.cells())["tally/cap/two/D1"] == b'{"reserved":2}'


async def test_a_rival_with_the_same_command_leaves_its_effect_to_both() -> None:
    ledger = Rivalled()
    ours, theirs = Shop(ledger), Shop(ledger)
    rivals(ledger, lambda: theirs.send(ask("same", "D1")))
    assert await ours.send(ask("same", "D1"), ask("other", "D1", 2)) == ["accepted"] * 2
    assert await ledger.position() == 2
    assert (await ours.cells())["tally/cap/two/D1"] == b'{"reserved":2}'


def chained(command: c.Command, context: Context, view: View) -> Decision:
    """Read as many further cells as the department's tally counts, one after the other."""
    if context.source != "chain" or not isinstance(command, c.SetCapacity):
        return decide(command, context, view)
    tally = view.find(TallyState, keys.cap("two", command.department)) or TallyState()
    for n in range(tally.reserved):
        view.get(f"department/next-{n}")
    stream = keys.capacity("chain", command.day)
    event = e.CapacitySet(department=command.department, day=command.day, units=tally.reserved)
    return Decision("accepted", stream, ((stream, event),))


async def test_a_decision_that_leads_elsewhere_under_locks_starts_over_with_the_union() -> None:
    ledger = Rivalled()
    ours, theirs = Shop(ledger, decide=chained), Shop(ledger)
    rivals(
        ledger,
        lambda: theirs.send(ask("t1", "D1", 1)),
        lambda: theirs.send(ask("t2", "D1", 2)),
    )
    assert await ours.send(ask("ours", "D1", 5, source="chain")) == ["accepted"]
    assert (await ours.cells())["capacity/chain/2026-12-05"] == b'{"units":2}'
    tries = [shared for shared, owned in ledger.locked if "capacity/chain/2026-12-05" in owned]
    # Each try locks what the last one asked for: no cell, next-0, next-0 and next-1.
    assert [len([k for k in shared if "next" in k]) for shared in tries] == [0, 1, 2]
    assert tries[0] <= tries[1] <= tries[2]


def turning(command: c.Command, context: Context, view: View) -> Decision:
    """Read two baselines, and write to the second once the first exists."""
    if context.source != "turn" or not isinstance(command, c.SetCapacity):
        return decide(command, context, view)
    first, second = keys.baseline("D8", 2025), keys.baseline("D9", 2025)
    view.need(first, second)
    stream = second if view.get(first) else keys.baseline("D7", 2025)
    event = e.BaselineRecorded(department="D9", year=2025, by_month=(1,) * 12, evidence="reported")
    return Decision("accepted", stream, ((stream, event),))


async def test_a_cell_that_was_only_read_and_now_changes_is_owned_before_it_is_written() -> None:
    ledger = Rivalled()
    ours, theirs = Shop(ledger, decide=turning), Shop(ledger)
    record = c.RecordBaseline(department="D8", year=2025, by_month=(1,) * 12, evidence="reported")
    rivals(ledger, lambda: theirs.send(message("theirs", record)))
    assert await ours.send(ask("ours", "D1", source="turn")) == ["accepted"]
    second = keys.baseline("D9", 2025)
    ours_locked = [owned for shared, owned in ledger.locked if second in shared | owned]
    assert [second in owned for owned in ours_locked] == [False, True]


async def test_endless_rivals_end_in_busy_and_nothing_is_written() -> None:
    ledger = Rivalled()
    ours = Shop(ledger, decide=chained)
    raised = 0

    async def raise_the_tally() -> None:
        nonlocal raised
        raised += 1
        key = "tally/cap/two/D1"
        async with MemoryLedger.transaction(ledger) as transaction:
            await transaction.lock([], [key])
            await transaction.append(Append((), {key: b'{"reserved":%d}' % raised}, ()))

    rivals(ledger, *[raise_the_tally] * (ATTEMPTS + 5))
    with pytest.raises(Busy):
        await ours.send(ask("ours", "D1", 5, source="chain"))
    assert raised == ATTEMPTS
    assert await ledger.position() == 0
    assert await ours.send(ask("ours", "D1", 5, source="chain")) == ["accepted"]


class Failing(MemoryLedger):
    """A ledger whose store gives up in the middle of an append, so many times."""

    failures = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        async with super().transaction() as transaction:
            yield transaction
            if self.failures:
                self.failures -= 1
                raise ConnectionError


async def test_a_crash_in_append_leaves_nothing_and_the_same_batch_goes_through_later() -> None:
    ledger = Failing()
    ledger.failures = 1
    shop = Shop(ledger)
    batch = [ask("a", "D1"), ask("b", "D1", 2)]
    with pytest.raises(ConnectionError):
        await shop.send(*batch)
    assert await ledger.position() == 0
    assert await shop.cells() == {}
    assert await ledger.outbox.due(9) == []
    assert await shop.send(*batch) == ["accepted"] * 2


async def test_many_handlers_at_once_never_exceed_the_limit() -> None:
    ledger = MemoryLedger()
    shops = [Shop(ledger) for _ in range(6)]
    answers = await asyncio.gather(
        *(
            shop.send(ask(f"c{n}", "D1", day, source=f"s{n}"))
            for day in range(1, 6)
            for n, shop in enumerate(shops)
        )
    )
    statuses = [status for answer in answers for status in answer]
    # Each of the six sources asks for five days of one department, which may have two.
    assert statuses.count("accepted") == 2
    assert (await shops[0].cells())["tally/cap/two/D1"] == b'{"reserved":2}'
    sequences = [(x["subject"], x["sequence"]) for x in await shops[0].entries()]
    assert len(set(sequences)) == len(sequences) == 30


async def test_a_decision_that_never_has_enough_is_a_fault_not_a_standstill() -> None:
    def greedy(command: c.Command, context: Context, view: View) -> Decision:
        if context.id == "greedy":
            # Each cell that turns out to exist makes it look for the next one.
            next(n for n in count() if view.get(f"tally/chain/{n}") is None)
        return decide(command, context, view)

    shop = Shop(decide=greedy)
    chain = {f"tally/chain/{n}": b'{"reserved":1}' for n in range(2 * ROUNDS)}
    async with shop.memory.transaction() as transaction:
        await transaction.lock([], sorted(chain))
        await transaction.append(Append((), chain, ()))
    statuses = await shop.send(ask("a", "D1"), ask("greedy", "D2"), ask("b", "D3"))
    assert statuses == ["accepted", "rejected", "accepted"]


async def test_a_guess_is_never_believed() -> None:
    """What a handler saw or wrote earlier is a guess only: others have written since."""
    ledger = MemoryLedger()
    ours, theirs = Shop(ledger), Shop(ledger)
    await ours.send(ask("a", "D1", 1))  # one unit taken, as far as we remember
    await theirs.send(ask("b", "D1", 2, source="kafka-2"))
    assert await ours.send(ask("c", "D1", 3)) == ["refused"]


async def test_one_look_at_the_store_is_enough_for_most_batches() -> None:
    class Counting(MemoryLedger):
        looks = 0

        async def peek(self, keys: Sequence[str]) -> Mapping[str, Cell]:
            self.looks += 1
            return await super().peek(keys)

    ledger = Counting()
    shop = Shop(ledger)
    await shop.send(*(ask(f"c{n}", f"D{n}") for n in range(50)))
    # One to load what was guessed, and one more that the memory ledger takes under its lock.
    assert ledger.looks == 2
