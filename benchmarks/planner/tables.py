"""Tables of Markdown from rows: what was asked beside what was reached, losses marked."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence

from benchmarks.planner.instances import DUEL, DUELS, GIB, NUMBERS, PEERS, ZIPF, Instance
from benchmarks.planner.results import Row

MISSED = "**missed**"
LOST = "**lost**"
NAMES = {
    "wurao": "Wurao",
    "timefold": "Timefold Java",
    "cpsat": "CP-SAT, 8 workers",
    "highs": "HiGHS",
}
SAME = ("county-month", "tight-1000")
"""Names of one and the same instance in different tables."""
REPLAN_SECONDS, REPLAN_MOVED = 1, 10
SLACK = 1.15
"""What starting, reading and writing may take beyond the seconds asked for before a row says late."""


def spread(values: Sequence[float], shown: Callable[[float], str]) -> str:
    """Return the median, and the range where there are several values."""
    if not values:
        return "-"
    middle = shown(statistics.median(values))
    if len(values) == 1 or shown(min(values)) == shown(max(values)):
        return middle
    return f"{middle} ({shown(min(values))} to {shown(max(values))})"


def whole(value: float) -> str:
    """Return a number with separators."""
    return f"{value:,.0f}"


def percent(value: float) -> str:
    """Return a number of percent."""
    return f"{value:.2f}"


def of(rows: Iterable[Row], suite: str, instance: str, contestant: str = "wurao") -> list[Row]:
    """Return the rows of one contestant on one instance."""
    wanted = (suite, instance, contestant)
    return [row for row in rows if (row.suite, row.instance, row.contestant) == wanted]


def numbers(
    rows: Sequence[Row], suite: str = "numbers", instances: Sequence[Instance] = NUMBERS
) -> str:
    """Return the table of what was to be reached."""
    lines = [
        _number(instance, found)
        for instance in instances
        if (found := of(rows, suite, instance.name))
    ]
    head = [
        "| instance | to reach | certified gap % | objective | unplaced | seconds | CPU s | MiB | |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    return "\n".join([*head, *lines]) if lines else ""


def zipf(rows: Sequence[Row]) -> str:
    """Return the same instances by Zipf's law; nothing is to be reached there."""
    return numbers(rows, "zipf", ZIPF)


def _number(instance: Instance, found: Sequence[Row]) -> str:
    plans = [row for row in found if row.status == "plan"]
    aim = "-" if instance.gap is None else f"{instance.gap:g} % in {instance.seconds:g} s"
    cells = [
        instance.title,
        aim,
        spread([row.gap_percent for row in plans if row.gap_percent is not None], percent),
        spread([row.objective for row in plans if row.objective is not None], whole),
        spread([row.unplaced for row in plans if row.unplaced is not None], whole),
        spread([row.wall for row in found], whole),
        spread([row.cpu for row in found], whole),
        spread([row.rss_mib for row in found], whole),
        missed(instance, found),
    ]
    return f"| {' | '.join(cells)} |"


def missed(instance: Instance, found: Sequence[Row]) -> str:
    """Say what an instance's rows fall short of, in any seed."""
    faults = sorted({row.status for row in found if row.status != "plan"})
    gaps = [row.gap_percent for row in found if row.gap_percent is not None]
    if instance.gap is not None and gaps and max(gaps) > instance.gap:
        faults.append("gap")
    if max(row.wall for row in found) > instance.seconds * SLACK:
        faults.append("time")
    if instance.rss_mib and max(row.rss_mib for row in found) > instance.rss_mib:
        faults.append(f"memory (of {instance.rss_mib // GIB} GiB)")
    return f"{MISSED}: {', '.join(faults)}" if faults else ""


def duels(rows: Sequence[Row], suite: str = "duels", instances: Sequence[Instance] = DUELS) -> str:
    """Return one table for each duel, our certified bound beside every objective."""
    parts = []
    for instance in instances:
        lines = [
            line
            for contestant in DUEL
            if (found := of(rows, suite, instance.name, contestant))
            for line in [_duellist(rows, suite, instance, contestant, found)]
        ]
        if lines:
            head = [
                f"**{instance.title}**, {instance.seconds:g} s",
                "",
                "| | objective | above our bound % | unplaced | its own bound | seconds | CPU s | MiB | |",
                "|---|--:|--:|--:|--:|--:|--:|--:|---|",
            ]
            parts.append("\n".join([*head, *lines]))
    return "\n\n".join(parts)


