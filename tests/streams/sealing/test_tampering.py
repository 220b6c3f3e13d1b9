"""Altered ledgers are found, honest ones are not suspected: a short form of ``make tamper``."""

from __future__ import annotations

import pytest

from streams.postgres import Database
from tests.streams.sealing.trials import Tally, trial


async def test_every_alteration_is_detected_and_named() -> None:
    tally = Tally()
    for seed in range(60):
        await trial(seed, tally)
    assert (tally.detected, tally.false_alarms, tally.missed) == (60, 0, [])
    assert set(tally.kinds) == {"edit", "delete", "insert", "reorder", "truncate"}
    assert tally.exact
    assert tally.interval


@pytest.mark.lane("postgres")
async def test_the_same_on_a_real_table(database: Database) -> None:
    tally = Tally()
    for seed in range(1000, 1015):
        await trial(seed, tally, database)
    assert (tally.detected, tally.false_alarms, tally.missed) == (15, 0, [])
