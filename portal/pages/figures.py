"""A year in figures: entries against the baseline, what a policy hopes for, what is left under caps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.matters.yearly import SoFar, so_far
from portal.pages.names import Names, names
from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.gaps import gap
from scheduler.states import DraftState
from scheduler.statistics import ENTERED, Coverage
from scheduler.targets import Counts, measured
from schemas.base import Bilingual
from schemas.lanes import Purpose
from schemas.origins import Origin
from schemas.policy import Cap, Floor, Share
from schemas.visits import Closing, PlanLine
from streams.queries import Queries

_OFF = "cancelled"
_ENTERED = frozenset(status.value for status in ENTERED)
MOST = 60
"""Enterprises of high risk that are listed; the rest is a number."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month's entries: of the baseline year; made or planned now; and of these the joint ones."""

    month: str
    before: int
    now: int
    joint: int
    compared: bool
    """Whether this month counts in the comparison: something was planned or done in it."""
    drafted: bool = False
    """Whether it has a draft and no published plan yet, so that its entries stand in no list of visits."""

    @property
    def path(self) -> str:
        """Where the entries are listed one by one."""
        listed = f"/plans/{self.month}?view=list"
        return listed if self.drafted else f"/visits?month={self.month}&show=standing"


@dataclass(frozen=True, slots=True)
class Place:
    """A department's entries: of the baseline's same months, and now."""

    id: str
    before: int
    now: int

    @property
    def change(self) -> int | None:
        """Per cent by which entries rose, or fell; ``None`` where there were none."""
        return round(100 * (self.now - self.before) / self.before) if self.before else None


@dataclass(frozen=True, slots=True)
class Target:
    """What a rule hopes for, what there is, and how many are missing or too many."""

    title: Bilingual
    origin: Origin
    part: int
    whole: int
    per_cent: int
    at_most: bool
    gap: int

    @property
    def share(self) -> int:
        """What there is, in per cent."""
        return 100 * self.part // self.whole if self.whole else 0


@dataclass(frozen=True, slots=True)
class Room:
    """A cap: under how many keys units are taken, and how many of these are used up."""

    title: Bilingual
    limit: int
    keys: int
    used_up: int
    left: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A year in figures."""

    so_far: SoFar
    counts: Counts
    months: tuple[Month, ...]
    places: tuple[Place, ...]
    avoided: int
    evidence: tuple[str, ...]
    names: Names

    @property
    def year(self) -> int:
        """The year."""
        return self.so_far.year

    @property
    def coverage(self) -> Coverage:
        """How many enterprises of high risk were entered."""
        return self.so_far.coverage


@dataclass(frozen=True, slots=True)
class Hopes:
    """What the rules hope for in a year, the room under its caps, and whom nobody entered yet."""

    targets: tuple[Target, ...]
    rooms: tuple[Room, ...]
    unreached: tuple[tuple[str, str], ...]


async def hopes(queries: Queries, found: Figures, today: date) -> Hopes:
    """Set a year's figures beside the rules.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    rules, _ = await rules_and_calendar(queries)
    own = found.so_far
    in_force = rules.in_force(min(today, date(own.year, 12, 31)))
    caps = [rule for rule in in_force if isinstance(rule, Cap) and rule.binding]
    missing = sorted((name, id_) for id_, name in own.high.items() if id_ not in own.reached)
    return Hopes(
        targets=tuple(
            _target(rule, found.counts) for rule in in_force if isinstance(rule, Floor | Share)
        ),
        rooms=tuple([await _room(queries, cap, own.year) for cap in caps]),
        unreached=tuple((id_, name) for name, id_ in missing[:MOST]),
    )


async def figures(queries: Queries, year: int, today: date) -> Figures:
    """Read a year's figures."""
    baseline = await _baseline(queries, year)
    drafts = await _drafts(queries, year)
    visits = [*await _visits(queries, year), *_as_visits(drafts)]
    planned = await _planned(queries, today)
    months = _months(year, baseline, visits, planned, {keys.month_of(line.day) for line in drafts})
    compared = {month.month for month in months if month.compared}
    own = await so_far(queries, year)
    counts = _counts(visits, months, len(own.high), len(own.reached))
    return Figures(
        counts=counts,
        months=months,
        places=await _places(queries, year, baseline, compared, drafts),
        so_far=own,
        avoided=sum(v.requests - v.number for v in visits if v.planned),
        evidence=tuple(sorted({row["evidence"] for row in await queries.rows("baseline")})),
        names=await names(queries),
    )


@dataclass(frozen=True, slots=True)
class _Visits:
    """Visits that are alike, and how many of them there are."""

    day: date
    entered: bool
    planned: bool
    purpose: Purpose
    exempt: bool
    joint: bool
    coded: bool
    rated: str | None
    number: int
    requests: int


async def _visits(queries: Queries, year: int) -> list[_Visits]:
    by = ("day", "status", "purpose", "exempt", "departments", "coded", "rated", "month")
    found = await queries.sums("visit", by=by, adding=("requests",))
    return [
        _Visits(
            day=day,
            entered=status in _ENTERED,
            planned=month is not None,
            purpose=Purpose(purpose),
            exempt=exempt is not None,
            joint=departments > 1,
            coded=coded,
            rated=rated,
            number=number,
            requests=requests,
        )
        for (day, status, purpose, exempt, departments, coded, rated, month), (
            number,
            requests,
        ) in found.items()
        if day.year == year and status != _OFF
    ]


