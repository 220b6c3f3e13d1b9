"""The script of a past year: its rows as requests, month by month, day by day.

A day is the unit of the script. What it asks on a day follows from the rows, from the published
plans and from the answers to its own commands, never from the hour at which it runs, so a run that
was interrupted asks the same again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.derived import capacities, own_day, registers
from portal.demo.desk import Asked, Desk
from portal.demo.mapping import Mapping, Record
from portal.demo.reference import adopting, registering
from portal.demo.rounds import Rota, coding, entering, leaving, named, showing, staffing
from portal.plans import planning
from portal.plans.planner import Wanted
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.ruleset import RuleSet
from scheduler.states import DraftState, VisitState
from scheduler.timetable import MonthDates, of_month
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from schemas.lanes import HalfDay, Lane, OnSiteGround, Purpose
from schemas.plans import PlanBody
from schemas.visits import Cause, Code, Filing, Part, PlanLine, Request, Role, Window
from schemas.visits import Decision as Verdict
from streams.ports import CommandKey, Effect
from streams.timers import Timer

_GENERATED = "generated: scripted for a run of past records"
_MONDAY = 0
_AFTERWARDS = timedelta(days=31)  # the last visits' time to rate ends in the next year


def command_id(record: Record) -> str:
    """Return the id of the command that submits a row."""
    return f"row-{record.ref}"


class PastYear:
    """Plays a past year through the real program."""

    def __init__(
        self,
        desk: Desk,
        records: Sequence[Record],
        mapping: Mapping,
        *,
        seed: int = 0,
        limits: Limits | None = None,
    ) -> None:
        self._desk = desk
        self._records = records
        self._mapping = mapping
        self._seed = seed
        self._limits = limits
        self._first = date(mapping.year, 1, 1)
        self._planned: dict[str, list[Record]] = defaultdict(list)
        self._own: dict[date, list[Record]] = defaultdict(list)
        self._visits: dict[date, list[PlanLine]] = defaultdict(list)
        self._filings: dict[date, list[Asked]] = defaultdict(list)

    async def play(self) -> None:
        """Play the whole year, and the weeks after it in which its last ratings run out."""
        await self._set_up()
        last = date(self._mapping.year, 12, 31) + _AFTERWARDS
        for n in range((last - self._first).days + 1):
            await self._day(self._first + timedelta(days=n))

    # ------------------------------------------------------------ before the year

    async def _set_up(self) -> None:
        self._desk.phase = "registers"
        start, year = at(self._first, 0), self._mapping.year
        await self._desk.ask(adopting((year, year + 1), start, as_if_from=self._first))
        queries = self._desk.service.queries
        self._rules, self._calendar = await planning.rules_and_calendar(queries)
        self._dates = _timetables(year, self._rules, self._calendar)
        week_of = {month: len(dates.visiting_days) for month, dates in self._dates.items()}
        self._registers = registers(self._records, self._mapping, self._calendar, week_of)
        self._rota = Rota(self._registers.teams)
        self._timer = Timer(queries, self._desk.service.submit, self._desk.clock)
        for record in self._records:
            if record.planned:
                self._planned[record.month].append(record)
            else:
                self._own[own_day(record, self._calendar)].append(record)
        await self._desk.ask(registering(self._registers, start))

    async def _day(self, day: date) -> None:
        """Play one day: timers, the month's timetable, the visits of the day."""
        if day.weekday() == _MONDAY:
            self._desk.clock.set(max(self._desk.clock.now(), at(day, 0, 30)))
            await self._timer.step()
        for month, dates in self._dates.items():
            if day == dates.requests_close:
                await self._close(month, dates)
            if day == dates.draft:
                await self._draft(month, dates)
            if day == dates.publish:
                await self._publish(month, dates)
            if day == dates.officers_named:
                await self._name_officers(dates)
        await self._enter(day)
        await self._own_rows(day)
        await self._desk.ask(self._filings.pop(day, []))

    # ------------------------------------------------------------ the month's plan

    async def _close(self, month: str, dates: MonthDates) -> None:
        self._desk.phase = f"{month} requests"
        day, rows = dates.requests_close, self._planned[month]
        units = capacities(
            self._records, month, dates.visiting_days, self._mapping.capacity_percent
        )
        setting = [
            Asked(
                f"capacity-{department}-{on}",
                d.OFFICE,
                at(day, 8),
                c.SetCapacity(department=department, day=on, units=number),
            )
            for department, number in units.items()
            for on in dates.visiting_days
        ]
        await self._desk.ask(setting)
        asked = [self._submitting(r, self._window(r), n) for n, r in enumerate(rows)]
        accepted = _accepted(rows, await self._desk.ask(asked))
        await self._desk.ask([_yes(r, Role.HEAD, at(day, 17)) for r in accepted])
        close = c.CloseMonth(month=month)
        await self._desk.must(Asked(f"close-{month}", d.OFFICE, at(day, 18), close))

    def _submitting(self, record: Record, window: Window, number: int) -> Asked:
        request = self._request(record, window)
        when = spread(
            self._dates[record.month].requests_close if record.planned else window.first, 9, number
        )
        submit = c.SubmitRequest(request=request)
        return Asked(command_id(record), d.clerk(record.department), when, submit)

    def _window(self, record: Record) -> Window:
        """Return the service days of the row's month, and of the next ones where it may wait."""
        months = sorted(self._dates)
        reach = months.index(record.month) + record.rule.months - 1
        last = self._dates[months[min(reach, len(months) - 1)]]
        first = self._dates[record.month]
        return Window(first=first.visiting_days[0], last=last.visiting_days[-1])

    def _request(self, record: Record, window: Window) -> Request:
        rule = record.rule
        legal = None
        if rule.legal == "last_working_day":
            year, month = record.day.year, record.day.month
            legal = self._calendar.working_days_of_month(year, month)[-1]
        cause = None
        if rule.ground is not None:
            cause = Cause(ground=rule.ground, reference=record.ref, last_legal_date=legal)
        return Request(
            department=record.department,
            enterprise=self._registers.codes[record.enterprise],
            purpose=Purpose.INSPECTION,
            # The record tells that somebody came, not why: it is taken as said.
            on_site=OnSiteGround.PHYSICAL,
            why_on_site="历史记录",
            lane=rule.lane,
            items=(self._registers.item_of[record.department, record.purpose],),
            window=window,
            preferred_month=record.month if record.planned else None,
            cause=cause,
            reference=record.ref,
            generated=True,
        )

    async def _draft(self, month: str, dates: MonthDates) -> None:
        self._desk.phase = f"{month} plan"
        id_, when = f"draft-{month}", at(dates.draft, 9)
        body = await self._planned_body(month, dates, id_, when)
        command = c.DraftPlan(month=month, version=1, body=body)
        await self._desk.must(Asked(id_, d.PLANNER, when, command))

    async def _planned_body(
        self, month: str, dates: MonthDates, id_: str, when: datetime
    ) -> PlanBody:
        """Return the month's plan: the drafted one where an earlier run came so far."""
        queries = self._desk.service.queries
        known = await queries.get(DraftState, keys.draft(month, 1))
        if known is not None:
            return known.body
        return await self._desk.solved(
            Wanted(
                key=CommandKey(d.SOURCE, id_),
                at=when,
                month=month,
                version=1,
                earliest=dates.visiting_days[0],
                seed=self._seed,
                limits=self._limits,
            )
        )

    async def _publish(self, month: str, dates: MonthDates) -> None:
        # Silence accepts: the answers closed the day before.
        command = c.PublishPlan(month=month, version=1)
        await self._desk.must(Asked(f"publish-{month}", d.OFFICE, at(dates.publish, 9), command))
        draft = await self._desk.service.queries.get(DraftState, keys.draft(month, 1))
        for line in draft.body.lines if draft else ():
            self._visits[line.day].append(line)

    async def _name_officers(self, dates: MonthDates) -> None:
        self._desk.phase = f"{dates.visiting_days[0]:%Y-%m} officers"
        when = at(dates.officers_named, 18)
        for day in dates.visiting_days:
            asked: list[Asked] = []
            for n, line in enumerate(self._visits[day]):
                asked += staffing(line, self._rota, spread(dates.officers_named, 9, n))
                asked.append(coding(line.visit, line.lead, when))
            await self._desk.ask(asked)

    # ------------------------------------------------------------ visits

    async def _enter(self, day: date) -> None:
        self._desk.phase = f"{day:%Y-%m} visits"
        await self._through_the_gate(day, self._visits.pop(day, []))

    async def _through_the_gate(self, day: date, lines: Sequence[PlanLine]) -> None:
        """Enter and leave, within the half-day that was named."""
        service = self._desk.service
        for start in range(0, len(lines), d.BATCH):
            wanted = [keys.visit(line.visit) for line in lines[start : start + d.BATCH]]
            found = await service.queries.get_many(wanted)
            asked: list[Asked] = []
            for key in wanted:
                state: VisitState = found[key]
                hour = 9 if state.line.half is HalfDay.MORNING else 16
                entry = entering(state, service.credentials, at(day, hour))
                asked += [entry, leaving(state.id, state.line.lead, at(day, hour, 50))]
            await self._desk.ask(asked)

    async def _own_rows(self, day: date) -> None:
        """Enter the rows that wait for no plan: each a chain of commands whose ids are known."""
        self._desk.phase = f"{day:%Y-%m} own days"
        window = Window(first=day, last=day)
        steps: list[Asked] = []
        late: list[Asked] = []
        for number, record in enumerate(self._own.pop(day, [])):
            line = self._line(record, day)
            steps.append(self._submitting(record, window, number))
            if record.rule.lane is Lane.EMERGENCY:
                steps += self._at_once(record, line)
                late.append(_yes(record, Role.HEAD, at(day, 17)))
            else:
                steps += self._approving(record, day)
                steps += self._arranging(record, line, f"code-{line.visit}")
        await self._desk.ask(steps)
        # Asked apart: a yes names the request and an entry the visit, so over topics that keep the
        # order of one key only, the yes could overtake the entry that it is to follow.
        await self._desk.ask(late)

    def _line(self, record: Record, day: date) -> PlanLine:
        """Return the visit that arranging this row will bring about."""
        part = Part(
            department=record.department,
            requests=(d.request_id(command_id(record)),),
            officers=self._rota.team(record.department, day, HalfDay.AFTERNOON),
        )
        return PlanLine(
            visit=d.visit_id(f"arrange-{record.ref}"),
            enterprise=self._registers.codes[record.enterprise],
            day=day,
            half=HalfDay.AFTERNOON,
            lead=record.department,
            parts=(part,),
        )

    def _approving(self, record: Record, day: date) -> list[Asked]:
        asked = [_yes(record, Role.HEAD, at(day, 14))]
        if record.rule.lane is Lane.ON_CALL:
            code = self._registers.codes[record.enterprise]
            confirm = c.ConfirmOnCall(request=d.request_id(command_id(record)))
            asked.append(Asked(f"confirm-{record.ref}", d.enterprise(code), at(day, 14), confirm))
        return asked

    def _at_once(self, record: Record, line: PlanLine) -> list[Asked]:
        """Act first: the code is issued with the arrangement; approval and filing follow."""
        on = self._calendar.next_working_day(line.day)
        filing = Filing(number=f"E-{record.ref}", at=at(on, 10), by=f"clerk.{record.department}")
        command = c.RecordFiling(visit=line.visit, filing=filing)
        self._filings[on].append(
            Asked(f"file-{record.ref}", d.clerk(record.department), at(on, 18), command)
        )
        return self._arranging(record, line, f"arrange-{record.ref}")

    def _arranging(self, record: Record, line: PlanLine, coded_by: str) -> list[Asked]:
        """Arrange, staff, code, enter and leave; ``coded_by`` is the command that issues the code."""
        day, clerk = line.day, d.clerk(record.department)
        arrange = c.ArrangeVisit(request=d.request_id(command_id(record)), day=day)
        asked = [
            Asked(f"arrange-{record.ref}", clerk, at(day, 15), arrange),
            *named(line, at(day, 15)),
        ]
        if coded_by.startswith("code-"):
            asked.append(coding(line.visit, line.lead, at(day, 15)))
        hours = self._rules.hours
        code = Code(
            serial=d.serial(coded_by),
            visit=line.visit,
            valid_from=at(day, hours.opens),
            valid_until=at(day, hours.closes),
        )
        credentials = self._desk.service.credentials
        entry = showing(line, code, credentials, at(day, 16))
        return [*asked, entry, leaving(line.visit, line.lead, at(day, 16, 50))]


def _timetables(year: int, rules: RuleSet, calendar: WorkCalendar) -> dict[str, MonthDates]:
    months = (f"{year}-{number:02d}" for number in range(1, 13))
    return {month: of_month(month, rules, calendar) for month in months}


def _accepted(rows: Sequence[Record], effects: Sequence[Effect]) -> list[Record]:
    return [r for r, effect in zip(rows, effects, strict=True) if effect.status == "accepted"]


def _yes(record: Record, role: Role, when: datetime) -> Asked:
    command = c.DecideRequest(
        request=d.request_id(command_id(record)),
        role=role,
        decision=Verdict.APPROVED,
        reason=_GENERATED,
    )
    return Asked(f"yes-{role.value}-{record.ref}", d.head(record.department), when, command)
