"""What was done wrong against what the detectors found: afterwards, from the ledger's states and alerts.

A scheme counts as planted when what happened shows that it came about; what the rules, a head or the
planner stopped beforehand counts as stopped. An alert that no planted scheme of its pattern
is behind counts as unmeant where what it says is so all the same (``recount``), else as false.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from portal.demo.year.recount import CAME, POOR, Alert, Books, entered, in_order
from portal.demo.year.schemes import RULES, Kind, Scheme
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas.alert_rules import AlertTest

_OFF: Final = frozenset({VisitStatus.CANCELLED, VisitStatus.NOT_ENTERED})


@dataclass(frozen=True, slots=True)
class Done:
    """A scheme that came about, and what an alert about it must name."""

    kind: Kind
    department: str
    about: frozenset[str]
    key: str = ""

    def behind(self, alert: Alert) -> bool:
        """Whether an alert is about it."""
        if alert["rule"] != RULES[self.kind]:
            return False
        if self.key:
            return bool(alert.get("key") == self.key)
        departments = alert.get("departments") or ()
        # What was refused at a visit is about the refusal; its key is the visit.
        named = {alert["about"], alert.get("key")} & self.about
        return bool(named) and (not departments or self.department in departments)


@dataclass(frozen=True, slots=True)
class Count:
    """One kind: what was tried, what of it came about, what of that was found."""

    tried: int
    planted: int
    found: int

    @property
    def stopped(self) -> int:
        """What never came about."""
        return self.tried - self.planted

    @property
    def missed(self) -> int:
        """What came about and no detector found."""
        return self.planted - self.found


@dataclass(frozen=True, slots=True)
class Raised:
    """One pattern: its alerts; of those with nothing planted behind them the true ones, and the false."""

    alerts: int
    unmeant: int
    false: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """All kinds and patterns."""

    kinds: Mapping[Kind, Count]
    rules: Mapping[str, Raised]

    @property
    def planted(self) -> int:
        """What came about, of all kinds."""
        return sum(count.planted for count in self.kinds.values())

    @property
    def found(self) -> int:
        """What of it was found."""
        return sum(count.found for count in self.kinds.values())

    @property
    def unmeant(self) -> int:
        """Alerts with nothing planted behind them that say what is so."""
        return sum(raised.unmeant for raised in self.rules.values())

    @property
    def false(self) -> int:
        """Alerts of the patterns looked at with nothing planted and nothing true behind them."""
        return sum(raised.false for raised in self.rules.values())


def reckoned(
    schemes: Iterable[Scheme],
    rushed: Iterable[tuple[str, str, str]],
    books: Books,
    alerts: Iterable[Alert],
) -> Reckoning:
    """Hold what was planted against what was found.

    Args:
        schemes: What somebody set out to do.
        rushed: Pairs of visits with the same officers minutes apart.
        books: What is on record, and the policy's patterns.
        alerts: What the detectors found.
    """
    tried: Counter[Kind] = Counter()
    done: list[Done] = []
    for scheme in schemes:
        tried[scheme.kind] += 1
        done += _come_about(scheme, books)
    came = {v.id for v in books.visits.values() if v.status in CAME}
    for key, one, other in rushed:
        tried[Kind.TWO_PLACES] += 1
        if {one, other} <= came:
            about = frozenset({keys.visit(one), keys.visit(other)})
            done.append(Done(Kind.TWO_PLACES, key.partition("/")[0], about))
    by_rule: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        by_rule[alert["rule"]].append(alert)
    kinds = {}
    for kind in Kind:
        mine = [each for each in done if each.kind is kind]
        found = sum(any(map(each.behind, by_rule[RULES[kind]])) for each in mine)
        kinds[kind] = Count(tried[kind], len(mine), found)
    return Reckoning(
        kinds, {rule: _raised(by_rule[rule], done, books) for rule in sorted({*RULES.values()})}
    )


def _raised(alerts: list[Alert], done: list[Done], books: Books) -> Raised:
    others = [alert for alert in alerts if not any(each.behind(alert) for each in done)]
    so = sum(map(books.so, others))
    return Raised(len(alerts), so, len(others) - so)


def _come_about(scheme: Scheme, books: Books) -> Iterator[Done]:
    """Yield the scheme as it came about, or nothing."""
    if scheme.key:
        over_time = _OVER_TIME.get(scheme.kind)
        if over_time is None or over_time(scheme, books):
            yield Done(scheme.kind, scheme.department, frozenset(), scheme.key)
        return
    second, first = books.visits.get(scheme.second), books.visits.get(scheme.first)
    if second is None or (scheme.first and first is None):
        return
    happened = _HAPPENED.get(scheme.kind, _entered)
    if happened(scheme, second) and (first is None or _before(scheme, first)):
        yield Done(scheme.kind, scheme.department, frozenset({keys.visit(second.id)}))


def _entered(scheme: Scheme, visit: VisitState) -> bool:
    return entered(visit, scheme.department)


def _before(scheme: Scheme, visit: VisitState) -> bool:
    """Whether the earlier visit was what makes the later one wrong."""
    if scheme.kind is Kind.RETALIATION:
        return visit.rating is not None and visit.rating.grade in POOR
    if scheme.kind is Kind.TWICE and not _still_in_order(scheme, visit):
        return False
    return _entered(scheme, visit)


def _still_in_order(scheme: Scheme, visit: VisitState) -> bool:
    """Whether something was in order the first time; else coming back is a re-check 复查."""
    own = (part for part in visit.line.parts if part.department == scheme.department)
    return bool(in_order(visit, scheme.department, {item for part in own for item in part.items}))


def _filed(_: Scheme, visit: VisitState) -> bool:
    return visit.filing is not None


def _unscanned(_: Scheme, visit: VisitState) -> bool:
    return visit.status is VisitStatus.PUBLISHED


def _on_the_books(_: Scheme, visit: VisitState) -> bool:
    return visit.status not in _OFF


def _punished(scheme: Scheme, visit: VisitState) -> bool:
    return any(
        outcome.department == scheme.department and outcome.measure == "penalty_case"
        for outcome in visit.outcomes
    )


def _rated(_: Scheme, visit: VisitState) -> bool:
    return visit.rating is not None


_HAPPENED: Final[Mapping[Kind, Callable[[Scheme, VisitState], bool]]] = {
    Kind.BACK_DATING: _filed,
    Kind.LATE_FILING: _filed,
    Kind.UNSCANNED: _unscanned,
    Kind.SERVICE_LABEL: _punished,
    Kind.FAST_RATING: _rated,
    Kind.RETALIATION: _on_the_books,
}
"""What shows that a kind came about; for all others, that the department entered."""


def _own(scheme: Scheme, books: Books, when: str) -> list[VisitState]:
    found = {v.id: v for v in books.visits.values() if _entered(scheme, v)}
    return [
        v
        for v in found.values()
        if scheme.department in v.line.departments and str(v.line.day).startswith(when)
    ]


def _claimed_causes(scheme: Scheme, books: Books) -> bool:
    """Whether at the end of some month too many of a department's entries of the year were for cause.

    The last month that was played has no end: no later day tells that it was over.
    """
    mine = _own(scheme, books, scheme.key.partition("/")[2])
    enough = books.number(AlertTest.EXEMPT_SHARE, "entries")
    most = books.number(AlertTest.EXEMPT_SHARE, "per_cent")
    last = max((str(v.line.day)[:7] for v in books.visits.values()), default="")
    for month in sorted({str(v.line.day)[:7] for v in mine} - {last}):
        so_far = [v for v in mine if str(v.line.day)[:7] <= month]
        exempt = sum(books.exempt(v, scheme.department) for v in so_far)
        if len(so_far) >= enough and exempt * 100 > most * len(so_far):
            return True
    return False


def _bunched(scheme: Scheme, books: Books) -> bool:
    """Whether a department's month had most of its entries on its last day."""
    mine = _own(scheme, books, scheme.key.partition("/")[2])
    enough = books.number(AlertTest.BUNCHING, "entries")
    least = books.number(AlertTest.BUNCHING, "per_cent")
    last = max((v.line.day for v in mine), default=None)
    on_last = sum(v.line.day == last for v in mine)
    return len(mine) >= enough and on_last * 100 >= least * len(mine)


_OVER_TIME: Final[Mapping[Kind, Callable[[Scheme, Books], bool]]] = {
    Kind.FALSE_CAUSE: _claimed_causes,
    Kind.BUNCHING: _bunched,
}
