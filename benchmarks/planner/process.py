"""A whole process timed from outside, on the same cores for all, with a guard on time and memory."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CORES = 2
POLL_SECONDS = 0.2
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How a process ran.

    Parameters
    ----------
    wall, cpu
        Seconds: from start to end, and of all its processors' work (user and system), with that of
        the processes it started and waited for.
    rss_mib
        Most memory that it held at once; the largest of its processes.
    killed
        Why the guard ended it, or nothing.
    """

    code: int
    out: str
    err: str
    wall: float
    cpu: float
    rss_mib: int
    killed: str


def pin(cores: int = CORES) -> int:
    """Keep this process, and all that it starts, on the first cores; return how many these are."""
    some = sorted(os.sched_getaffinity(0))[:cores]
    os.sched_setaffinity(0, some)
    return len(some)


def measure(command: Sequence[str], *, most_seconds: float, most_mib: int) -> Measured:
    """Run a command to its end, or until it takes more time or memory than it may."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, start_new_session=True)
        guard = _Guard(process.pid, start + most_seconds, most_mib)
        guard.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        guard.stop()
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return Measured(
        code=process.returncode,
        out=texts[0],
        err=texts[1],
        wall=round(wall, 2),
        cpu=round(usage.ru_utime + usage.ru_stime, 2),
        rss_mib=usage.ru_maxrss // 1024,
        killed=guard.reason,
    )


class _Guard(threading.Thread):
    """Ends a session's processes when they take too much."""

    def __init__(self, session: int, until: float, most_mib: int) -> None:
        super().__init__(daemon=True)
        self._session, self._until, self._most_mib = session, until, most_mib
        self._over = threading.Event()
        self.reason = ""

    def run(self) -> None:
        while not self._over.wait(POLL_SECONDS):
            held = _held_mib(self._session)
            if held > self._most_mib:
                self._end(f"more than {self._most_mib:,} MiB")
            elif time.perf_counter() > self._until:
                self._end("no end in time")

    def stop(self) -> None:
        """The process has ended."""
        self._over.set()
        self.join()

    def _end(self, reason: str) -> None:
        self.reason = reason
        self._over.set()
        os.killpg(self._session, signal.SIGKILL)


def _held_mib(session: int) -> int:
    """Return the memory of all processes of a session."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session:
                pages += int((folder / "statm").read_text().split()[1])
        except OSError:  # it has ended meanwhile
            continue
    return pages * PAGE >> 20
