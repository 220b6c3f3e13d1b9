"""A period judged again through the service, on memory."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from portal.proof.judging import judge
from tests.portal.plans.test_explaining import published


async def test_a_month_is_judged_and_its_neighbours_are_not(tmp_path: Path) -> None:
    service, ids = await published(tmp_path)
    december = await judge(service.ledger, date(2026, 12, 1), date(2026, 12, 31))
    assert december.clean
    assert december.entries == await service.ledger.position()
    assert december.requests == len(ids)
    assert december.visits == len(await service.queries.rows("visit"))
    january = await judge(service.ledger, date(2027, 1, 1), date(2027, 1, 31))
    assert (january.visits, january.requests, january.clean) == (0, 0, True)
