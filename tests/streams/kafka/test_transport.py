"""The transport that hands commands in through topics, where the broker is away for a moment."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from aiokafka.errors import KafkaConnectionError

from streams.kafka import topics
from streams.kafka.transport import KafkaTransport
from streams.memory import MemoryLedger
from streams.patience import Outage, Patience


async def at_once(_: float) -> None:
    """Sleep without a clock."""


class Away:
    """Makes topics only when it was asked often enough."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.made: list[str] = []

    async def ensure(self, _: str, wanted: Sequence[topics.Wanted]) -> topics.Report:
        if self.left:
            self.left -= 1
            raise KafkaConnectionError("nobody answers")
        self.made += [each.name for each in wanted]
        return topics.Report()


def a_transport(limit: float) -> KafkaTransport:
    patience = Patience(limit=limit, sleep=at_once)
    return KafkaTransport("nowhere:1", "town", MemoryLedger(), bytes.hex, patience=patience)


async def test_topics_are_made_when_the_broker_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Away(3)
    monkeypatch.setattr(topics, "ensure", away.ensure)
    transport = a_transport(limit=60)
    await transport._make_topics({"planner"})
    assert any(name.endswith(".planner") for name in away.made)
    made = len(away.made)
    await transport._make_topics({"planner"})
    assert len(away.made) == made


async def test_a_broker_that_stays_away_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "ensure", Away(10_000).ensure)
    with pytest.raises(Outage):
        await a_transport(limit=1)._make_topics({"planner"})
