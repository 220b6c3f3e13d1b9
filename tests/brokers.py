"""A broker for tests: one for the whole run, a fresh domain for each test.

All workers of a run share it: the first starts it, the last to leave stops it.
"""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from streams.kafka.jars import NoBroker
from streams.kafka.local import Broker, free_port
from tests.lanes import lane_missing

ROOT = Path(__file__).resolve().parents[1]
POM = ROOT / "deploy" / "kafka" / "pom.xml"
JARS = ROOT / ".wurao" / "kafka"
LIGHT = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of Java for a broker that lives for a minute: it need not become fast, it must start fast."""

_numbers = itertools.count(1)


def local_broker(folder: Path) -> Broker:
    """Return a small broker on a folder; whoever comes second finds the port of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    port = folder / "port"
    if not port.exists():
        port.write_text(str(free_port()), encoding="ascii")
    known = int(port.read_text(encoding="ascii"))
    return Broker(folder, POM, JARS, port=known, heap="256m", options=LIGHT)


class _Lock:
    """A lock on a file; the kernel lets it go when its holder ends, however that happens."""

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("w", encoding="ascii")

    def take(self, how: int) -> bool:
        try:
            fcntl.flock(self._file, how)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._file.close()


@pytest.fixture(scope="session")
def broker(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Address of the broker that all tests share."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if hasattr(request.config, "workerinput") else base
    folder = run / "kafka"
    folder.mkdir(exist_ok=True)
    starting, users = _Lock(folder / "start.lock"), _Lock(folder / "users.lock")
    starting.take(fcntl.LOCK_EX)
    users.take(fcntl.LOCK_SH)
    shared = local_broker(folder)
    try:
        shared.start()
    except NoBroker as error:
        lane_missing("kafka", str(error))
    finally:
        starting.close()
    yield shared.address
    if users.take(fcntl.LOCK_EX | fcntl.LOCK_NB):
        shared.stop()
    users.close()


@pytest.fixture
def domain() -> str:
    """Name of a planning domain that no other test uses: its topics are this test's own."""
    return f"t{os.getpid()}_{next(_numbers)}"