def _duellist(
    rows: Sequence[Row], suite: str, instance: Instance, contestant: str, found: Sequence[Row]
) -> str:
    bounds = {row.seed: row.bound for row in of(rows, suite, instance.name) if row.bound}
    plans = [row for row in found if row.status == "plan" and row.objective is not None]
    above = [
        100 * ((row.objective or 0) - bound) / bound
        for row in plans
        if (bound := bounds.get(row.seed))
    ]
    own = [row.own_bound for row in found if row.own_bound is not None]
    if contestant == "wurao":
        own = [bound for bound in bounds.values() if bound is not None]
    faults = sorted({row.status for row in found if row.status != "plan"})
    cells = [
        NAMES[contestant],
        spread([row.objective for row in plans if row.objective is not None], whole),
        spread(above, percent),
        spread([row.unplaced for row in plans if row.unplaced is not None], whole),
        spread(own, whole),
        spread([row.wall for row in found], whole),
        spread([row.cpu for row in found], whole),
        spread([row.rss_mib for row in found], whole),
        "; ".join([*faults, *lost(rows, suite, instance.name, contestant)]),
    ]
    return f"| {' | '.join(cells)} |"


def lost(rows: Sequence[Row], suite: str, instance: str, contestant: str) -> list[str]:
    """Say for which seeds a peer's plan is better than ours, and for which as good, beside that peer."""
    if contestant not in PEERS:
        return []
    ours = {
        row.seed: row.objective if row.status == "plan" else None
        for row in of(rows, suite, instance)
    }
    better: list[int] = []
    level: list[int] = []
    for row in of(rows, suite, instance, contestant):
        if row.status != "plan" or row.objective is None or row.seed not in ours:
            continue
        mine = ours[row.seed]
        if mine is None or row.objective < mine:
            better.append(row.seed)
        elif row.objective == mine:
            level.append(row.seed)
    return [
        f"{words}: seed {', '.join(map(str, sorted(seeds)))}"
        for words, seeds in ((f"{LOST} to it", better), ("level with it", level))
        if seeds
    ]


def reference(rows: Sequence[Row]) -> str:
    """Compare the county month at ten seconds with the best of all at ten minutes."""
    lines = []
    for long in sorted({row.seed for row in rows if row.suite == "reference"}):
        plans = [
            row
            for row in rows
            if row.instance in SAME and row.seed == long and row.objective is not None
        ]
        best = min(plans, key=lambda row: row.objective or 0, default=None)
        ours = next((row for row in of(rows, "numbers", "county-month") if row.seed == long), None)
        if best is None or best.objective is None or ours is None or ours.objective is None:
            continue
        ran = {row.contestant for row in rows if row.suite == "reference" and row.seed == long}
        over = 100 * (ours.objective - best.objective) / best.objective
        mark = MISSED if over > 1 else ""
        lines.append(
            f"| {long} | {best.objective:,} ({NAMES[best.contestant]}, {best.seconds:g} s) "
            f"| {'; '.join(sorted(NAMES[each] for each in ran))} "
            f"| {ours.objective:,} | {over:.2f} | {mark} |"
        )
    if not lines:
        return ""
    head = [
        "| seed | best of all | ran for 600 s | ours in 10 s | above % (to reach: 1) | |",
        "|--:|--:|---|--:|--:|---|",
    ]
    return "\n".join([*head, *lines])


def replan(rows: Sequence[Row]) -> str:
    """Return the table of single events on the province's plan."""
    found = [row for row in rows if row.suite == "replan"]
    if not found:
        return ""
    lines = [
        (
            f"| event | seed | events | worst seconds (to reach: {REPLAN_SECONDS}) | worst CPU s "
            f"| most moved beyond those hit (to reach: {REPLAN_MOVED}) | left out, all events "
            "| certified gap % before | after all | |"
        ),
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    return "\n".join([*lines, *(_replanned(row) for row in found)])


def _replanned(row: Row) -> str:
    late = row.wall > REPLAN_SECONDS or (row.moved or 0) > REPLAN_MOVED or row.status != "plan"
    counts = ["-" if count is None else whole(count) for count in (row.moved, row.unplaced)]
    gaps = ["-" if gap is None else percent(gap) for gap in (row.gap_before, row.gap_percent)]
    cells = [
        row.instance.removeprefix("replan-"),
        str(row.seed),
        "-" if row.events is None else str(row.events),
        f"{row.wall:.2f}",
        f"{row.cpu:.2f}",
        *counts,
        *gaps,
        MISSED if late else "",
    ]
    return f"| {' | '.join(cells)} |"
