"""The month's timetable: the policy's working days, counted back from the first service day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scheduler.ruleset import RuleSet
from scheduler.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class MonthDates:
    """The dates of one month's planning, and the days on which its visits may take place."""

    requests_close: date
    draft: date
    answers_close: date
    publish: date
    officers_named: date
    visiting_days: tuple[date, ...]


def of_month(month: str, rules: RuleSet, calendar: WorkCalendar) -> MonthDates:
    """Return the dates of a month such as ``2026-12``.

    Raises:
    ------
    CalendarMissing
        If the month's year, or the year before where the count reaches it, has no official
        calendar.
    """
    days = rules.visiting_days(month, calendar)
    first, steps = days[0], rules.timetable

    def before(working_days: int) -> date:
        return calendar.nth_working_day_before(first, working_days)

    return MonthDates(
        requests_close=before(steps.requests_close),
        draft=before(steps.draft),
        answers_close=before(steps.answers_close),
        publish=before(steps.publish),
        officers_named=before(steps.officers_named),
        visiting_days=days,
    )
