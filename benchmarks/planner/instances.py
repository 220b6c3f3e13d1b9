"""The instances of the tables, as the very commands that make them, and what is asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

GIB: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One row of a table.

    Parameters
    ----------
    make
        Options of ``wurao bench make``; the seed and the folder are added.
    gap
        Certified gap to reach, in percent; None where there is nothing to reach.
    rss_mib
        Memory to stay within.
    """

    name: str
    title: str
    make: Mapping[str, str]
    seconds: float
    gap: float | None = None
    rss_mib: int | None = None


def _made(requests: int, departments: int, days: int, **more: str) -> dict[str, str]:
    given = {"requests": str(requests), "departments": str(departments), "days": str(days)}
    return given | {"tightness": "1.04"} | more


COUNTY_MONTH: Final = _made(1_000, 70, 5, durations="1-4")
COUNTY_YEAR: Final = _made(10_000, 70, 60, durations="1-4", caps="", history="30", budget="90")
HARD_CORNER: Final = _made(5_000, 5, 60)
PROVINCE: Final = _made(100_000, 40, 60)
PROVINCE_LONG: Final = _made(100_000, 40, 60, durations="1-4")
LARGE: Final = _made(1_000_000, 400, 60)
REAL: Final = "real-2012"

NUMBERS: Final = (
    Instance(
        name="county-month",
        title="county month: 1,000 requests, 5 days, 70 departments, durations 1-4",
        make=COUNTY_MONTH,
        seconds=10,
        gap=5.0,
        rss_mib=GIB,
    ),
    Instance(
        name="county-year",
        title="county year: 10,000 requests, 60 days, 70 departments, caps, budget, durations 1-4",
        make=COUNTY_YEAR,
        seconds=60,
        gap=3.0,
        rss_mib=2 * GIB,
    ),
    Instance(
        name="hard-corner",
        title="hard corner: 5,000 unit requests, 5 departments, 60 days",
        make=HARD_CORNER,
        seconds=60,
        gap=1.5,
        rss_mib=2 * GIB,
    ),
    Instance(
        name=REAL,
        title="the real year 2012",
        make={},
        seconds=60,
        gap=1.0,
        rss_mib=2 * GIB,
    ),
    Instance(
        name="province",
        title="province: 100,000 unit requests, 40 departments, 60 days",
        make=PROVINCE,
        seconds=60,
        gap=1.0,
        rss_mib=3 * GIB,
    ),
    Instance(
        name="province-durations",
        title="province with durations 1-4",
        make=PROVINCE_LONG,
        seconds=120,
        gap=3.0,
        rss_mib=3 * GIB,
    ),
    Instance(
        name="large",
        title="large: 1,000,000 unit requests, 400 departments, 60 days",
        make=LARGE,
        seconds=600,
        gap=2.0,
        rss_mib=6 * GIB,
    ),
)

ZIPF: Final = tuple(
    Instance(
        name=f"{one.name}-zipf",
        title=f"{one.title.partition(':')[0]}, Zipf",
        make={**one.make, "law": "zipf"},
        seconds=one.seconds,
        rss_mib=one.rss_mib,
    )
    for one in NUMBERS
    if one.make and one.name != "large"
)

DUELS: Final = (
    Instance(
        name="tight-1000",
        title="1,000 TIGHT: the county month, 1.04x",
        make=COUNTY_MONTH,
        seconds=10,
    ),
    Instance(
        name="tight-1000-units",
        title="1,000 TIGHT: unit requests, 5 departments, 60 days, 1.04x",
        make=_made(1_000, 5, 60),
        seconds=40,
    ),
    Instance(
        name="tight-5000",
        title="5,000 TIGHT: the hard corner, 1.04x",
        make=HARD_CORNER,
        seconds=60,
    ),
    Instance(
        name="tight-100000",
        title="100,000 TIGHT: the province, 1.04x",
        make=PROVINCE,
        seconds=120,
    ),
    Instance(
        name="loose-1000",
        title="1,000 loose: unit requests, 5 departments, 60 days, 1.25x",
        make=_made(1_000, 5, 60, tightness="1.25"),
        seconds=40,
    ),
    Instance(
        name="loose-5000",
        title="5,000 loose: unit requests, 25 departments, 60 days, 1.25x",
        make=_made(5_000, 25, 60, tightness="1.25"),
        seconds=40,
    ),
    Instance(
        name="loose-100000",
        title="100,000 loose: unit requests, 200 departments, 60 days, 1.25x",
        make=_made(100_000, 200, 60, tightness="1.25"),
        seconds=60,
    ),
)

REFERENCE: Final = Instance(
    name="county-month",
    title="county month, ten minutes each: the best of all is the reference value",
    make=COUNTY_MONTH,
    seconds=600,
)


@dataclass(frozen=True, slots=True)
class Suite:
    """A table: its name, its instances, and who runs on them."""

    name: str
    instances: tuple[Instance, ...]
    contestants: tuple[str, ...] = ("wurao",)
    seeds: tuple[int, ...] = field(default=(1, 2, 3))


PEERS: Final = ("timefold", "cpsat", "highs")
DUEL: Final = ("wurao", *PEERS)

FULL: Final = (
    Suite("numbers", NUMBERS),
    Suite("zipf", ZIPF),
    Suite("duels", DUELS, DUEL),
    Suite("reference", (REFERENCE,), DUEL, (1,)),
)


def _short(one: Instance, seconds: float) -> Instance:
    return Instance(name=one.name, title=one.title, make=one.make, seconds=seconds, gap=one.gap)


REPLAN: Final = Suite(
    "replan",
    (
        Instance(
            name="replan-province",
            title="the province",
            make=PROVINCE,
            seconds=1,
            gap=1.0,
        ),
        Instance(
            name="replan-caps",
            title="the province under caps and a budget of entries",
            make=PROVINCE | {"caps": "", "history": "10", "budget": "62"},
            seconds=1,
            gap=1.0,
        ),
    ),
)
"""Single events on a planned problem: `benchmarks.planner.replan` runs it; the gap is the plan's before them."""

SHORT: Final = (
    Suite("short numbers", tuple(_short(one, 10) for one in NUMBERS[:3]), seeds=(1,)),
    Suite("short duels", (_short(DUELS[0], 10), _short(DUELS[2], 20)), DUEL, (1,)),
)
