"""The county's December in a folder: played, read, reported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from portal.demo.clock import at
from portal.demo.county.december import MONTH, december
from portal.demo.county.people import VISITS_A_YEAR, County, county
from portal.demo.december import BEGINS, ENDS, December
from portal.demo.desk import Desk, Told
from portal.demo.history import TRANSPORT, lanes_of
from portal.demo.reading import Reading, read, worth_of
from portal.demo.run import Run, Through, directly, opened, reopened
from portal.report.gather import Month, month_report
from portal.report.page import render
from portal.settings import Lang
from scheduler.planner.limits import Limits
from schemas.lanes import Lane

REPORT: Final = "report.html"
OUTBOX: Final = "notifications.jsonl"


@dataclass(frozen=True, slots=True)
class Played:
    """A finished December: its figures as one JSON object, what the page shows, where it lies."""

    summary: dict[str, Any]
    month: Month
    page: Path


def run_of(data: Path, seed: int) -> Run:
    """Return the run of the county's December in a folder."""
    return Run(data, {"kind": "county", "month": MONTH, "seed": seed, "visits": VISITS_A_YEAR})


async def play(
    data: Path,
    *,
    seed: int = 0,
    lang: Lang = Lang.BOTH,
    told: Told = lambda _, __: None,
    through: Through = directly,
) -> Played:
    """Play December in a folder and write its page; return what it came to."""
    run = run_of(data, seed)
    async with opened(run, at(BEGINS, 0), told, through) as desk:
        result = await played(desk, data, seed=seed, lang=lang, told=told)
    run.finish()
    return result


async def played(
    desk: Desk,
    data: Path,
    *,
    seed: int = 0,
    lang: Lang = Lang.BOTH,
    limits: Limits | None = None,
    told: Told = lambda _, __: None,
) -> Played:
    """Play December at a desk; what it writes goes into the folder."""
    found = county(seed)
    requests = december(found, seed)
    script = December(desk, found, requests, seed=seed, limits=limits, outbox=data / OUTBOX)
    await script.play()
    reading = await read(desk.service.ledger, {}, ENDS, told)
    month = await month_report(desk.service.queries, MONTH, found.data.county.zh)
    page = data / REPORT
    page.write_text(render(month, lang), encoding="utf-8")
    return Played(summary(reading, month), month, page)


@asynccontextmanager
async def finished(data: Path, seed: int) -> AsyncIterator[tuple[Desk, County] | None]:
    """Open a finished run to tell of it; ``None`` where there is none."""
    run = run_of(data, seed)
    if not run.finished:
        yield None
        return
    async with reopened(run, at(ENDS, 23)) as desk:
        yield desk, county(seed)


def summary(reading: Reading, month: Month) -> dict[str, Any]:
    """Return what December came to, as one JSON object."""
    figures = reading.figures
    return {
        "kind": "county",
        "month": MONTH,
        "transport": TRANSPORT,
        "requests": figures.requests,
        "planned": figures.served_by_plan,
        "entries": figures.entries,
        "joint_visits": figures.joint_visits,
        "escalated": figures.lanes[Lane.ESCALATED].requests,
        "unplaced": len(month.unplaced),
        "refused": sum(counts.refused for counts in figures.lanes.values()),
        "breaches": len(reading.breaches),
        "rules_in_force": reading.rules_in_force,
        **worth_of(reading.plans),
        "visits_avoided": figures.visits_avoided,
        "joint_share": figures.joint_share,
        "entries_last_year": month.entries_before,
        "high_risk_reached": month.coverage.reached,
        "high_risk": month.coverage.of,
        "lanes": lanes_of(figures),
        "exempt_by_reason": dict(sorted(figures.exempt_by_reason.items())),
        "exempt_share": figures.exempt_share,
        "coded_share": figures.coded_share,
        "rated": figures.rated,
        "unrated": figures.unrated,
        "find_share": figures.find_share,
        "filed_late": figures.filed_late,
        "back_dated": figures.back_dated,
        "ends": dict(sorted(reading.ends.items())),
        "ledger_entries": reading.entries,
        "digest": reading.digest,
    }
