"""督查 as people look at it: drafts from the read models, what stands behind each number, signed cards."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.permissions import Action, Reach, reach
from portal.plans.planning import NotReadyError, rules_and_calendar
from portal.settings import Lang
from portal.spreadsheets import guarded
from portal.wording.words import label
from scheduler import keys
from scheduler.rating_batches import batches
from scheduler.scorecards.measures import Batched, Came, Counted, Given, Ran, counted
from scheduler.scorecards.periods import months_of, span
from scheduler.scorecards.points import scored, total
from scheduler.scorecards.states import Bulletin, BulletinState, ScorecardState, SignedCard
from scheduler.states import VisitState
from scheduler.statistics import ENTERED
from schemas.base import CHINA
from schemas.enterprise_problems import ProblemClosing, ProblemSource
from schemas.envelope import Actor
from schemas.lanes import Purpose
from schemas.scorecards import Indicator, Scored, ScoreRules, family
from streams.queries import Queries
from streams.readmodels import Row

_CAME: Final = frozenset(status.value for status in ENTERED)
_OWNERS: Final = ("department", "head")
_ANSWERED: Final = frozenset({"answered", "closed"})
_PENALTY: Final = "penalty_case"


@dataclass(frozen=True, slots=True)
class Draft:
    """A department's figures as they stand now, with the rows behind each; nobody signed them."""

    department: str
    period: str
    counted: tuple[Counted, ...]
    figures: tuple[Scored, ...]
    points: int
    possible: int

    def behind(self, indicator: Indicator) -> Counted:
        """Return an indicator with its rows."""
        return next(each for each in self.counted if each.indicator is indicator)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A department in a period's list: its draft, and the newest signed version if there is one."""

    draft: Draft
    signed: SignedCard | None


async def rules_of(queries: Queries) -> ScoreRules | None:
    """Return what the policy in use says of scorecards."""
    try:
        rules, _ = await rules_and_calendar(queries)
    except NotReadyError:
        return None
    return rules.scorecard


async def draft(queries: Queries, department: str, period: str, today: date) -> Draft:
    """Count a department's period."""
    (found,) = await drafts(queries, [department], period, today)
    return found


async def drafts(
    queries: Queries, departments: Sequence[str], period: str, today: date
) -> list[Draft]:
    """Count a period of several departments, in this order; each table is read once for all."""
    rules = await rules_of(queries)
    weights = rules.weights if rules else ()
    parts = await _by_department(queries, "visit_part", departments)
    ids = sorted({row["visit"] for rows in parts.values() for row in rows})
    visits = {row["id"]: row for row in await queries.rows("visit", id=ids)} if ids else {}
    states = await queries.get_many([keys.visit(id_) for id_ in ids])
    deadlines = await queries.rows("deadline", owner=list(_OWNERS))
    problems = await _by_department(queries, "problem", departments)
    baseline = await _by_department(queries, "baseline", departments)
    found = []
    for id_ in departments:
        own = [states[keys.visit(row["visit"])] for row in parts[id_]]
        each = counted(
            period,
            _came(parts[id_], visits),
            _ran(deadlines, id_),
            _given(problems[id_]),
            _ratings(own, id_, period, today),
            _before(baseline[id_], period),
        )
        figures = scored([one.measured for one in each], weights)
        found.append(Draft(id_, period, each, figures, *total(figures)))
    return found


async def listed(queries: Queries, actor: Actor, period: str, today: date) -> tuple[CardRow, ...]:
    """Return the departments that somebody may see, by id: never by points, which nobody signed yet."""
    own = reach(actor, Action.SCORECARD_READ) is Reach.OWN
    rows = await queries.rows("department", enforcement_subject=True)
    if own:
        rows = [row for row in rows if row["id"] == actor.of]
    signed = {row["department"] for row in await queries.rows("scorecard", period=period)}
    ids = sorted({row["id"] for row in rows} | (signed if not own else set()))
    found = []
    for each in await drafts(queries, ids, period, today):
        state = await card(queries, each.department, period) if each.department in signed else None
        found.append(CardRow(each, state.newest if state else None))
    return tuple(found)


async def card(queries: Queries, department: str, period: str) -> ScorecardState | None:
    """Return the signed figures of a period, version by version."""
    return await queries.get(ScorecardState, keys.scorecard(department, period))


async def bulletin(queries: Queries, period: str) -> BulletinState | None:
    """Return a period's bulletins."""
    return await queries.get(BulletinState, keys.bulletin(period))


async def to_publish(queries: Queries, period: str) -> dict[str, int]:
    """Return the newest version of every signed card of a period."""
    return {
        row["department"]: int(row["version"])
        for row in await queries.rows("scorecard", period=period)
    }


