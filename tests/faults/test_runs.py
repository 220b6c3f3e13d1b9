"""The laboratory itself, short: one seed is clean, and a planted bug is seen. ``make faults`` does more."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tests.faults.__main__ import caught, keep_logs, planted
from tests.faults.laboratory import Laboratory, Setup
from tests.faults.schedule import schedule

pytestmark = [pytest.mark.lane("kafka"), pytest.mark.timeout(280)]

QUICK: Final = ("kill-worker", "kill-relay", "kafka-cut", "postgres-cut", "postgres-mute")
"""Faults that take little time to get over; with messages that come twice six kinds."""

PATIENCE: Final = 40.0
"""Seconds for each wait, so that all of them together end before the test's time does."""

SEEN: Final = "a relay that skips an entry"


async def test_a_short_run_is_clean_and_a_planted_bug_is_caught() -> None:
    # Not pytest's own folder: a socket's path may be a hundred letters long and no more.
    with tempfile.TemporaryDirectory(prefix="wurao-faults-") as folder:
        async with Laboratory.open(Path(folder)) as lab:
            planned = schedule(1, len(QUICK), QUICK)
            setup = Setup(seed=1, planned=planned, kafka=1, http=2, least=3.0, patience=PATIENCE)
            outcome = await lab.run(setup)
            if not outcome.clean:
                told = "\n".join([str(outcome), *map(str, outcome.findings)])
                pytest.fail(f"{told}\nhistory and logs: {keep_logs(outcome)}")
            other = await lab.run(replace(planted(SEEN), kafka=1, http=1, least=2.0))
            assert caught(SEEN, other), str(other)
            print(outcome, other, sep="\n")  # noqa: T201 - what it cost; -s shows it
