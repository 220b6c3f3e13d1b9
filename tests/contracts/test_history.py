"""The contract of a case's history: the entries of its streams, in order."""

from __future__ import annotations

import json

import pytest

from streams.history import History, MemoryHistory
from streams.ports import Append, Draft
from streams.postgres.history import PostgresHistory
from tests.contracts.stores import Store, store_of

KINDS = ["memory", pytest.param("postgres", marks=pytest.mark.lane("postgres"))]


@pytest.fixture(params=KINDS)
def both(request: pytest.FixtureRequest) -> tuple[Store, History]:
    """Return a store of each kind in turn, and its history."""
    store = store_of(request)
    if request.param == "memory":
        return store, MemoryHistory(store.ledger)
    return store, PostgresHistory(request.getfixturevalue("database"))


def a_draft(stream: str, sequence: int) -> Draft:
    """Return a draft that says which stream it is of."""
    head = b'{"id":"%s-%d"' % (stream.encode(), sequence)
    return Draft(stream, sequence, "cn.wurao.test.v1", head, b',"subject":"%s"}' % stream.encode())


async def test_a_history_holds_its_streams_in_order(both: tuple[Store, History]) -> None:
    store, history = both
    order = [("tally/a", 1), ("tally/b", 1), ("tally/a", 2), ("tally/c", 1)]
    for stream, sequence in order:
        async with store.ledger.transaction() as transaction:
            await transaction.lock([], [stream])
            await transaction.append(Append([a_draft(stream, sequence)], {stream: b"{}"}, []))
    found = [json.loads(body) for body in await history.of(["tally/c", "tally/a"])]
    assert [entry["id"] for entry in found] == ["tally/a-1", "tally/a-2", "tally/c-1"]
    assert [entry["position"] for entry in found] == [1, 3, 4]
    assert await history.of(["tally/none"]) == []
