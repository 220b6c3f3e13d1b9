"""The arithmetic from what was measured to a county, a city, a province and a country. Pure.

Each place is given by its visits in a year; everything else follows from the costs and from the
assumptions that stand on the page. The country's figure is what a year of inspections came to: 28
million visits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

COMMANDS: Final = 6
"""Commands of one visit: request, approval, its line of the plan, entry, departure with result, rating."""

ENTRIES: Final = 10
"""Entries of one visit: what those commands make, with code, filing and notices."""

MONTHS: Final = 12
PEAK: Final = 0.25
"""Share of a month's commands that come in its busiest day."""

HOURS: Final = 8
"""Hours of that day."""

BUSY: Final = 0.5
"""How far a core is loaded at most: the rest is for what nobody foresaw."""

MONTH_REQUESTS: Final = 1000
"""Requests in the month that was planned."""

PLACES: Final = (
    ("县 county", 10_000, 1),
    ("市 city", 100_000, 10),
    ("省 province", 1_000_000, 100),
    ("全国 country", 28_000_000, 2_800),
)
"""Name, visits in a year, planning domains."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One number of workers: commands per second, and processor milliseconds for one command."""

    workers: int
    rate: float
    worker_ms: float
    database_ms: float


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger: bytes where it is stored, and what publishing it takes."""

    stored: float
    """Bytes in the database, with its indexes and read models."""
    published: float
    """Entries a second by one relay."""
    relay_ms: float
    database_ms: float


@dataclass(frozen=True, slots=True)
class Planned:
    """Small counties' months planned side by side: plans a minute, processor seconds of one."""

    planners: int
    a_minute: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Costs:
    """Everything that was measured in one run."""

    runs: tuple[Measured, ...]
    event: Event
    gap: float
    plan_cpu: float
    """Processor seconds of one plan, from reading the problem to the written certificate."""
    plan_mib: float
    planned: tuple[Planned, ...]
    commands: int
    machine: str


@dataclass(frozen=True, slots=True)
class Size:
    """What a place needs."""

    name: str
    visits: int
    domains: int
    per_second: float
    """Commands in a second of the busiest hours."""
    worker_cores: float
    database_cores: float
    relay_cores: float
    """Of the relays; each domain has one at work."""
    plan_hours: float
    """Processor hours of all plans of a month."""
    gigabytes: float
    """Of the ledger, in a year."""


def size(costs: Costs, name: str, visits: int, domains: int) -> Size:
    """Return what a place needs.

    Commands of the busiest second: visits x COMMANDS / 12 x PEAK / (HOURS x 3600). Cores: that, times the
    processor time of one command, over BUSY. Plans: each domain plans each month once; a month with more
    requests than the measured one costs in proportion.
    """
    per_second = visits * COMMANDS / MONTHS * PEAK / (HOURS * 3600)
    cheapest = costs.runs[0]
    share = visits / domains / MONTHS / MONTH_REQUESTS
    return Size(
        name=name,
        visits=visits,
        domains=domains,
        per_second=per_second,
        worker_cores=per_second * cheapest.worker_ms / 1000 / BUSY,
        database_cores=per_second * cheapest.database_ms / 1000 / BUSY,
        relay_cores=per_second * ENTRIES / COMMANDS * costs.event.relay_ms / 1000 / BUSY,
        plan_hours=domains * costs.plan_cpu * max(1.0, share) / 3600,
        gigabytes=visits * ENTRIES * costs.event.stored / 1e9,
    )


def workers(size: Size) -> int:
    """Return how many worker processes of one core each a place needs: one for each domain at least."""
    return max(size.domains, ceil(size.worker_cores))


def page(costs: Costs) -> str:
    """Return docs/sizing.md."""
    sizes = [size(costs, *place) for place in PLACES]
    return (
        "\n".join([*_measured(costs), *_reckoned(sizes), *_words(_example(costs, sizes[-1]))])
        + "\n"
    )


