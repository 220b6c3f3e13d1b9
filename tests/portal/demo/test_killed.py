"""A past year whose process is killed, and killed again: the ledger ends as if nothing had been."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from portal.demo.clock import at
from portal.demo.history import History, played
from portal.demo.run import in_memory
from tests.portal.demo.histories import rows, written

WURAO = (sys.executable, "-c", "from portal.cli.main import app; app(prog_name='wurao')")
ROOT = Path(__file__).resolve().parents[3]


def started(data: Path, file: Path) -> subprocess.Popen[bytes]:
    words = ["demo", "--history", str(file), "--year", "2012", "--once", "--json"]
    return subprocess.Popen(
        [*WURAO, *words, "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def killed_while_working(data: Path, file: Path, seconds: float) -> None:
    """Start a run, wait until its database is up and some time more, and kill it."""
    process = started(data, file)
    up = data / "postgres" / "data" / "postmaster.pid"
    end = time.monotonic() + 60
    while not up.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.lane("postgres")
@pytest.mark.timeout(300)
def test_a_run_that_is_killed_twice_ends_with_the_digest_of_an_undisturbed_one(
    tmp_path: Path,
) -> None:
    file = written(tmp_path / "year.csv", rows(40))
    history = History.of(file, 2012)
    undisturbed = asyncio.run(
        played(in_memory(at(date(2012, 1, 1), 0)), history.records, history.mapping)
    )
    data = tmp_path / "data"
    for seconds in (1.5, 3.0):
        killed_while_working(data, file, seconds)
        assert not history.run(data, 0).finished
    process = started(data, file)
    out, _ = process.communicate(timeout=200)
    assert process.returncode == 0
    told = json.loads(out)
    assert told["digest"] == undisturbed["digest"]
    assert {key: told[key] for key in undisturbed} == undisturbed
