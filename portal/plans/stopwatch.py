"""When a search is to stop: the clock that the planner does not know.

A limit in seconds holds for the whole process, from its start to its end. The planner asks after each
numbered step; it is stopped early enough for checking and writing, and the step repeats the plan.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, Protocol

_SETTLE: Final = 0.5  # seconds kept for ending the process
_AFTER: Final = 2.0  # checking and writing take about as long as reading, each
_FORGET: Final = 0.7  # of how long a step took, at each later one: steps are of several kinds


class Seen(Protocol):
    """What the planner tells after each step."""

    @property
    def step(self) -> int:
        """Number of steps done."""

    @property
    def objective(self) -> int:
        """Points of the best plan so far."""

    @property
    def bound(self) -> int:
        """Best bound so far."""


Told = Callable[[Seen, float], None]
"""Hears of progress, and the seconds since the process began."""


def process_seconds() -> float:
    """Return the seconds since this process began, before any of its code ran."""
    fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(fields[19])  # the 22nd field of proc(5), counted after the name
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def peak_mebibytes() -> float:
    """Return the most memory that this process had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Watch:
    """Asked after each step whether to go on."""

    def __init__(
        self,
        seconds: float | None,
        reading: float,
        told: Told,
        clock: Callable[[], float] = process_seconds,
    ) -> None:
        """Take the seconds that the process may last, those that reading took, and who listens."""
        self._until = None if seconds is None else seconds - _SETTLE - _AFTER * reading
        self._told, self._clock = told, clock
        self._last: float | None = None  # before the first step the planner gets ready, too
        self._pace = 0.0
        self._interrupted = False

    def __call__(self, seen: Seen) -> bool:
        """Tell how far the planner is; return False where it is to stop."""
        now = self._clock()
        if self._last is not None:
            self._pace = max(_FORGET * self._pace, now - self._last)
        self._last = now
        self._told(seen, now)
        late = self._until is not None and now + self._pace > self._until
        return not (self._interrupted or late)

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let Ctrl-C end the search instead of the program."""

        def stop(_: int, __: FrameType | None) -> None:
            self._interrupted = True

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
