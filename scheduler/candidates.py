"""Candidate days: on which days a case may take place, and which rule closes each of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.cases import Case
from scheduler.gates import on_day
from scheduler.refusals import objection
from scheduler.ruleset import RuleSet
from scheduler.workdays import CalendarMissing
from schemas.objections import Objection

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
            closed.append((day, against))
    return Candidates(tuple(open_days), tuple(closed))


def closing_rules(
    case: Case, rules: RuleSet, lifted: Collection[str] = ()
) -> tuple[Objection, ...]:
    """Return what closes every day of the window, each rule once; empty when one day is open."""
    found: dict[str, Objection] = {}
    for day in _days(case):
        against = _closed_by(case, day, rules, lifted)
        if against is None:
            return ()
        found.setdefault(against.rule, against)
    return tuple(found.values())


def _days(case: Case) -> Iterable[date]:
    length = (case.last_day - case.first_day).days + 1
    return (case.first_day + timedelta(days=n) for n in range(min(length, MOST_DAYS)))


def _closed_by(case: Case, day: date, rules: RuleSet, lifted: Collection[str]) -> Objection | None:
    if not case.bound:
        return None
    try:
        found = on_day(case, day, rules)
    except CalendarMissing as missing:
        return objection("calendar-missing", year=missing.year)
    return next((o for o in found if o.rule not in lifted or not o.liftable_by), None)
