"""Candidate days: on which days a case may take place, and which rule closes each of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.cases import Case
from scheduler.gates import Numbers, falls_on
from scheduler.refusals import by_rule, objection
from scheduler.ruleset import RuleSet
from scheduler.workdays import CalendarMissing
from schemas.objections import Objection
from schemas.policy import Gate

_NO_CALENDAR = "calendar-missing"

MOST_DAYS = 800
"""Days of a window that are looked at. Intake refuses windows far shorter than that; the limit keeps
a legal date centuries away from holding up a worker."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The open days in order, and each closed one with the first rule that closes it."""

    open: tuple[date, ...]
    closed: tuple[tuple[date, Objection], ...]


def candidate_days(
    case: Case,
    rules: RuleSet,
    days: Iterable[date] | None = None,
    lifted: Collection[str] = (),
) -> Candidates:
    """Try every day of the case's window, or of ``days`` within it, against the day's gates.

    Rules in ``lifted`` that somebody may lift close nothing. A day in a year without an official
    calendar is closed to every case whose gates ask for the calendar. For a department that the
    city cannot refuse every day is open.
    """
    span = (
        _days(case) if days is None else (d for d in days if case.first_day <= d <= case.last_day)
    )
    open_days: list[date] = []
    closed: list[tuple[date, Objection]] = []
    for day in span:
        against = _closed_by(case, day, rules, lifted)
        if against is None:
            open_days.append(day)
        else:
            closed.append((day, _told(against)))
    return Candidates(tuple(open_days), tuple(closed))


def open_days(case: Case, rules: RuleSet) -> Iterator[date]:
    """Yield the open days of the case's window in order, for those who need no word on the others."""
    return (day for day in _days(case) if _closed_by(case, day, rules, ()) is None)


def closing_rules(
    case: Case, rules: RuleSet, lifted: Collection[str] = ()
) -> tuple[Objection, ...]:
    """Return what closes every day of the window, each rule once; empty when one day is open."""
    found: dict[str, Objection] = {}
    for day in _days(case):
        against = _closed_by(case, day, rules, lifted)
        if against is None:
            return ()
        if against.code not in found:
            found[against.code] = _told(against)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Against:
    """What closes a day, before anybody asked for its words; no gate where no calendar is."""

    gate: Gate | None
    numbers: Numbers

    @property
    def code(self) -> str:
        return _NO_CALENDAR if self.gate is None else self.gate.code


def _told(against: _Against) -> Objection:
    if against.gate is None:
        return objection(_NO_CALENDAR, **against.numbers)
    return by_rule(against.gate, **against.numbers)


def _closed_by(case: Case, day: date, rules: RuleSet, lifted: Collection[str]) -> _Against | None:
    if not case.bound:
        return None
    try:
        for gate, numbers in falls_on(case, day, rules):
            if gate.code not in lifted or not gate.liftable_by:
                return _Against(gate, numbers)
    except CalendarMissing as missing:
        return _Against(None, {"year": missing.year})
    return None


def _days(case: Case) -> Iterable[date]:
    length = (case.last_day - case.first_day).days + 1
    return (case.first_day + timedelta(days=n) for n in range(min(length, MOST_DAYS)))
