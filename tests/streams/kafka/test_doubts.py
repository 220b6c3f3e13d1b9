"""Alerts on their way out: with their evidence, and none that could tell who rated."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from scheduler.watching import COUNTERS, Record, fold
from schemas.doubts import AlertFound
from streams.kafka import naming
from streams.kafka.doubts import Doubts, reported
from streams.kafka.ends import between, reader
from streams.kafka.topics import TopicError
from tests.scheduler.alerts.entries import Log


def test_an_alert_is_told_with_its_evidence_and_the_same_again() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.visited("b", "2026-04-25T09:00")
    alerts = _alerts(log)
    (found,) = reported(alerts)
    assert found.rule == "checked_twice"
    assert f"alert/{found.id}" in alerts
    assert [each.subject for each in found.evidence] == ["visit/a", "visit/b"]
    assert list(reported(_alerts(log))) == [found]


def test_what_tells_who_rated_stays_in_the_house() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.rate("a", "2026-03-25T09:01", "poor")
    log.publish("b", "2026-04-10", "2026-04-01T09:00")
    rules = {record["rule"] for record in _alerts(log).values()}
    assert {"fast_rating", "after_bad_rating"} <= rules
    assert not list(reported(_alerts(log)))


def test_alerts_of_single_entries_travel_with_the_ledger() -> None:
    log = Log()
    log.add("deadline/x", "deadline.lapsed", "2026-03-25T09:00", rule="filing", about="visit/a")
    assert _alerts(log)
    assert not list(reported(_alerts(log)))


def _alerts(log: Log) -> dict[str, Record]:
    return {key: record for key, record in fold(log.entries).items() if key != COUNTERS}


@pytest.mark.lane("kafka")
@pytest.mark.timeout(200)
async def test_alerts_that_are_told_again_are_the_same_records(broker: str, domain: str) -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.visited("b", "2026-04-25T09:00")
    (found,) = reported(_alerts(log))
    teller = Doubts(broker, domain)
    for _ in range(2):
        await teller.tell(_alerts(log))
    await teller.close()
    partition = TopicPartition(naming.doubts(domain), 0)
    async with reader(broker) as consumer:
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        records = [record async for record in between(consumer, partition, 0, end)]
    assert {record.key for record in records} == {found.id.encode()}
    assert [AlertFound.model_validate_json(r.value) for r in records] == [found, found]


async def test_a_broker_that_is_away_is_said(domain: str) -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.visited("b", "2026-04-25T09:00")
    with pytest.raises((KafkaError, OSError, TopicError)):
        await Doubts("127.0.0.1:1", domain).tell(_alerts(log))
