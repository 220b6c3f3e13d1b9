"""总量控制 as people look at it: the city's and each department's year, binding caps, high-risk coverage."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.matters.yearly import so_far
from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.budgets import Budget, budget, worst
from scheduler.ruleset import RuleSet
from scheduler.stacking import limit_of, narrowed
from scheduler.statistics import ENTERED, Coverage
from schemas.base import Bilingual
from schemas.lanes import Lane, Purpose
from schemas.policy import Cap, CapField, Share, Transfers
from schemas.registry import CreditTier, Level, RiskClass
from streams.queries import Queries

_CAME: Final = frozenset(status.value for status in ENTERED)
_COMING: Final = "published"
_POOLED: Final = frozenset({CapField.CITY, CapField.DEPARTMENT, CapField.MONTH, CapField.YEAR})


@dataclass(frozen=True, slots=True)
class Pool:
    """A cap over many enterprises that binds: its units under one key. Full means frozen."""

    rule: str
    title: Bilingual
    key: str
    limit: int
    taken: int

    @property
    def frozen(self) -> bool:
        """Whether routine visits wait until it is a new month or year; no other lane ever does."""
        return self.taken >= self.limit


@dataclass(frozen=True, slots=True)
class Budgets:
    """A year's budgets. ``target`` is None where the policy in force hopes for no reduction."""

    year: int
    baseline_year: int | None
    evidence: tuple[str, ...]
    target: Share | None
    city: Budget
    departments: tuple[tuple[str, Budget], ...]
    pools: tuple[Pool, ...]
    coverage: Coverage


async def budgets(queries: Queries, year: int, today: date) -> Budgets:
    """Read a year's budgets.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    rules, _ = await rules_and_calendar(queries)
    day = min(max(today, date(year, 1, 1)), date(year, 12, 31))
    target = _target(rules, day)
    rows = [row for row in await queries.rows("baseline") if int(row["year"]) < year]
    newest = max((int(row["year"]) for row in rows), default=None)
    before: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        if int(row["year"]) == newest:
            before[row["department"]][int(row["month"])] += int(row["entries"])
    doors, presences = await _counted(queries, year)
    per_cent = target.target if target else 0
    now = today.month if today.year == year else 0 if today.year < year else 13

    def of(baseline: Mapping[int, int], counts: _Counts) -> Budget:
        return budget(baseline, counts.used, counts.planned, counts.exempt, per_cent, now)

    whole = sum(before.values(), Counter[int]())
    own = [
        (id_, of(before.get(id_, Counter()), presences.get(id_, _Counts.none())))
        for id_ in sorted(before.keys() | presences.keys())
    ]
    return Budgets(
        year=year,
        baseline_year=newest,
        evidence=tuple(sorted({row["evidence"] for row in rows if int(row["year"]) == newest})),
        target=target,
        city=of(whole, doors),
        departments=tuple(worst(own)),
        pools=await _pools(queries, rules, day),
        coverage=(await so_far(queries, year)).coverage,
    )


def _target(rules: RuleSet, day: date) -> Share | None:
    shares = (rule for rule in rules.in_force(day) if isinstance(rule, Share))
    return next((share for share in shares if share.measure == "fewer_entries"), None)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Entries by month: routine ones made, routine ones to come, exempt ones."""

    used: Counter[int]
    planned: Counter[int]
    exempt: Counter[int]

    @classmethod
    def none(cls) -> _Counts:
        return cls(Counter(), Counter(), Counter())

    def add(self, status: str, month: int, *, exempt: bool) -> None:
        """Count an entry; one that is called off, or found no way in, is none."""
        if status not in _CAME and status != _COMING:
            return
        where = self.exempt if exempt else self.used if status in _CAME else self.planned
        where[month] += 1


async def _counted(queries: Queries, year: int) -> tuple[_Counts, dict[str, _Counts]]:
    """Count the city's doors, and each department's presences."""
    doors = _Counts.none()
    presences: defaultdict[str, _Counts] = defaultdict(_Counts.none)
    visits = {row["id"]: row for row in await queries.rows("visit") if row["day"].year == year}
    for row in visits.values():
        doors.add(row["status"], row["day"].month, exempt=row["exempt"] is not None)
    for part in await queries.rows("visit_part"):
        visit = visits.get(part["visit"])
        if visit is not None and not part["absent"]:
            exempt = visit["exempt"] is not None
            presences[part["department"]].add(visit["status"], visit["day"].month, exempt=exempt)
    return doors, presences


def _limit(cap: Cap, where: str) -> int:
    """Return the limit under a key, such as ``fire/2026-12``: a table may state each one's own."""
    parts = dict(zip(cap.key, where.split("/"), strict=False))
    month = parts.get(CapField.MONTH, "")[-2:]
    own = narrowed(cap, parts.get(CapField.DEPARTMENT, ""), int(month) if month else 0)
    plain = (Level.COUNTY, RiskClass.UNRATED, CreditTier.UNRATED, Purpose.INSPECTION, ())
    found = limit_of(own, *plain)
    return cap.limit if found is None else found


def rule_of(found: Budgets, since: date) -> dict[str, object]:
    """Return the year's budgets as a binding rule for a policy file: what is allowed by department, month.

    It binds routine and escalated visits alone, a leader may lift it for one visit, nothing rolls over
    (the key has the month); units move to another department or month where ``transfers`` says so.
    """
    evidence = "、".join(found.evidence)
    words = f"项目默认：以{found.baseline_year}年同月为基数（{evidence}）减{found.target.target if found.target else 0}%"
    return {
        "code": "department-budget",
        "title": {"zh": "部门入企月度总量", "en": "A department's budget of the month"},
        "shape": "cap",
        "key": ["department", "month"],
        "limit": 0,
        "listed_only": True,
        "binding": True,
        "transfers": Transfers.NONE.value,
        "table": [row for id_, own in sorted(found.departments) for row in _budget_rows(id_, own)],
        "lanes": [Lane.ROUTINE.value, Lane.ESCALATED.value],
        "liftable_by": ["leader"],
        "remedies": ["join_visit", "next_week", "off_site", "drop", "escalate"],
        "in_force": {"since": since},
        "origin": {"kind": "default", "document": "项目默认", "words": words},
    }


def _budget_rows(department: str, own: Budget) -> list[dict[str, object]]:
    """Return a department's rows, months of the same number in one."""
    months: dict[int, list[int]] = {}
    for month in own.months:
        if month.baseline:
            months.setdefault(month.allowed, []).append(month.month)
    return [
        {"limit": limit, "departments": [department], "months": numbers}
        for limit, numbers in sorted(months.items())
    ]


async def _pools(queries: Queries, rules: RuleSet, day: date) -> tuple[Pool, ...]:
    """Return the caps over many enterprises that bind on a day, by the keys of its year."""
    found = []
    for cap in rules.in_force(day):
        if not isinstance(cap, Cap) or not cap.binding or not _POOLED.issuperset(cap.key):
            continue
        make = keys.entry_cap if cap.counts == "entry" else keys.cap
        start = f"{make(cap.code)}/"
        family = start.split("/")[1]
        for row in await queries.rows("tally", family=family):
            key = row["key"]
            if key.startswith(start) and f"/{day.year:04d}" in key and "/lifted" not in key:
                taken = row["used"] + row["reserved"]
                where = key.removeprefix(start)
                limit = _limit(cap, where) + rules.moved.get(key, 0)
                found.append(Pool(cap.code, cap.title, where, limit, taken))
    return tuple(sorted(found, key=lambda pool: (not pool.frozen, pool.rule, pool.key)))
