"""Watching over a search: how far it is, when it must end, and that its best is kept.

The planner asks before each numbered step whether to go on. So a time limit, a limit of memory and a
person's stop pick a step, the plan names it, and a rerun to that step repeats the plan.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from scheduler.planner.progress import Progress

_STATM: Final = Path("/proc/self/statm")
_MIB: Final = 1 << 20

Why = Literal["stopped", "time", "memory"]
"""What ended a search early."""


def resident_mib() -> int:
    """Return the memory that this process holds, in MiB; 0 where the system does not tell."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    import resource  # noqa: PLC0415 - not on every system that has a command line

    return pages * resource.getpagesize() // _MIB


class Control:
    """A watch with limits. `why` names the one that ended the search, if one did."""

    def __init__(
        self,
        *,
        seconds: float | None = None,
        memory_mib: int | None = None,
        told: Callable[[Progress, float], None] = lambda _, __: None,
        clock: Callable[[], float] = time.monotonic,
        memory: Callable[[], int] = resident_mib,
    ) -> None:
        self._clock, self._memory, self._told = clock, memory, told
        self._begun = clock()
        self._seconds, self._most = seconds, memory_mib
        self._stop = threading.Event()
        self.why: Why | None = None

    def stop(self) -> None:
        """End the search before its next step, with the best plan so far."""
        self._stop.set()

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return self._clock() - self._begun

    def __call__(self, progress: Progress) -> bool:
        """Tell of a step, and whether to go on."""
        self._told(progress, self.seconds)
        self.why = self._against()
        return self.why is None

    def _against(self) -> Why | None:
        if self._stop.is_set():
            return "stopped"
        if self._seconds is not None and self.seconds >= self._seconds:
            return "time"
        if self._most is not None and self._memory() >= self._most:
            return "memory"
        return None


@contextmanager
def stopped_by_ctrl_c(control: Control) -> Iterator[None]:
    """Let an interrupt end the search instead of the command; a second one ends that, too."""
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        control.stop()
        loop.remove_signal_handler(signal.SIGINT)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
