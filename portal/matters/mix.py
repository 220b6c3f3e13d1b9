"""七二一: every act of a department in a quarter, of which share it is, and where it stands in the ledger.

Acts are counted, never asked for: nothing here says how many of a kind there should be.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.plans.planning import rules_and_calendar
from scheduler.contacts import PairingState
from scheduler.ruleset import RuleSet
from scheduler.statistics import ENTERED
from schemas.acts import ActKind, ActShare
from schemas.contacts import ContactWay
from schemas.policy import Share
from schemas.rhythms import ActTable
from streams.queries import Queries

_CAME: Final = [status.value for status in ENTERED]
_MONTHS: Final = 3


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year, such as ``2026-4``."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter of a day."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    @classmethod
    def read(cls, text: str, default: date) -> Quarter:
        """Return the quarter that a text names, else that of a day."""
        year, _, number = text.partition("-")
        if year.isascii() and year.isdigit() and len(year) == 4 and number in {"1", "2", "3", "4"}:  # noqa: PLR2004 - a year
            return cls(int(year), int(number))
        return cls.of(default)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number}"

    def __contains__(self, day: date) -> bool:
        return Quarter.of(day) == self

    @property
    def last(self) -> date:
        """A day of its last month, by whose rules it is read."""
        return date(self.year, self.number * _MONTHS, 28)

    def moved(self, count: int) -> Quarter:
        """Return the quarter that comes so many later."""
        index = self.year * 4 + self.number - 1 + count
        return Quarter(index // 4, index % 4 + 1)


@dataclass(frozen=True, slots=True)
class Done:
    """One act: whose, towards whom, when, and the page that tells of it."""

    department: str
    enterprise: str
    day: date
    kind: ActKind
    share: ActShare | None
    page: str


@dataclass(frozen=True, slots=True)
class Mixed:
    """A department's acts of a quarter by share; ``other`` counts towards none."""

    department: str
    counts: Counter[ActShare]
    other: int

    @property
    def total(self) -> int:
        """All acts that count towards a share."""
        return self.counts.total()

    def per_cent(self, share: ActShare) -> int:
        """Return a share in whole per cent; 0 of nothing is 0."""
        return round(100 * self.counts[share] / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Mix:
    """A quarter: each department, all of them together, and the shares that the policy names."""

    quarter: Quarter
    table: ActTable | None
    targets: dict[ActShare, Share]
    departments: tuple[Mixed, ...]
    city: Mixed
    acts: tuple[Done, ...]

    def listed(self, department: str, share: ActShare | None) -> tuple[Done, ...]:
        """Return a department's acts, of one share or all, in order of days."""
        wanted = (d for d in self.acts if d.department == department)
        return tuple(d for d in wanted if share is None or d.share is share)


async def mix(queries: Queries, quarter: Quarter, department: str | None = None) -> Mix:
    """Read a quarter's acts, of one department or of all.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    rules, _ = await rules_and_calendar(queries)
    table = rules.acts
    only: dict[str, Any] = {} if department is None else {"department": department}
    found = [
        *await _visits(queries, quarter, only),
        *await _contacts(queries, quarter, department),
        *await _acts(queries, quarter, only),
    ]
    acts = tuple(
        Done(d, e, day, kind, table.share_of(kind) if table else None, page)
        for d, e, day, kind, page in sorted(found, key=lambda each: (each[2], each[0], each[4]))
    )
    homes = sorted({act.department for act in acts})
    return Mix(
        quarter=quarter,
        table=table,
        targets=_targets(rules, quarter.last),
        departments=tuple(_mixed(id_, [a for a in acts if a.department == id_]) for id_ in homes),
        city=_mixed("", acts),
        acts=acts,
    )


_Found = tuple[str, str, date, ActKind, str]


def _mixed(department: str, acts: Sequence[Done]) -> Mixed:
    counts = Counter(act.share for act in acts if act.share is not None)
    return Mixed(department, counts, sum(act.share is None for act in acts))


def _targets(rules: RuleSet, day: date) -> dict[ActShare, Share]:
    shares = {r.measure: r for r in rules.in_force(day) if isinstance(r, Share)}
    return {share: shares[share.value] for share in ActShare if share.value in shares}


async def _visits(queries: Queries, quarter: Quarter, only: dict[str, Any]) -> list[_Found]:
    """Return entries by their purpose, and results by their measure."""
    visits = {row["id"]: row for row in await queries.rows("visit", status=_CAME)}
    found: list[_Found] = []
    for part in await queries.rows("visit_part", absent=False, **only):
        visit = visits.get(part["visit"])
        if visit is None or visit["day"] not in quarter:
            continue
        who, page = (part["department"], visit["enterprise"]), f"/visits/{visit['id']}"
        found.append((*who, visit["day"], ActKind(f"entry_{visit['purpose']}"), page))
        measure = part["measure"]
        if measure not in {None, "none"}:
            found.append((*who, visit["day"], ActKind(f"outcome_{measure}"), page))
    return found


async def _contacts(queries: Queries, quarter: Quarter, department: str | None) -> list[_Found]:
    """Return contacts by the department paired on their day; one on the spot is a visit already."""
    found: list[_Found] = []
    for _, state in await queries.find("pairing"):
        if not isinstance(state, PairingState):
            raise TypeError(type(state))
        for contact in state.contacts:
            home = state.on(contact.on).department
            mine = department in {None, home}
            if mine and contact.on in quarter and contact.way is not ContactWay.ON_SITE:
                firm, page = state.pair.enterprise, f"/contacts/{state.id}"
                found.append((home, firm, contact.on, ActKind.CONTACT, page))
    return found


async def _acts(queries: Queries, quarter: Quarter, only: dict[str, Any]) -> list[_Found]:
    return [
        (r["department"], r["enterprise"], r["day"], ActKind(r["kind"]), f"/mix/acts/{r['id']}")
        for r in await queries.rows("act", **only)
        if r["day"] in quarter
    ]


def sheet(found: Mix) -> str:
    """Return a quarter's shares as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = [f"{share.value}_{what}" for share in ActShare for what in ("acts", "per_cent")]
    writer.writerow(["quarter", "department", *heads, "other"])
    writer.writerows(_lines(found))
    return "\ufeff" + out.getvalue()


def _lines(found: Mix) -> Iterator[list[object]]:
    for own in (*found.departments, found.city):
        cells = [n for share in ActShare for n in (own.counts[share], own.per_cent(share))]
        yield [str(found.quarter), own.department or "*", *cells, own.other]
