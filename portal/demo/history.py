"""A past year of a real city under today's rules, "as if": `wurao demo --history FILE --year Y`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from portal.demo.clock import at
from portal.demo.desk import Desk, Told
from portal.demo.mapping import Mapping, Record, read_mapping, read_records
from portal.demo.past import PastYear
from portal.demo.reading import Reading, read, worth_of
from portal.demo.run import Run, Through, directly, fingerprint, opened
from scheduler.planner.limits import Limits
from scheduler.statistics import Figures, share
from schemas.lanes import Lane

ENDS: Final = (
    "closed",
    "entered-exempt",
    "refused",
    "unplaced",
    "escalation-pending",
    "rejected",
)
"""Where a row may end. Each row ends in exactly one of these."""

TRANSPORT: Final = "in-process"


class UnfinishedError(RuntimeError):
    """A run that did not come to what it must: rows without an end, or no rule in force."""


@dataclass(frozen=True, slots=True)
class History:
    """The records of a year and how they are read."""

    path: Path
    mapping: Mapping
    records: tuple[Record, ...]

    @classmethod
    def of(cls, path: Path, year: int) -> History:
        """Read a year's records with the mapping that ships for it.

        Raises:
            BadHistory: If there is no mapping, or the file cannot be understood.
        """
        mapping = read_mapping(year)
        return cls(path, mapping, read_records(path, mapping))

    def run(self, data: Path, seed: int) -> Run:
        """Return the run of this history in a folder."""
        arguments = {
            "kind": "history",
            "file": fingerprint(self.path),
            "year": self.mapping.year,
            "mapping": self.mapping.version,
            "seed": seed,
        }
        return Run(data, arguments)


async def play(
    history: History,
    data: Path,
    *,
    seed: int = 0,
    told: Told = lambda _, __: None,
    through: Through = directly,
) -> dict[str, Any]:
    """Play a past year through the program in a folder; return what it came to."""
    run = history.run(data, seed)
    first = at(date(history.mapping.year, 1, 1), 0)
    async with opened(run, first, told, through) as desk:
        result = await played(desk, history.records, history.mapping, seed=seed, told=told)
    run.finish()
    return result


async def played(
    desk: Desk,
    records: Sequence[Record],
    mapping: Mapping,
    *,
    seed: int = 0,
    limits: Limits | None = None,
    told: Told = lambda _, __: None,
) -> dict[str, Any]:
    """Play a past year at a desk; return what it came to.

    Raises:
        UnfinishedError: If a row has no end, or no rule was in force.
    """
    await PastYear(desk, records, mapping, seed=seed, limits=limits).play()
    own_dates = {r.ref: r.day for r in records if r.planned}
    last = date(mapping.year, 12, 31)
    reading = await read(desk.service.ledger, own_dates, last, told)
    return summary(reading, records, mapping)


def summary(reading: Reading, records: Sequence[Record], mapping: Mapping) -> dict[str, Any]:
    """Return what a past year came to, as one JSON object.

    Raises:
        UnfinishedError: If a row has no end, or no rule was in force.
    """
    ends = _ends(reading, len(records))
    if reading.rules_in_force == 0:
        msg = "没有生效的规则, 结果无意义 / no rule was in force, so the result means nothing"
        raise UnfinishedError(msg)
    figures, worth = reading.figures, worth_of(reading.plans)
    left = reading.offered - reading.placed
    asked = sum(record.planned for record in records)
    return {
        "kind": "history",
        "year": mapping.year,
        "as_if": True,
        "as_if_from": f"{mapping.year}-01-01",
        "transport": TRANSPORT,
        "rows": len(records),
        "requests": figures.requests,
        "ends": ends,
        "plans": len(reading.plans),
        "planned": reading.placed,
        "entries": figures.entries,
        "joint_visits": figures.joint_visits,
        "escalated": figures.lanes[Lane.ESCALATED].requests,
        "unplaced": left,
        "breaches": len(reading.breaches),
        "rules_in_force": reading.rules_in_force,
        **worth,
        "routine_and_statutory": asked,
        "placed_share": share(reading.placed, asked),
        "joint_share": figures.joint_share,
        "visits_avoided": figures.visits_avoided,
        "entries_before": reading.wanted,
        "entries_after": figures.planned_entries + left,
        "lanes": lanes_of(figures),
        "exempt_by_reason": dict(sorted(figures.exempt_by_reason.items())),
        "exempt_share": figures.exempt_share,
        "coded_share": figures.coded_share,
        "rated_share": figures.rated_share,
        "generated": [
            "uscc",
            "items",
            "officers",
            "capacities",
            "approvals",
        ],
        "ledger_entries": reading.entries,
        "digest": reading.digest,
    }


def _ends(reading: Reading, rows: int) -> dict[str, int]:
    """Return how many rows ended where; whatever never became a request was rejected."""
    found: Counter[str] = Counter(reading.ends)
    found["rejected"] += rows - reading.figures.requests
    strange = sorted(name for name, number in found.items() if number and name not in ENDS)
    if strange or found.total() != rows:
        msg = f"有行没有结果 / rows without an end: {dict(found)}, {rows} rows"
        raise UnfinishedError(msg)
    return {name: found[name] for name in ENDS}


def lanes_of(figures: Figures) -> dict[str, dict[str, int]]:
    """Return each lane's totals."""
    return {
        lane.value: {
            "requests": counts.requests,
            "refused": counts.refused,
            "rejected": counts.rejected,
            "placed": counts.placed,
            "unplaced": counts.unplaced + counts.undecided,
            "visits": counts.visits,
            "entries": counts.entries,
        }
        for lane, counts in figures.lanes.items()
    }
