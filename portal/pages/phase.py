"""The month's phase: which date of the month's timetable comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.pages.language import marked
from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.timetable import MonthDates, of_month
from scheduler.workdays import CalendarMissing
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the month: its name, its days, and whether it is over, under way or to come."""

    name: str
    first: date
    last: date
    state: str
    until: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a month stands."""

    month: str
    dates: MonthDates
    steps: tuple[Step, ...]


async def phase(queries: Queries, today: date) -> Phase | None:
    """Return the phase of the month that people work on; ``None`` where no calendar reaches.

    That is this month until its last visiting day is over, then the next one.
    """
    try:
        rules, calendar = await rules_and_calendar(queries)
        dates = of_month(keys.month_of(today), rules, calendar)
        month = keys.month_of(today)
        if today > dates.visiting_days[-1]:
            month = _next(month)
            dates = of_month(month, rules, calendar)
    except (CalendarMissing, LookupError):
        return None
    return Phase(month, dates, _steps(dates, today))


def _steps(dates: MonthDates, today: date) -> tuple[Step, ...]:
    spans = (
        (marked("申请"), dates.requests_close, dates.requests_close, True),
        (marked("排程"), dates.draft, dates.draft, False),
        (marked("部门反馈"), dates.answers_close, dates.answers_close, True),
        (marked("发布"), dates.publish, dates.publish, False),
        (marked("派员"), dates.officers_named, dates.officers_named, True),
        (marked("入企"), dates.visiting_days[0], dates.visiting_days[-1], False),
    )
    current = next((name for name, _, last, _ in spans if today <= last), None)
    return tuple(
        Step(name, first, last, _state(name, last, current, today), until)
        for name, first, last, until in spans
    )


def _state(name: str, last: date, current: str | None, today: date) -> str:
    if name == current:
        return "current"
    return "done" if last < today else "next"


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"