def _measured(costs: Costs) -> Sequence[str]:
    rows = [
        f"| {run.workers} | {run.rate:,.0f} | {run.worker_ms:.2f} | {run.database_ms:.2f} |"
        for run in costs.runs
    ]
    return [
        "# 规模 / Sizing",
        "",
        "Written by `make scale-report`; every number below is measured in, or reckoned from, that one run.",
        "`python -m benchmarks.scale --commands 300 --seconds 2` does the same in short and writes nothing.",
        "",
        "## 测得 / Measured",
        "",
        f"{costs.commands:,} requests for each row, each judged by every rule. {costs.machine}.",
        "",
        "| workers | requests/s | worker CPU ms a request | database CPU ms a request |",
        "|--:|--:|--:|--:|",
        *rows,
        "",
        "| what | cost |",
        "|---|--:|",
        f"| an event, stored with its indexes and read models | {costs.event.stored:,.0f} bytes |",
        (
            f"| an event, published by one relay ({costs.event.published:,.0f}/s) | "
            f"{costs.event.relay_ms:.2f} ms CPU, {costs.event.database_ms:.2f} ms of the database |"
        ),
        (
            f"| a plan of {MONTH_REQUESTS:,} requests, 70 departments, 5 days, to a proven gap of "
            f"{costs.gap:.2f} % | {costs.plan_cpu:.1f} CPU s, {costs.plan_mib:,.0f} MiB |"
        ),
        "",
        "| planners side by side | small plans a minute | CPU s a plan |",
        "|--:|--:|--:|",
        *(f"| {each.planners} | {each.a_minute:.1f} | {each.cpu:.1f} |" for each in costs.planned),
        "",
        "Workers, broker and database share the cores of one machine here, so more workers than cores bring",
        "no more requests a second, and more planners than cores no more plans. On machines of their own workers",
        "add up to what the CPU time of a request allows, until the database's core is full; planners add up",
        "without end, for counties' plans share nothing but what was split between them beforehand",
        "([regions](how-to/run-with-kafka.md)).",
        "",
    ]


def _reckoned(sizes: Sequence[Size]) -> Sequence[str]:
    rows = [
        f"| {s.name} | {s.visits:,} | {s.domains:,} | {s.per_second:,.2f} | {workers(s):,} | "
        f"{s.worker_cores:,.2f} | {s.database_cores:,.2f} | {s.relay_cores:,.2f} | "
        f"{s.plan_hours:,.2f} | {s.gigabytes:,.1f} |"
        for s in sizes
    ]
    return [
        "## 推算 / Reckoned",
        "",
        (
            "| place | visits a year | domains | commands/s at the busiest | workers | their cores | "
            "database cores | relay cores | CPU h of all plans a month | ledger GB a year |"
        ),
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *rows,
        "",
    ]


def _example(costs: Costs, place: Size) -> Sequence[str]:
    """Return the arithmetic of one place, with its numbers."""
    monthly = place.visits * COMMANDS / MONTHS
    second, cores = f"{place.per_second:,.2f}", f"{place.worker_cores:,.2f}"
    return [
        f"- For example {place.visits:,} visits: x {COMMANDS} / {MONTHS} = {monthly:,.0f} commands a month,",
        f"  x {PEAK} = {monthly * PEAK:,.0f} on the busiest day, / {HOURS * 3600:,} s = {second} a second,",
        f"  x {costs.runs[0].worker_ms:.2f} ms / {BUSY} = {cores} cores of workers.",
    ]


def _words(example: Sequence[str]) -> Sequence[str]:
    return [
        "## 怎么算的 / How it is reckoned",
        "",
        f"- A visit is {COMMANDS} commands (request, approval, its line of the plan, entry, departure with",
        f"  result, rating) and {ENTRIES} entries. A request is the dearest of them; all are taken to cost as",
        "  much as it does.",
        f"- {PEAK:.0%} of a month's commands come on its busiest day, within {HOURS} hours.",
        f"  Commands/s = visits x {COMMANDS} / {MONTHS} x {PEAK} / ({HOURS} x 3600).",
        f"- Cores = commands/s x CPU time of a command (one worker's row) / {BUSY}: a core is loaded by half.",
        *example,
        f"- Relay cores = commands/s x {ENTRIES} / {COMMANDS} x CPU time of an event / {BUSY}.",
        "- Each domain has a worker of its own at least, and plans each month once; a larger month costs in",
        "  proportion to its requests.",
        "- 28 million visits a year are a country of some 2,800 counties. Domains share nothing but policies",
        "  and calendars, so a country is no more than its counties side by side: no table, topic or lock",
        "  grows with it. One county's own head row is the only place where its commands wait for each other.",
        "",
        "Not in it: pages (see [the measured pages](benchmarks.md)), the broker's cores, copies of the",
        "database, and backups.",
    ]
