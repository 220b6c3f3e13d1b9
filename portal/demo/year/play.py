"""The year, day by day: every mechanism of the policy side by side, through the real program."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Final

from portal.demo.clock import at
from portal.demo.county.december import Days, Scripted, asking, inspectors, on
from portal.demo.county.run import is_of_days
from portal.demo.december import baselines
from portal.demo.desk import Asked, Desk
from portal.demo.month import Part
from portal.demo.reference import STACK, adopting, registering
from portal.demo.rounds import Rota
from portal.demo.year.agenda import Agenda
from portal.demo.year.annual import Annual
from portal.demo.year.behaviour import Behaviour
from portal.demo.year.booking import BOOKINGS, Bookings
from portal.demo.year.callbacks import Callbacks
from portal.demo.year.campaigns import VISITS, Campaigns
from portal.demo.year.contacts import Contacts
from portal.demo.year.drawing import Draws
from portal.demo.year.joint import JOINT, Joints
from portal.demo.year.leads import LEADS, Leads
from portal.demo.year.meetings import Meetings
from portal.demo.year.months import YearMonth
from portal.demo.year.off_site import SHARED, TASKS, OffSite
from portal.demo.year.packages import Packages
from portal.demo.year.problems import A_YEAR, Problems
from portal.demo.year.schemes import Schemes
from portal.demo.year.scorecards import Scorecards
from portal.demo.year.standards import Editions
from portal.demo.year.town import Size, town
from portal.demo.year.treatment import ACTS, Treatment
from portal.demo.year.wishes import ROUTINE, Wishes
from portal.plans import planning
from scheduler import keys
from scheduler.planner.limits import Limits
from schemas.lanes import Ground, Lane
from schemas.visits import Cause
from streams.timers import Timer

STEPS: Final = 20
"""Steps of the planner's search for a month; the month's demonstration takes more."""

SEALED: Final = 2
"""Sealed visits in a month of the whole county."""

_ILL: Final = (3, 7, 10)
"""Months that are planned again after publication, because people fell ill."""
_SUBMITTING: Final = 8
"""Working days before the close on which departments begin to submit."""
_SEALED_BEFORE: Final = 3
_BOOKED: Final = 2
"""Months ahead for which enterprises book."""


class Year:
    """Plays a year of the county."""

    def __init__(
        self, desk: Desk, size: Size, *, seed: int = 0, limits: Limits | None = None
    ) -> None:
        self.desk = desk
        self.size = size
        self.seed = seed
        self._limits = limits or Limits(steps=STEPS)
        self.agenda = Agenda(desk)
        self.asked: dict[str, tuple[Scripted, ...]] = {}
        """Everything that departments wished for, by month: what the year without rules is made of."""

    async def play(self) -> None:
        """Play all days of the months."""
        await self._set_up()
        day, last = date(self.size.year, 1, 1), self._last
        while day <= last:
            await self._day(day)
            day += timedelta(days=1)

    # ------------------------------------------------------------ before the year

    async def _set_up(self) -> None:
        desk, year = self.desk, self.size.year
        desk.phase = "registers"
        start = at(date(year, 1, 1), 0)
        await desk.ask(adopting((year - 1, year, year + 1), start, names=STACK))
        queries = desk.service.queries
        self.rules, self.calendar = await planning.rules_and_calendar(queries)
        self._timer = Timer(queries, desk.service.submit, desk.clock)
        days = {month: self._days_of(month) for month in self.size.names}
        every = tuple(day for each in days.values() for day in each.visiting)
        self._last = every[-1]
        self.county = town(self.size, self.seed, every)
        await desk.ask([*registering(self.county, start), *baselines(self.county, start)])
        self._mechanisms()
        self.months = [self._month(month, days[month]) for month in self.size.names]

    def _days_of(self, month: str) -> Days:
        """Return a month's days for visits, and those before on which what cannot wait is done."""
        visiting = self.rules.visiting_days(month, self.calendar)
        rule = next(rule.code for rule in self.rules.in_force(visiting[0]) if is_of_days(rule))
        year, number = map(int, month.split("-"))
        working = self.calendar.working_days_of_month(year, number)
        return Days(visiting, rule, tuple(day for day in working if day < visiting[0])[1:])

    def _mechanisms(self) -> None:
        county, calendar, seed = self.county, self.calendar, self.seed
        self._wishes = Wishes(county, self.size, seed)
        self.schemes = Schemes(self._wishes, self.size, seed, calendar)
        towns = {e.id: e.township or "" for e in county.enterprises}
        self.behaviour = Behaviour(seed, self.schemes, towns)
        self._rota = Rota({x.id: county.team_of(x.id) for x in county.departments})
        self._waiting: dict[date, list[Asked]] = defaultdict(list)
        self._begins: dict[date, list[tuple[str, Days]]] = defaultdict(list)
        self._contacts = Contacts(self.agenda, county, calendar, seed)
        problems = self.size.of(A_YEAR, 24)
        self._problems = Problems(self.desk, self.agenda, county, calendar, seed, problems)
        rhythms = self.rules.rhythms
        pulse = rhythms.pulse_months if rhythms else 12
        self._treatment = Treatment(self.agenda, county, seed, self.size.of(ACTS, 12), pulse)
        self._meetings = Meetings(self.agenda, county, seed)
        self._packages = Packages(self.desk, self.agenda)
        self._bookings = Bookings(self.agenda, county, seed, self.size.of(BOOKINGS, 6))
        self._editions = Editions(self.agenda, county.items)
        off_site = self.size.of(TASKS, 24), self.size.of(SHARED, 12)
        self._off_site = OffSite(self.agenda, county, calendar, seed, *off_site)
        number = self.size.of(JOINT, 2)
        self.joints = Joints(self.desk, self.agenda, self._wishes, calendar, seed, number)
        number = self.size.of(VISITS, 3)
        self._campaigns = Campaigns(self.agenda, self._wishes, calendar, seed, number)
        self._leads = Leads(self.agenda, county, calendar, seed, self.size.of(LEADS, 2))
        self._scorecards = Scorecards(self.desk, self.agenda, county, calendar, seed)
        self._callbacks = Callbacks(self.agenda, county, calendar, seed)
        self.draws = Draws(self.desk, county, calendar, seed)
        shares = sum(body.share for body in county.bodies)
        a_share = self.size.of(ROUTINE) / shares
        Annual(self.agenda, county, calendar, self.size.year, a_share).begin()

    def _month(self, month: str, days: Days) -> tuple[str, Days, YearMonth, list[Scripted]]:
        closes = self.rules.timetable.requests_close
        begins = self.calendar.nth_working_day_before(days.first, closes + _SUBMITTING)
        requests = (
            *self._wishes.of(month, days),
            *self.schemes.of(month, days),
            *self._campaigns.of(month, days, begins),
        )
        self.schemes.mark(requests)
        sealed = self._sealed(month, days)
        self.asked[month] = (*requests, *sealed)
        self._begins[begins].append((month, days))
        part = Part(
            desk=self.desk,
            county=self.county,
            requests=requests,
            month=month,
            begins=max(begins, date(self.size.year, 1, 1)),
            conduct=self.behaviour,
            rota=self._rota,
            seed=self.seed,
            limits=self._limits,
            suffix=f"-{month}",
            waiting=self._waiting,
        )
        drawn = self.draws.teams
        played = YearMonth(part, self.behaviour, lambda: drawn(month), self._callbacks.rated)
        played.under(self.rules, self.calendar)
        if int(month[5:]) in _ILL:
            most = max(self.county.departments, key=lambda x: (x.daily_units, x.id))
            played.fall_ill(most.id)
        return month, days, played, sealed

    def _sealed(self, month: str, days: Days) -> list[Scripted]:
        random = Random(f"{self.seed}/sealed/{month}")
        found = []
        for n in range(1, self.size.of(SEALED, 1) + 1):
            body = random.choice(inspectors(self.county)[:6])
            cause = Cause(ground=Ground.CASE, reference=f"AJ-{month}-{n}")
            day = random.choice(days.working[_SEALED_BEFORE + 1 :])
            place = random.randrange(len(self.county.enterprises))
            request = asking(self.county, body, place, lane=Lane.STATUTORY, cause=cause, **on(day))
            found.append(Scripted(f"sealed-{n}-{month}", request, day))
        return found

    # ------------------------------------------------------------ a day

    async def _day(self, day: date) -> None:
        if not self.calendar.is_working_day(day):
            return
        desk = self.desk
        desk.clock.set(max(desk.clock.now(), at(day, 7)))
        desk.phase = f"{day:%Y-%m} timers"
        await self._timer.step()
        await self._begin_month(day)
        await self._coordinate(day)
        desk.phase = f"{day:%Y-%m} contacts, problems"
        await self.agenda.keep(day)
        for month, days, played, sealed in self.months:
            await self.draws.step(day, month, played.dates, days)
            for s in sealed:
                if s.day and day == self.calendar.nth_working_day_before(s.day, _SEALED_BEFORE):
                    await played.seal(s, day)
                if day == s.day:
                    await played.unseal(s, day)
            await played.steps(day)
        days_of_month = self.calendar.working_days_of_month(day.year, day.month)
        if day == days_of_month[-1]:
            await self._problems.clear(f"{day:%Y-%m}", day)

    async def _coordinate(self, day: date) -> None:
        """Propose what may go together before a month's requests close; account for the month before."""
        for month, days in self._begins[day]:
            self.joints.month(month, days, day)
        before = keys.months_after(f"{day:%Y-%m}", -1)
        if before in self.size.names:
            await self._scorecards.day(before, day)

    async def _begin_month(self, day: date) -> None:
        """On the first working day of a month lay out its contacts and problems."""
        month = f"{day:%Y-%m}"
        days = self.calendar.working_days_of_month(day.year, day.month)
        if day != days[0] or month not in self.size.names:
            return
        if month == self.size.names[0]:
            self._contacts.begin(day)
            self._treatment.begin(day)
            self._meetings.begin(day)
            await self.joints.begin(day)
            days = days[1:]
        else:
            before = f"{self.calendar.previous_working_day(day):%Y-%m}"
            await self._problems.look_back(before, day)
            await self._off_site.share(self.desk.service.queries, before, day)
        await self._packages.month(day)
        self._contacts.month(month, days[0])
        self._problems.month(month, days)
        self._treatment.month(month, days)
        self._meetings.month(month, days)
        self._editions.month(month, days[0])
        self._off_site.month(month, days)
        later = keys.months_after(month, _BOOKED)
        if later in self.size.names:
            self._bookings.month(month, days[1], self.rules.visiting_days(later, self.calendar))
        self._leads.month(month, days)
