"""What this process has taken so far: seconds since it began, and memory."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")
_MIB: Final = 1 << 20
_KIB_A_MIB: Final = 1 << 10


def process_seconds() -> float:
    """Return the seconds since this process began, before any of its code ran."""
    fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(fields[19])  # the 22nd field of proc(5), counted after the name
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def peak_mib() -> float:
    """Return the most memory that this process had resident, in MiB."""
    import resource  # noqa: PLC0415 - not on every system that has a command line

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_A_MIB


def resident_mib() -> int:
    """Return the memory that this process holds, in MiB; 0 where the system does not tell."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    import resource  # noqa: PLC0415 - as above

    return pages * resource.getpagesize() // _MIB
