"""Two intakes, as two processes, race for the last free unit of a cap: never both get it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from portal.demo.reference import calendar
from portal.messages import Sender
from portal.running.service import Service
from portal.settings import Settings
from schemas import commands as c
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from tests.builders import (
    a_department,
    a_policy_stack,
    a_request,
    a_uscc,
    an_enterprise,
    an_item,
)
from tests.worlds import NOVEMBER

RACES = 1_000
CHILD = Path(__file__).with_name("intake_process.py")

pytestmark = pytest.mark.lane("postgres")


async def _prepare(dsn: str, data: Path) -> None:
    """Register everything and let each enterprise have one of its two units taken."""
    office = Sender.of("office", ActorRole.SCHEDULER, source="office")
    clerk = Sender.of("clerk-early", ActorRole.CLERK, "fire", source="early")
    commands: list[c.Command] = [
        c.AdoptPolicy(layers=a_policy_stack()),
        *(c.AdoptCalendar(calendar=found) for y in (2025, 2026) if (found := calendar(y))),
        c.RegisterDepartment(department=a_department()),
        c.PublishItem(item=an_item()),
        *(c.RegisterEnterprise(enterprise=an_enterprise(n)) for n in range(1, RACES + 1)),
    ]
    first = [c.SubmitRequest(request=a_request(enterprise=a_uscc(n))) for n in range(1, RACES + 1)]
    messages = [
        *(office.message(x, id_=f"setup-{n}", at=NOVEMBER) for n, x in enumerate(commands)),
        *(clerk.message(x, id_=f"first-{n}", at=NOVEMBER) for n, x in enumerate(first)),
    ]
    settings = Settings(dsn=SecretStr(dsn), data=data)
    async with Service.open(settings, clock=SimulatedClock(NOVEMBER)) as service:
        effects = await service.submit(messages)
    assert {effect.status for effect in effects} == {"accepted"}


async def _race(dsn: str, data: Path) -> list[list[str]]:
    """Start both intakes, let them go at once, and return their statuses."""
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable, str(CHILD), dsn, name, str(RACES), str(data),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for name in ("left", "right")
    ]  # fmt: skip
    for child in children:
        assert child.stdout is not None
        assert await child.stdout.readline() == b"ready\n"
    outputs = await asyncio.gather(*(child.communicate(b"go\n") for child in children))
    assert [child.returncode for child in children] == [0, 0]
    return [json.loads(out) for out, _ in outputs]


@pytest.mark.timeout(300)
async def test_the_last_unit_goes_to_one_of_two_racing_intakes(
    database_dsn: str, tmp_path: Path
) -> None:
    """Tests a thousand races: one accepted, one refused, and two units taken, every time."""
    await _prepare(database_dsn, tmp_path)
    left, right = await _race(database_dsn, tmp_path)
    outcomes = {tuple(sorted(pair)) for pair in zip(left, right, strict=True)}
    assert outcomes == {("accepted", "refused")}
    settings = Settings(dsn=SecretStr(database_dsn), data=tmp_path)
    async with Service.open(settings, clock=SimulatedClock(NOVEMBER)) as service:
        caps = await service.queries.rows("tally")
    taken = [int(row["reserved"]) for row in caps if str(row["key"]).startswith("tally/cap/twice")]
    assert taken == [2] * RACES
