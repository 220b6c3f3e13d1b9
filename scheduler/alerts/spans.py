"""How many days lie between two, as a policy counts them: by the calendar on the wall or the official one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from scheduler.alerts.facts import Facts, days_between
from scheduler.alerts.notes import Numbers, holds
from scheduler.workdays import CalendarMissing, WorkCalendar
from schemas.alert_rules import AlertCondition
from schemas.calendars import SATURDAY, Calendar

_CALENDAR: Final = "calendar/"


def adopted(facts: Facts, data: Mapping[str, Any]) -> None:
    """Remember a year's calendar; a provisional one never takes the place of an official one."""
    calendar = data["calendar"]
    key = f"{_CALENDAR}{calendar['year']}"
    known = facts.get(key).get("calendar")
    if not known or _official(calendar) or not _official(known):
        facts.put(key, {"calendar": calendar})


def _official(calendar: Mapping[str, Any]) -> bool:
    return bool(calendar["status"] == "official")


def days_apart(facts: Facts, numbers: Numbers, earlier: str, later: str) -> int:
    """Return the days from one ISO date to another; negative where the other lies before.

    Working days where the policy says so: a pretext does not wait longer because a holiday lies
    between. Monday to Friday where a year has no calendar.
    """
    if not holds(numbers, AlertCondition.WORKING_DAYS):
        return days_between(earlier, later)
    one, other = date.fromisoformat(earlier), date.fromisoformat(later)
    if other < one:
        return -days_apart(facts, numbers, later, earlier)
    known = (facts.get(f"{_CALENDAR}{year}") for year in range(one.year, other.year + 1))
    found = [Calendar.model_validate(each["calendar"]) for each in known if each]
    try:
        return WorkCalendar(found).working_days_between(one, other)
    except CalendarMissing:
        days = (one + timedelta(days=n) for n in range(1, (other - one).days + 1))
        return sum(day.weekday() < SATURDAY for day in days)
