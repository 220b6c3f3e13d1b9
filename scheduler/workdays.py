"""Working-day arithmetic: the only home of it, used by rules, deadlines and the planner.

A working day is what the State Council's calendar of the year says (``schemas.calendars``), make-up
weekend days included. Three things follow for everything built on it:

- No answer is guessed. What would need a year without an official calendar raises
  ``CalendarMissing``, so no day can be planned there; only ``due`` answers, and says that it waits.
- Days count as in law: the day of the event is not counted, the last day is.
- Counting is subtraction. With B(d) the number of working days up to and including d,
  ``working_days_between(a, b)`` is B(b) - B(a), so spans add up and the inverse is exact.

All official days lie in one sorted list of about 250 a year, so each question is one bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from schemas.calendars import ALWAYS_OFF, SATURDAY, Calendar

SERVICE_WEEK_LENGTH: Final = 5
"""Working days in a service week unless the policy says otherwise (每月最后5个工作日)."""

_DAY: Final = timedelta(days=1)


class CalendarMissing(LookupError):  # noqa: N818 - reads as the fact it states
    """A working day was asked for in a year that has no official calendar.

    ``zh`` and ``en`` tell a person what is missing and how to get on.
    """

    def __init__(self, year: int) -> None:
        self.year = year
        self.zh = (
            f"没有 {year} 年的正式工作日历, 不能推算该年的工作日; "
            f"请待国务院办公厅公布放假安排后导入: wurao import calendars {year}.yaml"
        )
        self.en = (
            f"no official calendar for {year}, so its working days are unknown; import it when the "
            f"State Council's notice is out: wurao import calendars {year}.yaml"
        )
        super().__init__(year)

    def __str__(self) -> str:
        """Give both languages, Chinese first."""
        return f"{self.zh} / {self.en}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A due day, and whether it is certain."""

    day: date
    awaits: int | None = None
    """The first year on the way whose official calendar is missing; None when the day is certain."""

    @property
    def provisional(self) -> bool:
        """True while the day may still move: show it as 待定 (pending calendar), never fire it."""
        return self.awaits is not None


