"""A rejected input is looked at, mended and sent again as a command of its own."""

from __future__ import annotations

import json

import pytest

from portal.messages import Sender
from portal.running.deadletters import GoneError, content, letter, letters, mended, requeue
from portal.running.service import Service
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.wire import BadInput
from streams.clock import SimulatedClock
from streams.intake import Failed, Raw
from streams.ports import RETENTION
from tests.builders import a_department
from tests.worlds import NOVEMBER

SOURCE = "platform"
ADMIN = Sender.of("admin", ActorRole.ADMIN, source=SOURCE)
GOOD = ADMIN.message(c.RegisterDepartment(department=a_department()), id_="c1", at=NOVEMBER)


@pytest.fixture
def service() -> Service:
    return Service.memory(clock=SimulatedClock(NOVEMBER))


async def rejected(service: Service, *bodies: bytes) -> list[str]:
    """Hand broken bytes in; return the ids of their rejections."""
    effects = await service.submit([Raw(SOURCE, body) for body in bodies])
    assert {effect.status for effect in effects} == {"rejected"}
    return [effect.about.partition("/")[2] for effect in effects]


async def test_dead_letters_are_listed_with_source_and_reason(service: Service) -> None:
    ids = await rejected(service, b"{", b"\xff")
    found = {x.id: x for x in await letters(service, limit=10)}
    assert found.keys() == set(ids)
    assert {x.source for x in found.values()} == {SOURCE}
    assert [x.id for x in await letters(service, limit=9, reason="not-utf8")] == [ids[1]]
    assert len(await letters(service, limit=1)) == 1


async def test_the_bytes_come_back_as_they_were(service: Service) -> None:
    (id_,) = await rejected(service, b"\xff\x00{")
    assert await content(service, id_) == Raw(SOURCE, b"\xff\x00{")


async def test_mended_bytes_have_their_effect_once_and_name_their_cause(service: Service) -> None:
    (id_,) = await rejected(service, GOOD.body[:-1])
    first = await requeue(service, id_, GOOD.body)
    assert first.status == "accepted"
    assert await requeue(service, id_, GOOD.body) == first
    entries = [json.loads(body) async for _, body in service.ledger.entries()]
    assert [e["correlationid"] for e in entries[1:]] == [id_] * (len(entries) - 1)
    assert json.loads(mended(id_, SOURCE, GOOD.body).body)["causationid"] == f"rejection/{id_}"


async def test_what_the_program_failed_on_is_sent_again_as_it_was(service: Service) -> None:
    failed = Failed(SOURCE, GOOD.body, error=ZeroDivisionError())
    (effect,) = await service.submit([failed])
    assert effect.status == "rejected"
    again = await requeue(service, effect.about.partition("/")[2])
    assert again.status == "accepted"


async def test_what_is_still_broken_is_not_sent(service: Service) -> None:
    (id_,) = await rejected(service, b"{")
    with pytest.raises(BadInput):
        await requeue(service, id_)
    with pytest.raises(BadInput):
        await requeue(service, id_, b"[]")
    assert await service.ledger.position() == 1


async def test_bytes_whose_time_is_over_are_gone(service: Service) -> None:
    (id_,) = await rejected(service, b"{")
    await service.inputs.purge(NOVEMBER + RETENTION)
    assert (await letter(service, id_)).source is None
    with pytest.raises(GoneError, match="no longer"):
        await requeue(service, id_)
    with pytest.raises(GoneError, match="no such"):
        await letter(service, "nobody")
