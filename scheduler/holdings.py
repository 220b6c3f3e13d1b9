"""Holdings: which units of which caps the visits of a ledger truly took, counted without trust.

The ledger carries its own tallies. The auditor does not look at them: it counts anew from visits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduler import caps
from scheduler.cases import Case
from scheduler.ruleset import RuleSet
from schemas.policy import Cap
from schemas.visits import PlanLine

Unit = tuple[date, str, str]
"""What counts once under a cap: (day, enterprise, department), the last empty for an entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A unit above its cap's limit. ``requests`` make it up, each with what excuses it, if anything."""

    rule: str
    visit: str
    day: date
    key: str
    limit: int
    total: int
    requests: tuple[tuple[str, str], ...] = ()


LIFTED: Final = "lifted"
"""An approval lifts the rule by name."""

NOT_BOUND: Final = "not-bound"
"""The city has no say over the department; the rule is only told to it."""

REPORTED: Final = "reported"
"""The policy reports the rule and does not bind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A unit that a request on a visit takes of a cap; ``asked`` numbers requests in order.

    ``why`` tells what excuses it above the limit; empty where nothing does.
    """

    asked: int
    unit: Unit
    key: str
    limit: int
    rule: str
    visit: str
    department: str
    request: str
    why: str


class Holdings:
    """The units of every cap key, as visits take them and give them back."""

    def __init__(self) -> None:
        self._of_visit: dict[str, list[_Taken]] = {}

    def take(
        self,
        line: PlanLine,
        case: Case,
        lifted: Collection[str],
        rules: RuleSet,
        *,
        asked: int,
        request: str = "",
    ) -> None:
        """Let a request on a visit take its units, by the rules of the visit's day."""
        for use in caps.uses(case, line.day, rules):
            presence = use.rule.counts == "presence"
            taken = _Taken(
                asked=asked,
                unit=(line.day, line.enterprise, case.department.id if presence else ""),
                key=use.key,
                limit=use.limit,
                rule=use.rule.code,
                visit=line.visit,
                department=case.department.id,
                request=request,
                why=_why(use.rule, case, lifted),
            )
            self._of_visit.setdefault(line.visit, []).append(taken)

    def keep(self, visit: str, departments: Collection[str]) -> None:
        """Let a visit keep the units of these departments and give back all others."""
        kept = [t for t in self._of_visit.pop(visit, []) if t.department in departments]
        if kept:
            self._of_visit[visit] = kept

    def totals(self) -> Counter[str]:
        """Return the units under each key."""
        return Counter({key: len(units) for key, units in self._by_key().items()})

    def over(self) -> Iterator[Over]:
        """Name every unit above its limit, unless all requests that make it up are excused.

        Units are counted in the order in which they were asked for, which is the order in which the
        cap's room was given away. An excused unit still counts.
        """
        return (each for each in self._above() if not all(why for _, why in each.requests))

    def excused(self) -> Iterator[Over]:
        """Name every unit above its limit that stands because all requests in it are excused."""
        return (each for each in self._above() if all(why for _, why in each.requests))

    def _above(self) -> Iterator[Over]:
        for key, units in self._by_key().items():
            for total, same in enumerate(units.values(), start=1):
                last = same[0]
                if total > last.limit:
                    yield Over(
                        rule=last.rule,
                        visit=last.visit,
                        day=last.unit[0],
                        key=key,
                        limit=last.limit,
                        total=total,
                        requests=tuple((taken.request, taken.why) for taken in same),
                    )

    def _by_key(self) -> dict[str, dict[Unit, list[_Taken]]]:
        by_key: dict[str, dict[Unit, list[_Taken]]] = {}
        every = (taken for all_ in self._of_visit.values() for taken in all_)
        for taken in sorted(every, key=lambda t: (t.asked, t.unit)):
            by_key.setdefault(taken.key, {}).setdefault(taken.unit, []).append(taken)
        return by_key


def _why(rule: Cap, case: Case, lifted: Collection[str]) -> str:
    if not case.bound:
        return NOT_BOUND
    if not rule.binding:
        return REPORTED
    return LIFTED if rule.code in lifted and rule.liftable_by else ""
