"""The contract of accounts and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from streams.people import Account, MemoryPeople, People, Session
from streams.postgres.people import PostgresPeople
from tests.builders import AN_INSTANT as NOW
from tests.contracts.stores import KINDS

CLERK = Account("clerk-fire", "argon-hash", "clerk", "fire")


@pytest.fixture(params=KINDS)
def people(request: pytest.FixtureRequest) -> People:
    """Return an empty store of people of each kind in turn."""
    if request.param == "memory":
        return MemoryPeople()
    return PostgresPeople(request.getfixturevalue("database"))


def a_session(digest: str, actor: str = "clerk-fire", *, age: int = 0) -> Session:
    """Return a session that was begun, and last used, some hours ago."""
    when = NOW - timedelta(hours=age)
    return Session(digest, actor, "clerk", "fire", demo=False, since=when, seen=when)


async def test_an_account_is_kept_and_changed(people: People) -> None:
    assert await people.account("clerk-fire") is None
    await people.keep(CLERK)
    assert await people.account("clerk-fire") == CLERK
    closed = Account("clerk-fire", "other", "head", None, open=False)
    await people.keep(closed)
    assert await people.account("clerk-fire") == closed
    early = Account("admin", "argon-hash", "admin")
    await people.keep(early)
    assert await people.accounts() == [early, closed]


async def test_a_session_lives_until_it_is_ended(people: People) -> None:
    await people.begin(a_session("a"))
    later = NOW + timedelta(minutes=5)
    await people.touch("a", later)
    found = await people.session("a")
    assert found is not None
    assert (found.since, found.seen) == (NOW, later)
    await people.end("a")
    await people.end("a")
    assert await people.session("a") is None


async def test_all_sessions_of_somebody_end_together(people: People) -> None:
    for digest, actor in (("a", "x"), ("b", "x"), ("c", "y")):
        await people.begin(a_session(digest, actor))
    assert await people.end_all("x") == 2
    assert await people.session("c") is not None


async def test_old_and_idle_sessions_are_forgotten(people: People) -> None:
    await people.begin(a_session("old", age=30))
    await people.touch("old", NOW)
    await people.begin(a_session("idle", age=5))
    await people.begin(a_session("used", age=1))
    gone = await people.purge(NOW - timedelta(hours=12), NOW - timedelta(hours=2))
    assert gone == 2
    assert await people.session("used") is not None
