"""The laboratory itself, short: one seed is clean, and two planted bugs are seen. ``make faults`` does more.

Runs where ``FAULTS=1`` is set: what it costs was not measured yet, so it is no part of every run of the tests.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.faults.__main__ import caught, planted
from tests.faults.laboratory import Laboratory, Setup
from tests.faults.schedule import schedule

pytestmark = [
    pytest.mark.lane("kafka"),
    pytest.mark.timeout(280),
    pytest.mark.skipif(os.environ.get("FAULTS") != "1", reason="set FAULTS=1 to break things"),
]

QUICK = (
    "kill-worker",
    "kill-relay",
    "kafka-cut",
    "postgres-mute",
    "pause-worker",
    "restart-postgres",
)
"""Faults that take little time to get over."""

SEEN = ("a relay that skips an entry", "a cap read without the lock")


async def test_a_short_run_is_clean_and_planted_bugs_are_caught() -> None:
    # Not pytest's own folder: a socket's path may be a hundred letters long and no more.
    with tempfile.TemporaryDirectory(prefix="wurao-faults-") as folder:
        async with Laboratory.open(Path(folder)) as lab:
            planned = schedule(1, len(QUICK), QUICK)
            outcome = await lab.run(Setup(seed=1, planned=planned, kafka=2, http=2))
            assert outcome.clean, [str(outcome), *map(str, outcome.findings)]
            for name in SEEN:
                assert caught(name, await lab.run(planted(name))), name
