"""Delivery: at least once, in order, and the token to the enterprise alone."""

from __future__ import annotations

import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from schemas.notifications import Notification, Recipient
from streams.credentials import KeyedCredentials
from streams.delivery import INVITATION, FileChannel, deliver
from streams.keyring import KeyRing
from streams.memory import MemoryLedger
from streams.ports import Append, Outbox

CREDENTIALS = KeyedCredentials(KeyRing.from_seed(b"a test world"))


def told(
    id_: str,
    recipient: Recipient = Recipient.DEPARTMENT,
    template: str = "t",
    **params: str | int,
) -> Notification:
    return Notification(
        id=id_, recipient=recipient, to="d1", template=template, params=params, about="visit/v1"
    )


async def outbox_with(*notifications: Notification) -> Outbox:
    ledger = MemoryLedger()
    async with ledger.transaction() as transaction:
        await transaction.append(Append([], {}, [], notifications=notifications))
    return ledger.outbox


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


class Broken:
    """A channel that takes nothing."""

    name = "broken"

    async def send(self, notifications: Sequence[Notification]) -> None:
        raise OSError(f"{len(notifications)} refused")


async def test_all_are_delivered_once_and_in_order(tmp_path: Path) -> None:
    outbox = await outbox_with(told("n1"), told("n2"), told("n3", name="甲厂"))
    channel = FileChannel(tmp_path / "out" / "sent.jsonl")
    assert await deliver(outbox, channel, CREDENTIALS, limit=2) == 2
    assert await deliver(outbox, channel, CREDENTIALS, limit=2) == 1
    assert await deliver(outbox, channel, CREDENTIALS, limit=2) == 0
    sent = lines(tmp_path / "out" / "sent.jsonl")
    assert [line["id"] for line in sent] == ["n1", "n2", "n3"]
    assert sent[2]["params"] == {"name": "甲厂"}


async def test_what_a_digest_tells_is_not_told_one_by_one(tmp_path: Path) -> None:
    outbox = await outbox_with(told("n1", template="later"), told("n2"))
    channel = FileChannel(tmp_path / "sent")
    assert await deliver(outbox, channel, CREDENTIALS, held={"later"}) == 2
    assert [line["id"] for line in lines(tmp_path / "sent")] == ["n2"]
    assert await outbox.due(9) == []


async def test_what_a_channel_did_not_take_waits(tmp_path: Path) -> None:
    outbox = await outbox_with(told("n1"))
    with pytest.raises(OSError, match="refused"):
        await deliver(outbox, Broken(), CREDENTIALS)
    assert await deliver(outbox, FileChannel(tmp_path / "sent"), CREDENTIALS) == 1


async def test_the_rating_token_goes_to_the_enterprise_and_into_no_store(tmp_path: Path) -> None:
    outbox = await outbox_with(
        told("n1", Recipient.ENTERPRISE, INVITATION, visit="v1"),
        told("n2", Recipient.DEPARTMENT, INVITATION, visit="v1"),
        told("n3", Recipient.ENTERPRISE, "code-issued", visit="v1"),
    )
    assert all("rating_token" not in n.params for n in await outbox.due(9))
    await deliver(outbox, FileChannel(tmp_path / "sent"), CREDENTIALS)
    tokens = [line["params"].get("rating_token") for line in lines(tmp_path / "sent")]
    assert tokens[1:] == [None, None]
    assert CREDENTIALS.read_rating_token(tokens[0]) == "v1"


async def test_a_line_that_was_cut_short_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_text('{"id": "n0"}\n{"id": "n1", "par')
    await FileChannel(path).send([told("n1")])
    good, _, again = path.read_text().splitlines()
    assert json.loads(good)["id"] == "n0"
    assert json.loads(again)["id"] == "n1"


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    await FileChannel(tmp_path / "sent").send([told("n1")])
    assert stat.S_IMODE((tmp_path / "sent").stat().st_mode) == 0o600
