"""The county's December: its registers are put on record, then the month is played day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.conduct import Conduct
from portal.demo.county.december import MONTH, Scripted
from portal.demo.county.people import County
from portal.demo.desk import Asked, Desk
from portal.demo.drawn import DrawnMonth
from portal.demo.month import SUBMITTING_DAYS, Part
from portal.demo.reference import STACK, adopting, registering
from portal.demo.rounds import Rota
from portal.plans import planning
from scheduler.planner.limits import Limits
from scheduler.ruleset import RuleSet
from scheduler.timetable import of_month
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from streams.delivery import FileChannel, deliver
from streams.timers import Timer

BEGINS, ENDS = date(2026, 11, 30), date(2026, 12, 31)


def begins_under(rules: RuleSet, calendar: WorkCalendar) -> date:
    """Return the day on which the registers are put on record: in time for everybody to submit."""
    closes = of_month(MONTH, rules, calendar).requests_close
    return min(BEGINS, calendar.nth_working_day_before(closes, SUBMITTING_DAYS))


class December(DrawnMonth):
    """Plays the county's December through the real program."""

    def __init__(
        self,
        desk: Desk,
        found: County,
        requests: Sequence[Scripted],
        *,
        seed: int = 0,
        limits: Limits | None = None,
        outbox: Path | None = None,
        policies: Sequence[str] = STACK,
        begins: date = BEGINS,
    ) -> None:
        part = Part(
            desk=desk,
            county=found,
            requests=requests,
            month=MONTH,
            begins=begins,
            conduct=Conduct(seed),
            rota=Rota({x.id: found.team_of(x.id) for x in found.departments}),
            seed=seed,
            limits=limits,
        )
        super().__init__(part)
        self._outbox = outbox
        self._policies = policies
        self._begins = begins

    async def play(self) -> None:
        """Play the month, and hand its notifications to the file channel."""
        await self._set_up()
        for n in range((ENDS - self._begins).days + 1):
            await self._day(self._begins + timedelta(days=n))

    async def _set_up(self) -> None:
        self._desk.phase = "registers"
        start = at(self._begins, 0)
        await self._desk.ask(adopting((2025, 2026), start, names=self._policies))
        queries = self._desk.service.queries
        self.under(*await planning.rules_and_calendar(queries))
        self._timer = Timer(queries, self._desk.service.submit, self._desk.clock)
        county = self._county
        await self._desk.ask([*registering(county, start), *baselines(county, start)])

    async def _day(self, day: date) -> None:
        if not self._calendar.is_working_day(day):
            return
        self._desk.clock.set(max(self._desk.clock.now(), at(day, 7)))
        await self._timer.step()
        await self.steps(day)
        await self._tell()

    async def _tell(self) -> None:
        if self._outbox is None:
            return
        service, channel = self._desk.service, FileChannel(self._outbox)
        while await deliver(service.outbox, channel, service.credentials):
            pass


def baselines(found: County, start: datetime) -> list[Asked]:
    """Return the commands that put each department's entries of last year on record."""
    return [
        Asked(
            f"baseline-{id_}",
            d.ADMIN,
            start,
            c.RecordBaseline(department=id_, year=2025, by_month=by_month, evidence="generated"),
        )
        for id_, by_month in found.baseline.items()
    ]