class WorkCalendar:
    """The calendars in force, as one sequence of working days. Immutable once built."""

    __slots__ = ("_by_month", "_days", "_expected", "_official", "_set", "calendars")

    calendars: tuple[Calendar, ...]
    """The calendar in force for each year, in order of years; a snapshot records them."""

    def __init__(self, calendars: Iterable[Calendar]) -> None:
        """Take any editions: an official one supersedes a provisional one, then the later version.

        Raises ValueError when two different editions of a year carry the same version.
        """
        self.calendars = _in_force(calendars)
        worked = {calendar.year: _working_days_of(calendar) for calendar in self.calendars}
        self._official = frozenset(c.year for c in self.calendars if c.official)
        self._days = [day for year in sorted(self._official) for day in worked[year]]
        self._set = frozenset(self._days)
        self._expected = {year: frozenset(days) for year, days in worked.items()}
        months = groupby(self._days, key=lambda day: (day.year, day.month))
        self._by_month = {month: tuple(days) for month, days in months}

    def official(self, year: int) -> bool:
        """Tell whether the year has an official calendar, so that its days may be relied on."""
        return year in self._official

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` is worked. Raises CalendarMissing."""
        if day in self._set:
            return True
        self._require(day)
        return False

    def working_days(self, start: date, end: date) -> tuple[date, ...]:
        """List the working days from ``start`` to ``end``, both included. Raises CalendarMissing."""
        if end < start:
            return ()
        self._require_span(start, end)
        return tuple(self._days[bisect_left(self._days, start) : bisect_right(self._days, end)])

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and including ``end``.

        Negative when ``end`` lies before ``start``. Raises CalendarMissing.
        """
        if end < start:
            return -self.working_days_between(end, start)
        if end == start:
            return 0
        self._require_span(_day_after(start), end)
        return bisect_right(self._days, end) - bisect_right(self._days, start)

    def nth_working_day_after(self, day: date, n: int) -> date:
        """Find the ``n``-th working day after ``day``, which itself is not counted.

        With ``n`` = 0 it is ``day`` itself, worked or not. Raises CalendarMissing.
        """
        _natural(n)
        if n == 0:
            return day
        first = _day_after(day)
        self._require(first)
        index = bisect_right(self._days, day) + n - 1
        found = self._days[min(index, len(self._days) - 1)]
        self._require_span(first, found)
        if index >= len(self._days):
            raise CalendarMissing(found.year + 1)
        return found

    def nth_working_day_before(self, day: date, n: int) -> date:
        """Find the ``n``-th working day before ``day``, which itself is not counted.

        With ``n`` = 0 it is ``day`` itself, worked or not. Raises CalendarMissing.
        """
        _natural(n)
        if n == 0:
            return day
        last = _day_before(day)
        self._require(last)
        index = bisect_left(self._days, day) - n
        found = self._days[max(index, 0)]
        self._require_span(found, last, backwards=True)
        if index < 0:
            raise CalendarMissing(found.year - 1)
        return found

    def next_working_day(self, day: date) -> date:
        """Find the first working day after ``day``. Raises CalendarMissing."""
        return self.nth_working_day_after(day, 1)

    def previous_working_day(self, day: date) -> date:
        """Find the last working day before ``day``. Raises CalendarMissing."""
        return self.nth_working_day_before(day, 1)

    def on_or_after(self, day: date) -> date:
        """Give ``day`` if it is worked, else the next working day. Raises CalendarMissing."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def working_days_of_month(self, year: int, month: int) -> tuple[date, ...]:
        """List the working days of a month in order. Raises CalendarMissing."""
        self._require(date(year, month, 1))
        return self._by_month[year, month]

    def service_week(
        self, year: int, month: int, length: int = SERVICE_WEEK_LENGTH
    ) -> tuple[date, ...]:
        """List the service week: the last ``length`` working days of the month (企业服务周).

        Make-up days belong to it like any other working day; a longer week than the month has
        working days is the whole month. Raises CalendarMissing.
        """
        if length < 1:
            msg = f"企业服务周至少一天 / a service week has at least one day, not {length}"
            raise ValueError(msg)
        return self.working_days_of_month(year, month)[-length:]

    def in_service_week(self, day: date, length: int = SERVICE_WEEK_LENGTH) -> bool:
        """Tell whether ``day`` belongs to its month's service week. Raises CalendarMissing."""
        return day in self.service_week(day.year, day.month, length)

    def due(self, day: date, n: int) -> Due:
        """Find the ``n``-th working day after ``day`` even where calendars are still missing.

        A missing year is walked by its provisional calendar, else Monday to Friday without the days
        off that the law fixes, and the answer names the year that it awaits. Never raises
        CalendarMissing.
        """
        try:
            return Due(day=self.nth_working_day_after(day, n))
        except CalendarMissing as missing:
            found = day
            while n > 0 and found < date.max:
                found += _DAY
                n -= self._presumably_worked(found)
            return Due(day=found, awaits=missing.year)

    def _presumably_worked(self, day: date) -> bool:
        expected = self._expected.get(day.year)
        if expected is not None:
            return day in expected
        return day.weekday() < SATURDAY and (day.month, day.day) not in ALWAYS_OFF

    def _require(self, day: date) -> None:
        """Refuse a day of a year without an official calendar.

        An instant is refused as well: its day depends on a time zone, and it would neither compare
        nor hash like the day that was meant.
        """
        if isinstance(day, datetime):
            msg = f"应为日期而不是时刻 / a day is wanted, not an instant: {day!r}"
            raise TypeError(msg)
        if day.year not in self._official:
            raise CalendarMissing(day.year)

    def _require_span(self, first: date, last: date, *, backwards: bool = False) -> None:
        """Refuse a span that touches such a year, naming the one that is reached first."""
        self._require(last if backwards else first)
        if first.year != last.year:
            years = range(first.year, last.year + 1)
            for year in reversed(years) if backwards else years:
                if year not in self._official:
                    raise CalendarMissing(year)


def _in_force(calendars: Iterable[Calendar]) -> tuple[Calendar, ...]:
    """Choose one edition for each year, in order of years."""
    chosen: dict[int, Calendar] = {}
    for calendar in calendars:
        rival = chosen.get(calendar.year, calendar)
        if _rank(calendar) == _rank(rival) and calendar != rival:
            msg = f"{calendar.year} 年有两份不同的第 {calendar.version} 版工作日历 / "
            msg += f"two different calendars of {calendar.year} are version {calendar.version}"
            raise ValueError(msg)
        chosen[calendar.year] = max(rival, calendar, key=_rank)
    return tuple(chosen[year] for year in sorted(chosen))


def _rank(calendar: Calendar) -> tuple[bool, int]:
    return calendar.official, calendar.version


def _working_days_of(calendar: Calendar) -> list[date]:
    """List the working days of the calendar's year in order."""
    off, makeup = calendar.days_off, frozenset(calendar.makeup)
    first = date(calendar.year, 1, 1).toordinal()
    last = date(calendar.year, 12, 31).toordinal()
    days = map(date.fromordinal, range(first, last + 1))
    return [d for d in days if d in makeup or (d.weekday() < SATURDAY and d not in off)]


def _day_after(day: date) -> date:
    """Give the next day; at the end of time the same one, whose year has no calendar anyway."""
    return day if day == date.max else day + _DAY


def _day_before(day: date) -> date:
    return day if day == date.min else day - _DAY


def _natural(n: int) -> None:
    if n < 0:
        msg = f"工作日数不能为负 / a number of working days cannot be negative: {n}"
        raise ValueError(msg)
