"""Checkpoints in their compacted topic on a real broker."""

from __future__ import annotations

import pytest

from scheduler.proof.checkpoints import Checkpoint
from scheduler.proof.merkle import Head
from scheduler.proof.notes import Note, Signature
from streams.kafka.checkpoints import checkpoint_topic
from streams.ports import Unavailable
from tests.streams.sealing.ledgers import KEYS

pytestmark = pytest.mark.lane("kafka")

MORE = Signature("w", b"\x00w\x00w", b"seen")


def note(size: int) -> Note:
    text = Checkpoint(KEYS.origin, Head(size, bytes(32))).text()
    return Note(text, (KEYS.signer.sign(text),))


async def test_the_newest_text_of_each_size_is_there(broker: str, domain: str) -> None:
    async with checkpoint_topic(broker, domain) as topic:
        assert (await topic.last(), list(await topic.notes())) == (0, [])
        await topic.put(3, note(3))
        await topic.put(12, note(12))
        await topic.put(3, note(3).with_more([MORE]))
        assert await topic.last() == 12
        expected = [note(3).with_more([MORE]).encode(), note(12).encode()]
        assert list(await topic.notes()) == expected


async def test_a_broker_that_is_away_is_told() -> None:
    async with checkpoint_topic("127.0.0.1:9", "county") as topic:
        assert await topic.last() == 0
        with pytest.raises(Unavailable):
            await topic.put(3, note(3))
        with pytest.raises(Unavailable):
            await topic.notes()
