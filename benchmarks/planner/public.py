"""The public instances: run by the program, compared with what others published."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.planner.contestants import MOST_MIB, shown
from benchmarks.planner.process import measure
from benchmarks.planner.results import Row
from benchmarks.planner.surroundings import Surroundings
from portal.running.supervisor import program
from scheduler.optimality import gap_percent

SECONDS: Final = 10
LARGE: Final = "1600"
LARGE_SECONDS: Final = 30
SETS: Final = ("sscflp", "gap")
# Highest gaps to the published value that are to be reached, in percent: mean and worst.
AIMS: Final = {"sscflp": (0.2, 1.0), "gap": (0.3, None), LARGE: (None, 1.0)}
TITLES: Final = {
    "sscflp": f"SSCFLP, {SECONDS} s each",
    "gap": f"GAP, {SECONDS} s each",
    LARGE: f"GAP with 1600 jobs, {LARGE_SECONDS} s each",
}


def run(data: Path, here: Surroundings, keep: Callable[[Row], None]) -> None:
    """Run all sets of the folder, and the largest once more with more time."""
    for name in SETS:
        if (data / name).is_dir():
            _run(name, data / name, SECONDS, here, keep)
    if (data / "gap").is_dir():
        _run(LARGE, data / "gap", LARGE_SECONDS, here, keep)


def _run(
    name: str, folder: Path, seconds: int, here: Surroundings, keep: Callable[[Row], None]
) -> None:
    words = [program(), "bench", "public", str(folder), "--seconds", str(seconds), "--json"]
    if name == LARGE:
        words += ["--only", LARGE]
    count = len(list(folder.iterdir()))
    load = here.load()
    done = measure(words, most_seconds=(seconds + 30) * count, most_mib=MOST_MIB)
    words[3] = folder.name
    told = [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]
    for one in told:
        row = Row(
            suite=f"public {name}",
            instance=one["instance"],
            contestant="wurao",
            seed=1,
            seconds=seconds,
            status="plan" if one["sound"] else "unsound",
            wall=one["seconds"],
            cpu=0.0,
            rss_mib=done.rss_mib,
            objective=one["value"],
            bound=one["bound"],
            gap_percent=gap_percent(one["value"], one["bound"]),
            published_lower=one["published_lower"],
            published_upper=one["published_upper"],
            load=load,
            command=shown(words),
        )
        keep(here.stamped(row))
    if done.code or done.killed:
        raise RuntimeError(done.killed or done.err.strip()[-400:])


def over(row: Row) -> float | None:
    """Return how far a value is above the published one, in percent."""
    if row.objective is None or not row.published_upper:
        return None
    return 100 * (row.objective - row.published_upper) / row.published_upper


def table(rows: Sequence[Row]) -> str:
    """Return the table of the sets."""
    lines = []
    for name, title in TITLES.items():
        found = [row for row in rows if row.suite == f"public {name}"]
        if found:
            lines.append(_line(title, found, AIMS[name]))
    return "\n".join([*_HEAD, *lines]) if lines else ""


_HEAD = (
    (
        "| set | instances | mean gap to the published value % | worst % | optimal or better "
        "| mean certified gap % | unsound | |"
    ),
    "|---|--:|--:|--:|--:|--:|--:|---|",
)


def _line(title: str, found: Sequence[Row], aims: tuple[float | None, float | None]) -> str:
    gaps = [gap for row in found if (gap := over(row)) is not None]
    own = [row.gap_percent for row in found if row.gap_percent is not None]
    wrong = sum(row.status != "plan" for row in found)
    mean, worst = (statistics.fmean(gaps), max(gaps)) if gaps else (float("nan"),) * 2
    faults = []
    if wrong:
        faults.append("unsound")
    if aims[0] is not None and not mean <= aims[0]:
        faults.append("mean")
    if aims[1] is not None and not worst <= aims[1]:
        faults.append("worst")
    optimal = sum(gap <= 0 for gap in gaps)
    certified = f"{statistics.fmean(own):.2f}" if own else "-"
    mark = f"**missed**: {', '.join(faults)}" if faults else ""
    return (
        f"| {title} | {len(found)} | {mean:.3f} | {worst:.2f} | {optimal} | {certified} | {wrong} "
        f"| {mark} |"
    )