async def _by_department(
    queries: Queries, table: str, departments: Sequence[str]
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {id_: [] for id_ in departments}
    for row in await queries.rows(table, department=list(departments)) if departments else ():
        found[row["department"]].append(row)
    return found


def _came(parts: Sequence[Row], visits: Mapping[str, Row]) -> list[Came]:
    """Return the visits in which the department stands; it is in none that was called off."""
    return [
        Came(
            visit=part["visit"],
            day=visit["day"],
            purpose=Purpose(visit["purpose"]),
            planned=visit["month"] is not None,
            entered=visit["status"] in _CAME and not part["absent"],
            joint=int(visit["departments"]) > 1,
            exempt=visit["exempt"] is not None,
            coded=bool(visit["coded"]),
            result=bool(part["outcome"]),
            found=bool(part["found"]),
            penalty=part["measure"] == _PENALTY,
        )
        for part in parts
        if (visit := visits[part["visit"]])["status"] != "cancelled"
    ]


def _ran(rows: Sequence[Row], department: str) -> list[Ran]:
    return [
        Ran(deadline=row["id"], since=row["since"], lapsed=row["status"] == "lapsed")
        for row in rows
        if department in row["recipient"].split(",")
    ]


def _given(rows: Sequence[Row]) -> list[Given]:
    return [
        Given(
            problem=row["id"],
            source=ProblemSource(row["source"]),
            reported=row["reported"].astimezone(CHINA).date(),
            answered=row["status"] in _ANSWERED,
            confirmed=row["closing"] == ProblemClosing.CONFIRMED.value,
            closed_in=row["closed_in"] if row["status"] == "closed" else None,
        )
        for row in rows
        if row["status"] not in {"merged", "declined"}
    ]


def _ratings(states: Sequence[VisitState], department: str, period: str, today: date) -> Batched:
    """Return the whole batches that ended in a period: a department may see no less at once."""
    own = [b for b in batches(states, department, today) if b.last in months_of(period)]
    came = Counter(
        keys.month_of(v.line.day)
        for v in states
        if v.status in ENTERED and department not in v.absent
    )
    visits = sum(n for month, n in came.items() for b in own if b.first <= month <= b.last)
    return Batched(visits, sum(b.ratings for b in own), sum(b.poor for b in own))


def _before(rows: Sequence[Row], period: str) -> int:
    """Return the entries of the same months in the newest year on record before the period's."""
    first, _ = span(period)
    numbers = {int(month[-2:]) for month in months_of(period)}
    years = {int(row["year"]) for row in rows if int(row["year"]) < first.year}
    newest = max(years, default=None)
    return sum(
        int(row["entries"])
        for row in rows
        if int(row["year"]) == newest and int(row["month"]) in numbers
    )


async def signed_in(queries: Queries, found: Bulletin, period: str) -> dict[str, SignedCard]:
    """Return the signed cards that a bulletin names, each in the version that it names."""
    cards: dict[str, SignedCard] = {}
    for line in found.cards:
        state = await card(queries, line.department, period)
        if state is not None:
            cards[line.department] = next(v for v in state.versions if v.version == line.version)
    return cards


def sums(cards: Iterable[SignedCard]) -> tuple[tuple[Indicator, int, int], ...]:
    """Add signed figures up, indicator by indicator: what a city's figures rest on in a bulletin."""
    parts: Counter[Indicator] = Counter()
    wholes: Counter[Indicator] = Counter()
    for each in cards:
        for figure in each.figures:
            parts[figure.measured.indicator] += figure.measured.part
            wholes[figure.measured.indicator] += figure.measured.whole
    return tuple((each, parts[each], wholes[each]) for each in Indicator if each in wholes)


HEADING: Final = ("部门", "期间", "版本", "指标", "类别", "分子", "分母", "得分", "权重")
"""The columns of a sheet of scorecards."""


def sheet(period: str, cards: Sequence[tuple[str, int, Sequence[Scored]]]) -> bytes:
    """Return scorecards (department, version, figures) as CSV that spreadsheets open; version 0: a draft."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADING)
    for name, version, figures in cards:
        for each in figures:
            own = each.measured
            writer.writerow(
                (
                    guarded(name),
                    period,
                    version or "草稿",
                    label(own.indicator, Lang.ZH),
                    label(family(own.indicator), Lang.ZH),
                    own.part,
                    own.whole,
                    hundredths(each.points),
                    each.weight or "",
                )
            )
    return out.getvalue().encode("utf-8-sig")


def hundredths(points: int | None) -> str:
    """Return points as people write them; nothing where nothing was judged."""
    return "" if points is None else f"{points / 100:.2f}".rstrip("0").rstrip(".")
