"""The contract of what people keep at their desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from streams.desk import Desk, Kept, MemoryDesk
from streams.postgres.desk import PostgresDesk
from tests.builders import AN_INSTANT as NOW
from tests.contracts.stores import KINDS


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest) -> Desk:
    """Return an empty desk of each kind in turn."""
    if request.param == "memory":
        return MemoryDesk()
    return PostgresDesk(request.getfixturevalue("database"))


def a_draft(id_: str, *, owner: str = "clerk-fire", hours: int = 0, title: str = "草稿") -> Kept:
    """Return a draft of some hours after now."""
    return Kept("draft", id_, owner, title, b"\x00{}", NOW + timedelta(hours=hours))


async def test_what_is_kept_is_found_and_changed(desk: Desk) -> None:
    assert await desk.find("draft", "a") is None
    await desk.keep(a_draft("a"), most=9)
    assert await desk.find("draft", "a") == a_draft("a")
    assert await desk.find("view", "a") is None
    await desk.keep(a_draft("a", title="改"), most=9)
    assert await desk.find("draft", "a") == a_draft("a", title="改")


async def test_everybody_has_a_desk_of_his_own_the_newest_on_top(desk: Desk) -> None:
    for kept in (a_draft("a"), a_draft("b", hours=2), a_draft("c", owner="other", hours=1)):
        await desk.keep(kept, most=9)
    assert [kept.id for kept in await desk.of("clerk-fire", "draft")] == ["b", "a"]
    assert await desk.of("clerk-fire", "view") == []


async def test_a_full_desk_loses_its_oldest(desk: Desk) -> None:
    await desk.keep(a_draft("c", owner="other"), most=2)
    for hour, id_ in enumerate("abde"):
        await desk.keep(a_draft(id_, hours=hour), most=2)
    assert [kept.id for kept in await desk.of("clerk-fire", "draft")] == ["e", "d"]
    assert len(await desk.of("other", "draft")) == 1


async def test_things_are_thrown_away_by_name_and_by_age(desk: Desk) -> None:
    for hour, id_ in enumerate("abc"):
        await desk.keep(a_draft(id_, hours=hour), most=9)
    await desk.drop("draft", "c")
    await desk.drop("draft", "nothing")
    await desk.purge("view", NOW + timedelta(hours=9))
    assert [kept.id for kept in await desk.of("clerk-fire", "draft")] == ["b", "a"]
    await desk.purge("draft", NOW + timedelta(hours=1))
    assert [kept.id for kept in await desk.of("clerk-fire", "draft")] == ["b"]
