"""Watching over a search: how far it is, when it must end, and that its best is kept.

The planner asks before each numbered step whether to go on. So a time limit, a limit of memory and a
person's stop pick a step, the plan names it, and a rerun to that step repeats the plan.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, Literal

from portal.plans.process import process_seconds, resident_mib
from scheduler.planner.progress import Progress

_SETTLE: Final = 0.3  # seconds kept for ending the process
_AFTER: Final = 2.5  # checking and writing take about as long as reading, each, or somewhat longer
_FORGET: Final = 0.7  # of how long a step took, at each later one: steps are of several kinds
_EACH: Final = 2.5  # seconds that a deterministic second of CP-SAT takes, or fewer

Told = Callable[[Progress, float], None]
"""Hears of progress, and the seconds so far."""

Why = Literal["stopped", "time", "memory"]
"""What ended a search early."""


class Control:
    """A watch with limits. `why` names the one that ended the search, if one did.

    ``kept`` are seconds of the limit that what follows the search needs: then a step is begun only
    if it is likely to end before them. Without it the first step beyond the limit is the last.
    """

    def __init__(
        self,
        *,
        seconds: float | None = None,
        memory_mib: int | None = None,
        kept: float | None = None,
        told: Told = lambda _, __: None,
        clock: Callable[[], float] = time.monotonic,
        begun: float | None = None,
        memory: Callable[[], int] = resident_mib,
    ) -> None:
        self._clock, self._memory, self._told = clock, memory, told
        self._begun = clock() if begun is None else begun
        self._seconds, self._most, self._kept = seconds, memory_mib, kept
        self._last: float | None = None  # before the first step the planner gets ready, too
        self._pace = 0.0
        self._stop = threading.Event()
        self.why: Why | None = None

    @classmethod
    def of_process(
        cls,
        seconds: float | None,
        reading: float,
        told: Told,
        clock: Callable[[], float] = process_seconds,
    ) -> Control:
        """Return a watch whose limit holds for this whole process, which took ``reading`` seconds to read."""
        kept = _SETTLE + _AFTER * reading
        return cls(seconds=seconds, kept=kept, told=told, clock=clock, begun=0.0)

    def stop(self) -> None:
        """End the search before its next step, with the best plan so far."""
        self._stop.set()

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return self._clock() - self._begun

    def __call__(self, progress: Progress) -> bool:
        """Tell of a step, and whether to go on."""
        now = self.seconds
        if self._last is not None:
            self._pace = max(_FORGET * self._pace, now - self._last)
        self._last = now
        self._told(progress, now)
        self.why = self._against(now, _EACH * progress.ahead)
        return self.why is None

    def _against(self, now: float, next_step: float) -> Why | None:
        if self._stop.is_set():
            return "stopped"
        ahead = 0.0 if self._kept is None else self._kept + max(self._pace, next_step)
        if self._seconds is not None and now + ahead >= self._seconds:
            return "time"
        if self._most is not None and self._memory() >= self._most:
            return "memory"
        return None


@contextmanager
def stopped_by_ctrl_c(control: Control) -> Iterator[None]:
    """Let an interrupt end the search instead of the command; a second one ends that, too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def interrupted(_: int, __: FrameType | None) -> None:
        control.stop()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
