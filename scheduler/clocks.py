"""Deadlines about matters that are no visit: problems, contacts, callbacks, leads.

Such a rule binds no purpose, so no visit's decision ever meets it; it is found by what starts it.
"""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.ruleset import RuleSet
from scheduler.workdays import WorkCalendar
from schemas.enterprise_problems import ProblemGrade
from schemas.tallies import Opened


def started(
    rules: RuleSet,
    day: date,
    event_type: str,
    stream: str,
    to: str,
    *,
    grade: ProblemGrade | None = None,
    spent: int = 0,
) -> tuple[Opened, ...]:
    """Return the deadlines that an event starts under the rules of its day.

    ``spent`` are working days that ran already, where a clock goes on with another owner.
    """
    return tuple(
        Opened(
            id=keys.deadline(rule.code, stream),
            rule=rule.code,
            owner=rule.owner,
            to=to,
            working_days=max(0, rule.working_days - spent),
            ends=rule.ends,
        )
        for rule in rules.deadlines(day)
        if rule.starts == event_type and not rule.purposes and rule.grade in {None, grade}
    )


def stopped(rules: RuleSet, event_type: str, stream: str) -> tuple[str, ...]:
    """Return the ids of the deadlines that an event would meet, were they open."""
    return tuple(
        keys.deadline(rule.code, stream) for rule in rules.matters() if event_type in rule.ends
    )


def days_left(calendar: WorkCalendar, day: date) -> int:
    """Return how many working days are left in a day's month, the day itself not counted."""
    return days_until(calendar, day, keys.month_of(day))


def days_until(calendar: WorkCalendar, day: date, month: str) -> int:
    """Return how many working days after a day the last working day of a month is.

    Never raises for a missing calendar: the deadline shows as provisional until it is adopted.
    """
    left = 0
    while keys.month_of(calendar.due(day, left + 1).day) <= month:
        left += 1
    return left


def days_to(calendar: WorkCalendar, day: date, last: date) -> int:
    """Return how many working days after a day the last one up to ``last`` is; 0 where there is none.

    Never raises for a missing calendar: the deadline shows as provisional until it is adopted.
    """
    fewest, most = 0, max(0, (last - day).days)
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if calendar.due(day, middle).day <= last:
            fewest = middle
        else:
            most = middle - 1
    return fewest
