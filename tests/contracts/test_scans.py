"""The contract of the pictures that decisions on paper rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from streams.postgres.scans import PostgresScans
from streams.scans import MemoryScans, Scan, Scans
from tests.builders import AN_INSTANT as NOW
from tests.contracts.stores import KINDS


@pytest.fixture(params=KINDS)
def scans(request: pytest.FixtureRequest) -> Scans:
    """Return an empty store of each kind in turn."""
    if request.param == "memory":
        return MemoryScans()
    return PostgresScans(request.getfixturevalue("database"))


def a_scan(name: str, *, hours: int = 0) -> Scan:
    """Return a picture of some hours after now."""
    return Scan(name * 64, "image/png", 9, f"sealed {name}", NOW + timedelta(hours=hours))


async def test_a_picture_is_found_by_its_hash_and_never_replaced(scans: Scans) -> None:
    assert await scans.find(a_scan("a").sha256) is None
    await scans.keep(a_scan("a"))
    await scans.keep(replace(a_scan("a"), sealed="another"))
    assert await scans.find(a_scan("a").sha256) == a_scan("a")
    having = await scans.having([a_scan("a").sha256, a_scan("b").sha256])
    assert having == {a_scan("a").sha256}


async def test_old_pictures_are_named_and_thrown_away(scans: Scans) -> None:
    for scan in (a_scan("c", hours=3), a_scan("b", hours=1), a_scan("a")):
        await scans.keep(scan)
    old = await scans.before(NOW + timedelta(hours=2))
    assert old == [a_scan("a").sha256, a_scan("b").sha256]
    await scans.drop([*old, "f" * 64])
    assert await scans.find(a_scan("b").sha256) is None
    assert await scans.find(a_scan("c").sha256) == a_scan("c", hours=3)
