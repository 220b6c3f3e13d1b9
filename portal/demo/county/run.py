"""The county's December in a folder: played, read, reported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from portal.demo.clock import at
from portal.demo.county.december import MONTH, Days, Scripted, december
from portal.demo.county.people import VISITS_A_YEAR, County, county
from portal.demo.december import ENDS, December, begins_under
from portal.demo.desk import Desk, Told
from portal.demo.history import TRANSPORT, lanes_of
from portal.demo.reading import Reading, read, worth_of
from portal.demo.reference import CITY, calendar, policy_layers, stack_of
from portal.demo.run import Run, Through, directly, opened, reopened
from portal.report.gather import Month, month_report
from portal.report.page import render
from portal.settings import Lang
from scheduler.planner.limits import Limits
from scheduler.ruleset import RuleSet
from scheduler.workdays import WorkCalendar
from schemas.lanes import Lane
from schemas.policy import Gate, Rule

REPORT: Final = "report.html"
OUTBOX: Final = "notifications.jsonl"


@dataclass(frozen=True, slots=True)
class Played:
    """A finished December: its figures as one JSON object, what the page shows, where it lies."""

    summary: dict[str, Any]
    month: Month
    page: Path


def run_of(data: Path, seed: int, policy: str = CITY) -> Run:
    """Return the run of the county's December in a folder."""
    arguments = {"kind": "county", "month": MONTH, "seed": seed, "visits": VISITS_A_YEAR}
    return Run(data, {**arguments, "policy": policy})


def days_of(policy: str) -> Days:
    """Return the month's days for visits under a policy, and its rule that keeps visits to them."""
    rules, known = _terms(policy)
    days = rules.visiting_days(MONTH, known)
    keeping = (rule.code for rule in rules.in_force(days[0]) if is_of_days(rule))
    return Days(days, next(keeping, None))


def begins_of(policy: str) -> date:
    """Return the day on which the month's story begins under a policy."""
    return begins_under(*_terms(policy))


def _terms(policy: str) -> tuple[RuleSet, WorkCalendar]:
    known = calendar(ENDS.year)
    if known is None:
        raise LookupError(ENDS.year)
    return RuleSet(policy_layers(stack_of(policy))), WorkCalendar([known])


def is_of_days(rule: Rule) -> bool:
    """Whether a rule says on which days of a month one may come."""
    return isinstance(rule, Gate) and rule.test in {"service_week", "quiet_days"}


async def play(
    data: Path,
    *,
    seed: int = 0,
    policy: str = CITY,
    lang: Lang = Lang.BOTH,
    told: Told = lambda _, __: None,
    through: Through = directly,
) -> Played:
    """Play December in a folder and write its page; return what it came to.

    Raises:
        UnknownPolicyError: If the program has no policy of this name.
    """
    stack_of(policy)
    run = run_of(data, seed, policy)
    async with opened(run, at(begins_of(policy), 0), told, through) as desk:
        result = await played(desk, data, seed=seed, policy=policy, lang=lang, told=told)
    run.finish()
    return result


async def played(
    desk: Desk,
    data: Path,
    *,
    seed: int = 0,
    policy: str = CITY,
    scale: int = 1,
    lang: Lang = Lang.BOTH,
    limits: Limits | None = None,
    told: Told = lambda _, __: None,
) -> Played:
    """Play December at a desk; what it writes goes into the folder.

    ``scale`` keeps every so manieth of the routine requests only, for a quick run.
    """
    found = county(seed)
    requests = thinned(december(found, seed, days_of(policy)), scale)
    script = December(
        desk,
        found,
        requests,
        seed=seed,
        limits=limits,
        outbox=data / OUTBOX,
        policies=stack_of(policy),
        begins=begins_of(policy),
    )
    await script.play()
    reading = await read(desk.service.ledger, {}, ENDS, told)
    month = await month_report(desk.service.queries, MONTH, found.data.county.zh)
    page = data / REPORT
    page.write_text(render(month, lang), encoding="utf-8")
    return Played({**summary(reading, month), "policy": policy}, month, page)


def thinned(requests: Sequence[Scripted], scale: int) -> tuple[Scripted, ...]:
    """Return all requests but most of the routine ones: the first of each so many."""
    routine = [s for s in requests if s.name.startswith("routine-")]
    kept = {s.name for s in routine[::scale]}
    return tuple(s for s in requests if s.name in kept or not s.name.startswith("routine-"))


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
