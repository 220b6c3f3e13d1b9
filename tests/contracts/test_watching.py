"""The contract of what a watch keeps, and of the watch over it."""

from __future__ import annotations

import pytest

from scheduler.watching import COUNTERS, Record, fold
from schemas.wire import canonical
from streams.memory import MemoryLedger
from streams.ports import Append, Draft
from streams.postgres.watching import PostgresWatched
from streams.watching import LedgerWatch, MemoryWatched, Watched
from tests.contracts.stores import KINDS
from tests.scheduler.alerts.entries import Log


@pytest.fixture(params=KINDS)
def watched(request: pytest.FixtureRequest) -> Watched:
    """Return an empty keeper of each kind in turn."""
    if request.param == "memory":
        return MemoryWatched()
    return PostgresWatched(request.getfixturevalue("database"))


def at(position: int, **more: object) -> dict[str, Record]:
    """Return the records of a position."""
    return {COUNTERS: {"position": position, "alerts": 0, "counts": {}}, **more}  # type: ignore[dict-item]


async def test_records_are_kept_and_replaced(watched: Watched) -> None:
    assert await watched.position() == 0
    assert await watched.load() == {}
    assert await watched.save(0, at(2, **{"fact/a": {"n": 1}}))
    assert await watched.save(2, at(3, **{"fact/a": {"n": 2}, "alert/x": {"rule": "r"}}))
    found = await watched.load()
    assert found["fact/a"] == {"n": 2}
    assert found["alert/x"] == {"rule": "r"}
    assert await watched.position() == 3


async def test_an_empty_record_is_thrown_away(watched: Watched) -> None:
    assert await watched.save(0, at(2, **{"fact/a": {"n": 1}, "fact/b": {"n": 1}}))
    assert await watched.save(2, at(3, **{"fact/a": {}}))
    assert sorted(await watched.load()) == [COUNTERS, "fact/b"]


async def test_who_comes_second_keeps_nothing(watched: Watched) -> None:
    assert await watched.save(0, at(2))
    assert not await watched.save(0, at(1, **{"fact/a": {"n": 1}}))
    assert await watched.load() == at(2)
    await watched.clear()
    assert await watched.position() == 0


def a_log() -> Log:
    """Return a log with alerts in it, some of them found as time passes."""
    log = Log()
    for number in range(1, 6):
        log.visited(f"v{number}", f"2026-03-{number:02d}T09:00", departments=("fire", "market"))
        log.rate(f"v{number}", f"2026-03-{number:02d}T09:01", "poor")
    log.publish("missed", "2026-03-10", enterprise=3)
    log.pass_to("2026-05-01T09:00")
    return log


async def ledger_of(log: Log, ledger: MemoryLedger, until: int) -> None:
    """Write a log's entries into a ledger, up to a position."""
    done = await ledger.position()
    for entry in log.entries[done:until]:
        body = canonical(entry)
        head, _, tail = body.partition(b',"position":%d' % entry["position"])
        stream, sequence = f"tally/{entry['position']}", 1
        async with ledger.transaction() as transaction:
            await transaction.lock([], [stream])
            draft = Draft(stream, sequence, entry["type"], head, tail)
            await transaction.append(Append([draft], {stream: b"{}"}, []))


async def test_a_watch_that_reads_on_finds_what_a_replay_from_zero_finds(watched: Watched) -> None:
    log, ledger = a_log(), MemoryLedger()
    found, whole = {}, fold(log.entries)
    assert whole[COUNTERS]["alerts"] > 8
    for until in (1, 2, 5, 9, len(log.entries)):
        await ledger_of(log, ledger, until)
        # Another process each time: what one found, the next one goes on with.
        found = await LedgerWatch(ledger, watched).look()
        assert found == fold(log.entries[:until])
    assert found == whole
    await watched.clear()
    assert await LedgerWatch(ledger, watched).look() == whole
    assert await LedgerWatch(ledger, watched).rebuild() == whole


async def test_two_watches_at_once_make_no_difference(watched: Watched) -> None:
    log, ledger = a_log(), MemoryLedger()
    one, two = LedgerWatch(ledger, watched), LedgerWatch(ledger, watched)
    await ledger_of(log, ledger, 6)
    await one.look()
    await ledger_of(log, ledger, len(log.entries))
    await two.look()
    assert await one.look() == await two.look() == fold(log.entries)


async def test_an_empty_ledger_has_no_alerts(watched: Watched) -> None:
    found = await LedgerWatch(MemoryLedger(), watched).look()
    assert found[COUNTERS]["position"] == 0
    assert list(found) == [COUNTERS]
