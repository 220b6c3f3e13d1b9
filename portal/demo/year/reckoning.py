"""What was done wrong against what the detectors found: afterwards, from the ledger's states and alerts.

A scheme counts as planted when what happened shows that it came about; what the rules, a head or the
planner stopped beforehand counts as stopped. An alert counts as false where no planted scheme of
its pattern is behind it: the pattern was there, but nobody had meant it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.demo.year.schemes import RULES, Kind, Scheme
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas.visits import Grade

Alert = Mapping[str, Any]
Visits = Mapping[str, VisitState]
"""The visit of each request that has one."""

_CAME: Final = frozenset({VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED})
_POOR: Final = frozenset({Grade.POOR, Grade.VERY_POOR})
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
    """One pattern: the alerts that it raised, and those of them that nothing planted is behind."""

    alerts: int
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
    def false(self) -> int:
        """Alerts of the patterns looked at that nothing planted is behind."""
        return sum(raised.false for raised in self.rules.values())


def reckoned(
    schemes: Iterable[Scheme],
    rushed: Iterable[tuple[str, str, str]],
    visits: Visits,
    alerts: Iterable[Alert],
) -> Reckoning:
    """Hold what was planted against what was found.

    Args:
        schemes: What somebody set out to do.
        rushed: Pairs of visits with the same officers minutes apart.
        visits: The visit of each request.
        alerts: What the detectors found.
    """
    tried: Counter[Kind] = Counter()
    done: list[Done] = []
    for scheme in schemes:
        tried[scheme.kind] += 1
        done += _come_about(scheme, visits)
    came = {v.id for v in visits.values() if v.status in _CAME}
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
        kinds, {rule: _raised(by_rule[rule], done) for rule in sorted({*RULES.values()})}
    )


def _raised(alerts: list[Alert], done: list[Done]) -> Raised:
    false = sum(not any(each.behind(alert) for each in done) for alert in alerts)
    return Raised(len(alerts), false)


def _come_about(scheme: Scheme, visits: Visits) -> Iterator[Done]:
    """Yield the scheme as it came about, or nothing."""
    if scheme.key:
        over_time = _OVER_TIME.get(scheme.kind)
        if over_time is None or over_time(scheme, visits):
            yield Done(scheme.kind, scheme.department, frozenset(), scheme.key)
        return
    second, first = visits.get(scheme.second), visits.get(scheme.first)
    if second is None or (scheme.first and first is None):
        return
    happened = _HAPPENED.get(scheme.kind, _entered)
    if happened(scheme, second) and (first is None or _before(scheme, first)):
        yield Done(scheme.kind, scheme.department, frozenset({keys.visit(second.id)}))


def _entered(scheme: Scheme, visit: VisitState) -> bool:
    return visit.status in _CAME and scheme.department not in visit.absent


def _before(scheme: Scheme, visit: VisitState) -> bool:
    """Whether the earlier visit was what makes the later one wrong."""
    if scheme.kind is Kind.RETALIATION:
        return visit.rating is not None and visit.rating.grade in _POOR
    return _entered(scheme, visit)


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

_ENOUGH: Final = 10
"""Entries below which a share says nothing; the policy's own number."""
_MOST: Final = 35
_HALF: Final = 50


def _own(scheme: Scheme, visits: Visits, when: str) -> list[VisitState]:
    found = {v.id: v for v in visits.values() if _entered(scheme, v)}
    return [
        v
        for v in found.values()
        if scheme.department in v.line.departments and str(v.line.day).startswith(when)
    ]


def _claimed_causes(scheme: Scheme, visits: Visits) -> bool:
    """Whether at the end of some month too many of a department's entries of the year were for cause.

    The last month that was played has no end: no later day tells that it was over.
    """
    mine = _own(scheme, visits, scheme.key.partition("/")[2])
    last = max((str(v.line.day)[:7] for v in visits.values()), default="")
    for month in sorted({str(v.line.day)[:7] for v in mine} - {last}):
        so_far = [v for v in mine if str(v.line.day)[:7] <= month]
        exempt = sum(v.lane.exempt for v in so_far)
        if len(so_far) >= _ENOUGH and exempt * 100 > _MOST * len(so_far):
            return True
    return False


def _bunched(scheme: Scheme, visits: Visits) -> bool:
    """Whether a department's month had most of its entries on its last day."""
    mine = _own(scheme, visits, scheme.key.partition("/")[2])
    last = max((v.line.day for v in mine), default=None)
    on_last = sum(v.line.day == last for v in mine)
    return len(mine) >= _ENOUGH and on_last * 100 >= _HALF * len(mine)


_OVER_TIME: Final[Mapping[Kind, Callable[[Scheme, Visits], bool]]] = {
    Kind.FALSE_CAUSE: _claimed_causes,
    Kind.BUNCHING: _bunched,
}
