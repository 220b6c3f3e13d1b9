"""A month of the year: the county's month, with withdrawals, illness, sealed visits and drawn teams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.desk import Asked
from portal.demo.drawn import DrawnMonth, Teams
from portal.demo.month import Part, request_id
from portal.demo.year.behaviour import Behaviour, standing
from portal.plans import planning
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.states import DraftState, VisitState
from scheduler.timetable import MonthDates
from schemas import commands as c
from schemas.lanes import HalfDay
from schemas.visits import PlanLine

Rated = Callable[[date, VisitState], None]
"""Is told of a visit that was rated badly, and when."""

_ILL: Final = 1
"""Working days after publication on which people fall ill, and the month is planned again."""

_ANSWERS: Final = 3
"""Working days from that draft to its publication: the departments may answer for two."""


class YearMonth(DrawnMonth):
    """Plays a month of the year."""

    def __init__(self, part: Part, behaviour: Behaviour, drawn: Teams, rated: Rated) -> None:
        super().__init__(part, drawn)
        self._behaviour = behaviour
        self._rated = rated
        self._ill: str | None = None

    @property
    def dates(self) -> MonthDates:
        """The month's timetable."""
        return self._dates

    def fall_ill(self, department: str) -> None:
        """Let half of a department be ill on the first service day, so the month is planned again."""
        self._ill = department

    async def steps(self, day: date) -> None:
        """Play one working day of the month."""
        if self._ill is not None:
            after = self._calendar.nth_working_day_after
            if day == after(self._dates.publish, _ILL):
                await self._redraft(day, self._ill)
            if day == after(self._dates.publish, _ILL + _ANSWERS):
                await self._republish(day)
        if day == self._dates.draft:
            await self._withdraw(day)
        await super().steps(day)

    # ------------------------------------------------------------ before the plan

    async def _withdraw(self, day: date) -> None:
        """Let some departments drop what they asked for."""
        dropped = {name: s for name, s in self._accepted.items() if self._behaviour.withdraws(s)}
        await self._desk.ask(
            [
                Asked(
                    f"withdraw-{name}",
                    d.clerk(s.request.department),
                    spread(day, 8, n),
                    c.WithdrawRequest(request=request_id(s), reason="改为非现场核查"),
                )
                for n, (name, s) in enumerate(dropped.items())
            ]
        )
        for name in dropped:
            del self._accepted[name]

    async def _redraft(self, day: date, department: str) -> None:
        """替班. Plan the published month again: a department has half of its people on one day."""
        self._desk.phase = "replanning"
        month, first = self._part.month, self._dates.visiting_days[0]
        units = next(x.daily_units for x in self._county.departments if x.id == department)
        fewer = c.SetCapacity(department=department, day=first, units=units // 2)
        id_ = f"ill-{department}-{month}"
        await self._desk.must(Asked(id_, d.clerk(department), at(day, 9), fewer))
        queries, version = self._desk.service.queries, await self._next_version()
        known = await queries.get(DraftState, keys.draft(month, version))
        if known is None:
            limits = self._part.limits or Limits()
            seed = self._part.seed
            order = await planning.revision(queries, month, day, seed=seed, limits=limits)
            body = await planning.planned(queries, order)
        else:
            body = known.body
        draft = c.DraftPlan(month=month, version=version, body=body)
        await self._desk.must(Asked(f"revise-{month}", d.PLANNER, at(day, 11), draft))

    async def _republish(self, day: date) -> None:
        """Publish the revision once nobody may answer any more, and note what stands then."""
        self._desk.phase = "replanning"
        month = self._part.month
        publish = c.PublishPlan(month=month, version=await self._next_version())
        await self._desk.must(Asked(f"republish-{month}", d.OFFICE, at(day, 9), publish))
        self._visits.clear()
        await self._note_visits()

    async def _next_version(self) -> int:
        """Return the version that revises the published one: the first, or the one after answers."""
        answered = await self._desk.service.queries.get(DraftState, keys.draft(self._part.month, 2))
        return 3 if answered is not None and not answered.body.base else 2

    async def _note_visits(self) -> None:
        found = await self._desk.service.queries.find("visit", month=self._part.month)
        for state in standing(state for _, state in found):
            self._visits[state.line.day].append(state.line)

    # ------------------------------------------------------------ officers

    def _half(self, line: PlanLine) -> HalfDay | None:
        return None

    # ------------------------------------------------------------ at the gate

    async def _due(self, day: date, states: list[VisitState]) -> list[VisitState]:
        """Call off what has no code, leave out what goes in unseen, and let somebody hurry."""
        due = standing(states)
        without = [s for s in due if s.code is None]
        await self._desk.ask(
            [
                Asked(
                    f"cancel-{s.id}",
                    d.OFFICE,
                    at(day, 8),
                    c.CancelVisit(visit=s.id, reason="当日无人可派"),
                )
                for s in without
            ]
        )
        due = [s for s in due if s.code is not None and not self._behaviour.unscanned(s)]
        if day in self._dates.visiting_days[1:]:
            self._behaviour.rush(self._part.month, due)
        return due

    async def _rate(self, day: date, entered: Sequence[VisitState]) -> None:
        await super()._rate(day, entered)
        for state in entered:
            if self._behaviour.poor(state):
                self._rated(day, state)