async def _drafts(queries: Queries, year: int) -> list[PlanLine]:
    """Return the lines of the newest drafts of this year's months that have no published plan yet."""
    lines: list[PlanLine] = []
    for row in await queries.rows("month", published=0):
        if row["month"].startswith(f"{year:04d}") and row["drafted"]:
            draft = await queries.get(DraftState, keys.draft(row["month"], row["drafted"]))
            lines += draft.body.lines if draft else ()
    return lines


def _as_visits(lines: list[PlanLine]) -> list[_Visits]:
    return [
        _Visits(
            day=line.day,
            entered=False,
            planned=True,
            purpose=line.purpose,
            exempt=False,
            joint=len(line.parts) > 1,
            coded=False,
            rated=None,
            number=1,
            requests=sum(len(part.requests) for part in line.parts),
        )
        for line in lines
    ]


async def _planned(queries: Queries, today: date) -> Callable[[str], bool]:
    """Tell of which months enough is known to compare them: those planned, and those that are over."""
    drafted = {row["month"] for row in await queries.rows("month") if row["drafted"]}
    return lambda month: month in drafted or month < keys.month_of(today)


async def _baseline(queries: Queries, year: int) -> dict[str, Counter[str]]:
    """Return each department's entries by month of this year, as the baseline year had them."""
    newest: dict[str, int] = {}
    rows = [row for row in await queries.rows("baseline") if int(row["year"]) < year]
    for row in rows:
        newest[row["department"]] = max(newest.get(row["department"], 0), int(row["year"]))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if int(row["year"]) == newest[row["department"]]:
            found[row["department"]][f"{year:04d}-{int(row['month']):02d}"] += int(row["entries"])
    return dict(found)


def _months(
    year: int,
    baseline: Mapping[str, Counter[str]],
    visits: list[_Visits],
    planned: Callable[[str], bool],
    drafted: set[str],
) -> tuple[Month, ...]:
    before: Counter[str] = sum(baseline.values(), Counter())
    now: Counter[str] = Counter()
    joint: Counter[str] = Counter()
    for each in visits:
        now[keys.month_of(each.day)] += each.number
        joint[keys.month_of(each.day)] += each.number * each.joint
    months = [f"{year:04d}-{number:02d}" for number in range(1, 13)]
    return tuple(
        Month(m, before[m], now[m], joint[m], now[m] > 0 and planned(m), m in drafted)
        for m in months
    )


def _counts(visits: list[_Visits], months: tuple[Month, ...], high: int, reached: int) -> Counts:
    purposes: Counter[Purpose] = Counter()
    for each in visits:
        purposes[each.purpose] += each.number
    entered = [each for each in visits if each.entered]
    return Counts(
        visits=purposes,
        planned=sum(v.number for v in visits if v.planned),
        joint=sum(v.number for v in visits if v.planned and v.joint),
        entries=sum(v.number for v in entered),
        exempt=sum(v.number for v in entered if v.exempt),
        coded=sum(v.number for v in entered if v.coded),
        rated=sum(v.number for v in entered if v.rated == Closing.RATED.value),
        unrated=sum(v.number for v in entered if v.rated == Closing.UNRATED.value),
        high=high,
        reached=reached,
        before=sum(m.before for m in months if m.compared),
        after=sum(m.now for m in months if m.compared),
    )


async def _places(
    queries: Queries,
    year: int,
    baseline: Mapping[str, Counter[str]],
    compared: set[str],
    drafts: list[PlanLine],
) -> tuple[Place, ...]:
    off = {row["id"] for row in await queries.rows("visit", status=_OFF)}
    now = Counter(part.department for line in drafts for part in line.parts)
    for row in await queries.rows("visit_part"):
        if keys.month_of(row["day"]) in compared and row["visit"] not in off:
            now[row["department"]] += 1
    ids = baseline.keys() | now.keys()
    found = [
        Place(id_, sum(baseline.get(id_, Counter())[m] for m in compared), now[id_]) for id_ in ids
    ]
    return tuple(sorted(found, key=lambda p: (-max(p.before, p.now), p.id)))


def _target(rule: Floor | Share, counts: Counts) -> Target:
    part, whole = measured(rule, counts)
    share = rule if isinstance(rule, Share) else None
    return Target(
        title=rule.title,
        origin=rule.origin,
        part=part,
        whole=whole,
        per_cent=rule.at_least if isinstance(rule, Floor) else rule.target,
        at_most=share is not None and share.at_most,
        gap=gap(rule, part, whole),
    )


async def _room(queries: Queries, cap: Cap, year: int) -> Room:
    """Count the keys of a cap of this year; where risk or level set another limit, that is not told."""
    make = keys.entry_cap if cap.counts == "entry" else keys.cap
    family, start, stamp = make("").split("/")[1], f"{make(cap.code)}/", f"/{year:04d}"
    rows = [
        row
        for row in await queries.rows("tally", family=family)
        if row["key"].startswith(start) and stamp in row["key"]
    ]
    taken = [row["used"] + row["reserved"] for row in rows if "/lifted" not in row["key"]]
    return Room(
        title=cap.title,
        limit=cap.limit,
        keys=sum(number > 0 for number in taken),
        used_up=sum(number >= cap.limit for number in taken),
        left=sum(max(0, cap.limit - number) for number in taken if number > 0),
    )
