"""Whether what an alert says is so: counted again from the ledger's states, not from its entries.

A pattern comes about by chance, too. Such an alert is true though nobody had planned it, and a supervisor has
good reason to ask; one that says what the states do not bear out is false. Terms are those of the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from scheduler import keys
from scheduler.states import RequestState, VisitState, VisitStatus
from schemas.alert_rules import AlertRule, AlertTest
from schemas.lanes import Purpose
from schemas.registry import Enterprise
from schemas.visits import Grade

Alert = Mapping[str, Any]
POOR: Final = frozenset({Grade.POOR, Grade.VERY_POOR})
CAME: Final = frozenset({VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED})


@dataclass(frozen=True)
class Books:
    """What is on record when the year is over; ``visits`` is the visit of each request that has one."""

    visits: Mapping[str, VisitState]
    requests: Mapping[str, RequestState] = field(default_factory=dict)
    firms: Mapping[str, Enterprise] = field(default_factory=dict)
    rules: Mapping[AlertTest, AlertRule] = field(default_factory=dict)

    @cached_property
    def by_key(self) -> Mapping[str, VisitState]:
        """The visits by their streams."""
        return {keys.visit(visit.id): visit for visit in self.visits.values()}

    def number(self, test: AlertTest, name: str) -> int:
        """Return a threshold of the policy."""
        return self.rules[test].numbers[name]

    def asked(self, visit: VisitState, department: str) -> list[RequestState]:
        """Return a department's requests behind a visit."""
        parts = (part for part in visit.line.parts if part.department == department)
        ids = (id_ for part in parts for id_ in part.requests)
        return [self.requests[id_] for id_ in ids if id_ in self.requests]

    def exempt(self, visit: VisitState, department: str) -> bool:
        """Whether a department's entry counts apart: all that it asked for does."""
        asked = self.asked(visit, department)
        if not asked:
            return visit.lane.exempt
        return all(each.request.lane.exempt for each in asked)

    def so(self, alert: Alert) -> bool:
        """Whether an alert says what is so; False where nothing here can tell."""
        judge = _JUDGES.get(alert["rule"])
        before = [self.by_key.get(each["subject"]) for each in alert.get("evidence", ())[:1]]
        later = self.by_key.get(alert["about"])
        if judge is None or later is None or not before or before[0] is None:
            return False
        homes = alert.get("departments") or ()
        return any(judge(self, before[0], later, home) for home in homes)

    def items(self, test: AlertTest, visit: VisitState, department: str) -> set[str]:
        """Return the items of a department's own checks that a pattern counts."""
        if visit.line.purpose is not Purpose.INSPECTION or not entered(visit, department):
            return set()
        lanes = self.rules[test].lanes
        return {
            item
            for each in self.asked(visit, department)
            if each.request.draw is None and (not lanes or each.request.lane in lanes)
            for item in each.request.items
        }


def entered(visit: VisitState, department: str) -> bool:
    """Whether a department came in."""
    return visit.status in CAME and department not in visit.absent


def in_order(visit: VisitState, department: str, items: set[str]) -> set[str]:
    """Return the items against which a department found nothing at a visit."""
    own = (found for found in visit.outcomes if found.department == department)
    return items - {each.item for found in own for each in found.findings if not each.compliant}


def _days(one: VisitState, other: VisitState) -> int:
    return abs((other.line.day - one.line.day).days)


def _twice(books: Books, one: VisitState, other: VisitState, department: str) -> bool:
    test = AlertTest.CHECKED_TWICE
    shared = books.items(test, one, department) & books.items(test, other, department)
    soon = 0 < _days(one, other) <= books.number(test, "days")
    same = one.line.enterprise == other.line.enterprise
    return same and soon and bool(in_order(one, department, shared))


def _split(books: Books, one: VisitState, other: VisitState, department: str) -> bool:
    test = AlertTest.SPLIT_VISIT
    firms = [books.firms.get(visit.line.enterprise) for visit in (one, other)]
    units = [{("group", firm.group), ("site", firm.site)} for firm in firms if firm]
    related = len(units) == len(firms) and any(name for _, name in units[0] & units[1])
    windows = [
        [each.request.window for each in books.asked(visit, department)] for visit in (one, other)
    ]
    apart = not any(a.first <= b.last and b.first <= a.last for a in windows[0] for b in windows[1])
    both = all(books.items(test, visit, department) for visit in (one, other))
    return related and both and apart and _days(one, other) <= books.number(test, "days")


def _after_rating(books: Books, one: VisitState, other: VisitState, department: str) -> bool:
    poor = one.rating is not None and one.rating.grade in POOR
    afterwards = [
        each
        for each in books.asked(other, department)
        if each.at.date() > one.line.day and each.request.draw is None
    ]
    soon = _days(one, other) <= books.number(AlertTest.AFTER_BAD_RATING, "days")
    same = one.line.enterprise == other.line.enterprise
    return poor and same and soon and bool(afterwards) and entered(one, department)


_JUDGES: Final[Mapping[str, Callable[[Books, VisitState, VisitState, str], bool]]] = {
    AlertTest.CHECKED_TWICE.value: _twice,
    AlertTest.SPLIT_VISIT.value: _split,
    AlertTest.AFTER_BAD_RATING.value: _after_rating,
}
"""The patterns about two visits, which chance produces as well."""
