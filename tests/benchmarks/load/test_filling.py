"""Stamped cases: what they say differs, and together they are a ledger that the product could have written."""

from __future__ import annotations

import pytest

from benchmarks.load.filling import SIZE, Stamp, fill, homes, stamp_of
from benchmarks.load.replaying import audited, replayed, verified
from benchmarks.load.stand import standing
from benchmarks.load.ways import world


@pytest.mark.lane("postgres")
async def test_a_replay_and_an_audit_find_nothing_in_a_filled_ledger() -> None:
    async with standing("load", kafka=False) as stand:
        await stand.service.submit(list(world(1, homes()[:1])))
        stamp = await stamp_of(stand)
        before = await stand.service.ledger.position()
        assert await fill(stand, stamp, 1, before + 3 * SIZE) == 3
        assert await fill(stand, stamp, 4, before + 4 * SIZE) == 1
        assert await stand.service.ledger.position() == before + 4 * SIZE
        assert (await audited(stand)).entries == before + 4 * SIZE
        await verified(stand)
        assert (await replayed(stand, before + SIZE)).entries == 3 * SIZE


def test_each_case_has_places_and_names_of_its_own() -> None:
    stamp = Stamp({"entry": "%(at0)s %(request)s %(home)s\n%(at2)s %(ask)s 5%%\n"})
    lines = stamp.cases(range(7, 9), 100)["entry"].decode().splitlines()
    assert [line.split()[0] for line in lines] == ["101", "103", "104", "106"]
    assert lines[1] == "103 past-ask-00000007 5%"
    assert lines[0].split()[1] != lines[2].split()[1]
    assert [line.split()[2] for line in lines[::2]] == ["past-007", "past-008"]
