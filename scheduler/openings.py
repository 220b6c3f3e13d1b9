"""Which days a policy opens to visits, told from the calendar alone: no request is needed."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from scheduler.workdays import WorkCalendar
from schemas.policy import Gate, GateTest


def in_service_week(gate: Gate, day: date, calendar: WorkCalendar) -> bool:
    """Tell whether a day is among the last working days of its month (企业服务周)."""
    return calendar.in_service_week(day, gate.numbers["days"])


def in_quiet_days(gate: Gate, day: date) -> bool:
    """Tell whether a day lies in the quiet days of its month (安静期)."""
    return gate.numbers["first"] <= day.day <= gate.numbers["last"]


def by_calendar(gate: Gate, day: date, calendar: WorkCalendar) -> bool | None:
    """Tell whether a gate leaves a day open; None for gates that ask for more than the calendar.

    Raises:
        CalendarMissing: if the gate asks for a year that has no official calendar.
    """
    match gate.test:
        case GateTest.WORKING_DAY:
            return calendar.is_working_day(day)
        case GateTest.SERVICE_WEEK:
            return in_service_week(gate, day, calendar)
        case GateTest.QUIET_DAYS:
            return not in_quiet_days(gate, day)
        case (
            GateTest.DAY_OPEN
            | GateTest.LEGAL_DATE
            | GateTest.ITEM_PUBLISHED
            | GateTest.SUBJECT_REGISTERED
            | GateTest.ENTERPRISE_ACTIVE
            | GateTest.PROMISED
            | GateTest.SANDBOX
            | GateTest.LANE_OPEN
            | GateTest.CAUSE_STATED
            | GateTest.DANGER_STATED
            | GateTest.URGENCY_STATED
            | GateTest.LICENSED_OFFICERS
            | GateTest.DRAWN_INSPECTORS
            | GateTest.ON_SITE_STATED
            | GateTest.CAMPAIGN_OPEN
            | GateTest.LEGAL_REVIEWED
        ):
            return None
        case _:
            assert_never(gate.test)


def open_by_calendar(gate: Gate, day: date, calendar: WorkCalendar) -> bool:
    """Tell whether a gate leaves a day open; gates that need more than the calendar do.

    Raises:
        CalendarMissing: if the gate asks for a year that has no official calendar.
    """
    return by_calendar(gate, day, calendar) is not False
