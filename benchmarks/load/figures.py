"""Figures out of samples: quantiles, the slope of a line through points, memory and processor time."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

MIB: Final = 1 << 20
_WITH_ENDED: Final = ("user", "system", "children_user", "children_system")


def quantile(samples: Sequence[float], share: float) -> float:
    """Return what this share of all samples does not exceed; samples need no order."""
    if len(samples) == 1:
        return samples[0]
    cuts = statistics.quantiles(samples, n=1000, method="inclusive")
    return cuts[max(0, round(share * 1000) - 1)]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much the second coordinate grows with each unit of the first (least squares)."""
    if len({x for x, _ in points}) < 2:  # noqa: PLR2004 - a line needs two points
        return 0.0
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def thinned(points: Sequence[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """Return at most so many points, evenly chosen, the last one among them."""
    if len(points) <= most:
        return list(points)
    return [points[round(n * (len(points) - 1) / (most - 1))] for n in range(most)]


@dataclass(frozen=True, slots=True)
class Cpu:
    """Processor seconds used up to now, by whose they are."""

    workers: float
    database: float

    def since(self, before: Cpu) -> Cpu:
        """Return what was used since an earlier look."""
        return Cpu(self.workers - before.workers, self.database - before.database)

    def of(self, times: int) -> Cpu:
        """Return the milliseconds of one of so many times."""
        return Cpu(1000 * self.workers / times, 1000 * self.database / times)


def cpu(workers: Iterable[int], database: Path) -> Cpu:
    """Read the processor time of processes, and of the database that stands in a folder."""
    servers = [each for each in psutil.process_iter() if _stands_in(each, database)]
    ours = [psutil.Process(pid) for pid in workers if psutil.pid_exists(pid)]
    # A connection that ended has left its time with the process that began it.
    return Cpu(_spent(ours, "user", "system"), _spent(servers, *_WITH_ENDED))


def resident(pid: int) -> float:
    """Return the memory of a process and its children, in MiB; 0 when it is gone."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return float(sum(each.memory_info().rss for each in family)) / MIB
    except psutil.NoSuchProcess:
        return 0.0


def _stands_in(process: psutil.Process, folder: Path) -> bool:
    """Tell whether a process is one of the database's: each of them stands in its folder."""
    try:
        return process.name() == "postgres" and Path(process.cwd()).is_relative_to(folder)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _spent(processes: Iterable[psutil.Process], *kinds: str) -> float:
    total = 0.0
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += sum(getattr(times, kind) for kind in kinds)
    return total
