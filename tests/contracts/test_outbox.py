"""The contracts of the outbox, of rejected inputs and of the vault's key store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.notifications import Notification, Recipient
from streams.ports import RETENTION, Append, Misuse, RawInput
from tests.builders import AN_INSTANT
from tests.contracts.stores import Store, counted, draft


def told(id_: str) -> Notification:
    return Notification(
        id=id_,
        recipient=Recipient.ENTERPRISE,
        to="e1",
        template="visit_announced",
        params={"day": "2026-12-25", "people": 2, "name": "甲厂"},
        about="visit/v1",
        ordinal=1,
    )


async def tell(store: Store, sequence: int, *ids: str) -> None:
    async with store.ledger.transaction() as transaction:
        await transaction.lock([], ["tally/a"])
        drafts, cells = [draft("tally/a", sequence)], {"tally/a": counted(sequence)}
        batch = Append(drafts, cells, [], notifications=[told(id_) for id_ in ids])
        await transaction.append(batch)


async def test_notifications_wait_in_the_order_of_their_entries(store: Store) -> None:
    await tell(store, 1, "z", "a")
    await tell(store, 2, "m")
    assert await store.outbox.due(10) == [told("z"), told("a"), told("m")]
    assert await store.outbox.due(2) == [told("z"), told("a")]


async def test_what_was_delivered_waits_no_longer(store: Store) -> None:
    await tell(store, 1, "z", "a", "m")
    await store.outbox.delivered(["a", "z"], "file")
    await store.outbox.delivered(["z", "unknown"], "sms")
    assert await store.outbox.due(10) == [told("m")]


async def test_nobody_is_told_twice(store: Store) -> None:
    await tell(store, 1, "z")
    await store.outbox.delivered(["z"], "file")
    with pytest.raises(Misuse):
        await tell(store, 2, "z")
    assert await store.ledger.position() == 1


async def test_a_rejected_input_is_kept_for_its_time(store: Store) -> None:
    early = RawInput("i1", "desk", AN_INSTANT, b"\x00\xff")
    late = RawInput("i2", "desk", AN_INSTANT + timedelta(seconds=1), b"")
    async with store.ledger.transaction() as transaction:
        await transaction.append(Append([], {}, [], inputs=[early, late]))
    assert await store.inputs.find("i1") == early
    assert await store.inputs.purge(AN_INSTANT + RETENTION - timedelta(seconds=1)) == 0
    assert await store.inputs.purge(AN_INSTANT + RETENTION) == 1
    assert await store.inputs.find("i1") is None
    assert await store.inputs.find("i2") == late


async def test_the_first_key_of_a_subject_stands(store: Store) -> None:
    assert await store.keys.add({"s1": b"1"}) == {"s1": b"1"}
    assert await store.keys.add({"s2": b"2", "s1": b"other"}) == {"s1": b"1", "s2": b"2"}
    assert await store.keys.find(["s1", "s3"]) == {"s1": b"1"}
    assert await store.keys.remove("s1")
    assert not await store.keys.remove("s1")
    assert await store.keys.add({"s1": b"another"}) == {}
    assert await store.keys.find(["s1"]) == {}
