"""A long sheet is taken in batches: whoever asks for one thing meanwhile does not wait for its end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from portal.messages import Sender
from portal.running.service import BATCH
from schemas import commands as c
from schemas.envelope import ActorRole
from tests.builders import a_department
from tests.portal.http.clients import Desk
from tests.portal.http.conftest import desk_on_postgres
from tests.portal.offices import enterprises, sheet, take
from tests.worlds import NOVEMBER

__all__ = ["desk_on_postgres"]

pytestmark = pytest.mark.lane("postgres")

ROWS = 10 * BATCH


async def test_a_long_sheet_lets_others_through(desk_on_postgres: Desk, tmp_path: Path) -> None:
    service = desk_on_postgres.service
    path = sheet(tmp_path, "enterprises", enterprises(ROWS))
    office = Sender.of("office", ActorRole.ADMIN)
    importing = asyncio.create_task(take(service, "enterprises", path))
    through = 0
    while not importing.done():
        command = c.RegisterDepartment(department=a_department(id=f"other-{through}"))
        message = office.message(command, id_=f"other-{through}", at=NOVEMBER)
        (effect,) = await service.submit([message])
        assert effect.status == "accepted"
        through += not importing.done()
    report = await importing
    assert (report.taken, report.clean) == (ROWS, True)
    assert through >= ROWS // BATCH // 2
