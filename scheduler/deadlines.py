"""Deadlines as of an instant. A due day is never stored: it derives from the calendars in force.

So a deadline moves when a calendar is adopted, and one that runs into a year without an official
calendar shows a provisional day (待定) and does not fire before its days are certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.states import DeadlineState
from scheduler.workdays import Due, WorkCalendar
from schemas.base import CHINA


class Standing(StrEnum):
    """How a deadline stands at an instant."""

    OPEN = "open"
    PENDING_CALENDAR = "pending_calendar"
    LATE = "late"
    MET = "met"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Judged:
    """A deadline with its due day and how it stands."""

    deadline: DeadlineState
    due: Due
    standing: Standing

    @property
    def fires(self) -> bool:
        """Whether its day is certain and over, so that its lapse may be recorded."""
        return self.standing is Standing.LATE


def judge(deadline: DeadlineState, calendar: WorkCalendar, now: datetime) -> Judged:
    """Return how a deadline stands at an instant. The due day itself still belongs to it."""
    due_day = calendar.due(deadline.since, deadline.working_days)
    if deadline.status != "open":
        standing = Standing(deadline.status)
    elif due_day.provisional:
        standing = Standing.PENDING_CALENDAR
    elif now.astimezone(CHINA).date() > due_day.day:
        standing = Standing.LATE
    else:
        standing = Standing.OPEN
    return Judged(deadline, due_day, standing)


def due(
    states: Iterable[DeadlineState], calendar: WorkCalendar, now: datetime
) -> tuple[Judged, ...]:
    """Return the deadlines that wait for something, the next due first."""
    waiting = (judge(state, calendar, now) for state in states if state.status == "open")
    return tuple(sorted(waiting, key=lambda judged: (judged.due.day, judged.deadline.id)))
