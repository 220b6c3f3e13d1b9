"""The search through the ledger: page by page to its beginning, nothing left out and nothing twice."""

from __future__ import annotations

import pytest

from portal.messages import Sender
from portal.pages.cases import MOST_HITS, Wanted, search
from portal.running.service import Service
from schemas import commands as c
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from tests.builders import AN_INSTANT, a_department, an_enterprise

OFFICE = Sender.of("office", ActorRole.ADMIN)
ADMIN = Sender.of("root", ActorRole.ADMIN)


@pytest.fixture
async def service() -> Service:
    """Return a ledger of 300 entries, every third of them a department's."""
    found = Service.memory(clock=SimulatedClock(AN_INSTANT))
    messages = [
        ADMIN.message(
            c.RegisterDepartment(department=a_department(id=f"d{n}", name=f"局{n}")),
            id_=f"m-{n}",
            at=AN_INSTANT,
        )
        if n % 3 == 0
        else OFFICE.message(
            c.RegisterEnterprise(enterprise=an_enterprise(n)), id_=f"m-{n}", at=AN_INSTANT
        )
        for n in range(300)
    ]
    await found.submit(messages)
    return found


async def walked(service: Service, wanted: Wanted) -> list[list[int]]:
    """Return the positions on each page of a search, from the last to the first."""
    pages, before = [], None
    while True:
        one = Wanted(wanted.text, wanted.type, wanted.actor, before)
        found = await search(service.queries, service.ledger, one)
        pages.append([hit.entry.position for hit in found.hits])
        before = found.before
        if before is None:
            return pages


@pytest.mark.parametrize(
    ("wanted", "hits"),
    [
        (Wanted(), range(300, 0, -1)),
        (Wanted(type="cn.wurao.department.registered.v1"), range(298, 0, -3)),
        (Wanted(actor="root"), range(298, 0, -3)),
        (Wanted(text="局27"), [280, 277, 274, 271, 28]),
    ],
)
async def test_every_entry_that_fits_is_shown_once(
    service: Service, wanted: Wanted, hits: list[int]
) -> None:
    pages = await walked(service, wanted)
    assert [position for page in pages for position in page] == list(hits)
    assert all(len(page) <= MOST_HITS for page in pages)
