"""Topics are made from the table; what is there already is compared and left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.topics import LEDGER
from streams.kafka import naming, topics

pytestmark = pytest.mark.lane("kafka")


async def test_topics_are_made_once(broker: str, domain: str) -> None:
    wanted = topics.table(domain, ["portal"], ["fire"])
    first = await topics.ensure(broker, wanted)
    assert set(first.created) == {each.name for each in wanted}
    again = await topics.ensure(broker, wanted)
    assert again.created == ()
    assert set(again.present) == set(first.created)
    assert again.differing == ()
    assert naming.ledger(domain) in await topics.existing(broker, f"wurao.{domain}.")


async def test_what_differs_is_reported_and_left_alone(broker: str, domain: str) -> None:
    right = topics.wanted(LEDGER, domain)
    wrong = replace(right, partitions=2, settings={"retention.ms": "1000"})
    await topics.ensure(broker, [wrong])
    for _ in range(2):  # the second look finds the same: nothing was changed by the first
        report = await topics.ensure(broker, [right])
        found = {d.setting: (d.wanted, d.found) for d in report.differing}
        assert found["partitions"] == ("1", "2")
        assert found["retention.ms"] == ("-1", "1000")
        assert naming.ledger(domain) in str(report.differing[0])


async def test_what_the_broker_refuses_is_said(broker: str, domain: str) -> None:
    broken = replace(topics.wanted(LEDGER, domain), settings={"retention.ms": "soon"})
    with pytest.raises(topics.TopicError, match=domain):
        await topics.ensure(broker, [broken])
