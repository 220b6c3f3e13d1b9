"""What searches tell on their topic is read again, and a broker that is away holds nobody up."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer

from schemas.searches import SearchSeen
from streams.kafka import naming
from streams.kafka.searches import SearchReports, reports
from tests.builders import AN_INSTANT


def seen(job: str, step: int) -> SearchSeen:
    """How far a search is."""
    return SearchSeen(job=job, month="2026-12", by="p", at=AN_INSTANT, step=step, millis=10 * step)


async def over() -> bool:
    """Tell that nothing more will come."""
    return True


@pytest.mark.lane("kafka")
@pytest.mark.timeout(200)
async def test_reports_of_a_job_are_read_in_order_and_what_is_none_is_passed_over(
    broker: str, domain: str
) -> None:
    teller = SearchReports(broker, domain)
    await teller.tell(seen("a", 1))
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    for junk in (b"", b"{", b'{"job": "a"}'):
        await producer.send_and_wait(naming.searches(domain), value=junk, key=b"a")
    await producer.stop()
    await teller.tell(seen("b", 7))
    await teller.tell(seen("a", 2))
    await teller.close()
    own = [each async for each in reports(broker, domain, job="a", until=over)]
    assert own == [seen("a", 1), seen("a", 2)]
    every = [each.job async for each in reports(broker, domain, until=over)]
    assert every == ["a", "b", "a"]


async def test_a_broker_that_is_away_holds_nobody_up(domain: str) -> None:
    teller = SearchReports("127.0.0.1:1", domain)
    await teller.tell(seen("a", 1))
    await teller.close()
