"""年初备案 in the year: plans filed in January, some late, some sent back; a few amended in July."""

from __future__ import annotations

from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.data import Body
from portal.demo.county.december import inspectors
from portal.demo.county.people import County
from portal.demo.desk import Asked
from portal.demo.year.agenda import Agenda
from portal.demo.year.wishes import line_of
from scheduler.workdays import WorkCalendar
from schemas import annual_commands as c
from schemas.annual import AnnualLine
from schemas.visits import Decision

_LATE: Final = 9
"""One department in so many files after the due day."""
_SENT_BACK: Final = 7
_AMENDED: Final = 11
_MONTHS: Final = tuple(range(1, 13))


class Annual:
    """Lets every department that inspects file its plan."""

    def __init__(
        self, agenda: Agenda, county: County, calendar: WorkCalendar, year: int, per_mille: float
    ) -> None:
        self._agenda = agenda
        self._county = county
        self._calendar = calendar
        self._year = year
        self._per_mille = per_mille

    def begin(self) -> None:
        """Put all filings of the year on the agenda."""
        january = self._calendar.working_days_of_month(self._year, 1)
        february = self._calendar.working_days_of_month(self._year, 2)
        for n, body in enumerate(inspectors(self._county)):
            late = n % _LATE == _LATE - 1
            day = february[2] if late else january[3 + n % 8]
            if n % _SENT_BACK == 1:
                day = self._file(body, day, 1, Decision.REFUSED)
                self._file(body, self._after(day, 1), 2, Decision.APPROVED)
            else:
                self._file(body, day, 1, Decision.APPROVED)
                if n % _AMENDED == 0:
                    july = self._calendar.working_days_of_month(self._year, 7)[4]
                    self._file(body, july, 2, Decision.APPROVED, "下半年新增专项任务")

    def _after(self, day: date, working_days: int) -> date:
        return self._calendar.nth_working_day_after(day, working_days)

    def _file(
        self, body: Body, day: date, version: int, decision: Decision, reason: str | None = None
    ) -> date:
        """File a version, let the office decide on it; return the day of the decision."""
        name = f"{body.id}-{version}"
        command = c.FileAnnual(
            department=body.id, year=self._year, lines=self._lines(body, version), reason=reason
        )
        self._agenda.put(Asked(f"annual-{name}", d.clerk(body.id), at(day, 10), command))
        on = self._after(day, 2)
        refused = decision is Decision.REFUSED
        decide = c.DecideAnnual(
            department=body.id,
            year=self._year,
            version=version,
            decision=decision,
            reason="数量依据不足，请补充" if refused else None,
        )
        self._agenda.put(Asked(f"annualyes-{name}", d.OFFICE, at(on, 10), decide))
        if not refused:
            publish = c.PublishAnnual(department=body.id, year=self._year)
            asked = Asked(f"annualout-{name}", d.OFFICE, at(self._after(on, 1), 10), publish)
            self._agenda.put(asked)
        return on

    def _lines(self, body: Body, version: int) -> tuple[AnnualLine, ...]:
        """Return two lines: the usual items of all enterprises, and what else may be inspected."""
        usual = max(1, round(self._per_mille * body.share)) + 5 * (version - 1)
        items = self._county.items_of(body.id)
        lines = [
            AnnualLine(
                id=line_of(body.id, self._year),
                items=items[:2],
                number=usual,
                months=_MONTHS,
                recurring=True,
            )
        ]
        if items[2:]:
            second = f"{body.id}-{self._year}-2"
            lines.append(AnnualLine(id=second, items=items[2:], number=5, months=_MONTHS))
        return tuple(lines)
