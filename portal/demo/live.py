"""The county's December, live: scripted people act around whoever plays along by the pages.

It stands still on a morning of the month until somebody lets it go on to the next station. Whatever
the visitor did first, the script finds done: it closes, plans and publishes only what nobody else did.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.december import MONTH, SERVICE_WEEK, Scripted, asking, december
from portal.demo.county.december import on as that_day
from portal.demo.county.logins import called, logins, said
from portal.demo.county.matters import Matters
from portal.demo.county.offices import CountyConduct, Offices, checks, trade_bundles
from portal.demo.county.people import County, county
from portal.demo.county.script import Script, on
from portal.demo.county.together import BUNDLES, Together
from portal.demo.county.treated import Treated
from portal.demo.december import BEGINS, ENDS, December
from portal.demo.desk import Asked, Desk, Told
from portal.demo.month import request_id
from portal.demo.run import Run, opened
from portal.demo.year.drawing import Draws
from portal.http.identity import Authenticator
from portal.pages.reception import Demo
from portal.running.service import Service
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.states import MonthState, VisitState, VisitStatus
from schemas import commands as c
from schemas.base import Bilingual
from schemas.envelope import Actor
from schemas.lanes import Ground, Lane
from schemas.visits import Cause, Decision, Paper, PlanLine, Role

_WAITING: Final = ("escalation-4", "escalation-5", "escalation-6")
"""Escalations that lie on the leader's desk when the visitor comes."""

_ON_PAPER: Final = "escalation-1"
"""The escalation that the leader signed on paper; the office enters it for him."""

_SEALED: Final = (
    ("sealed-1", "market", 50, 4, 9),
    ("sealed-2", "market", 51, 8, 28),
    ("sealed-3", "emergency", 52, 8, 31),
)
"""Sealed visits: the department, the enterprise, the days of December on which it is sealed and made."""


@dataclass(frozen=True, slots=True)
class Station:
    """A morning on which the month stands still, and what is done on it."""

    day: date
    what: Bilingual


class LenientDesk(Desk):
    """A desk at which a command may come too late: a visitor was first."""

    async def must(self, asked: Asked) -> None:
        """Ask; whatever was done already stays done."""
        await self.one(asked)


class Live(December):
    """December, a station at a time."""

    def __init__(
        self,
        desk: Desk,
        found: County,
        requests: Sequence[Scripted],
        *,
        seed: int = 0,
        limits: Limits | None = None,
        outbox: Path | None = None,
    ) -> None:
        super().__init__(desk, found, requests, seed=seed, limits=limits, outbox=outbox)
        self._conduct = CountyConduct(seed)
        self._offices = Offices(desk, found)
        self._scripts: list[Script] = [Matters(found), Treated(found), self._offices]
        self._sealed = [(_sealed(found, *each), on(each[3])) for each in _SEALED]
        self._paper: Paper | None = None
        self._next = BEGINS
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        """Play until the day on which requests close, and lay escalations on the leader's desk."""
        await self._set_up()
        bundles = await trade_bundles(self._desk.service.queries, BUNDLES)
        self._scripts.append(Together(self._county, bundles))
        number = self._dates.visiting_days[0].month
        self._draws = Draws(
            self._desk, self._county, self._calendar, self._part.seed, months=(number,)
        )
        self._drawn = lambda: self._draws.teams(MONTH)
        await self._until(self._dates.requests_close)
        await self._escalate()

    @property
    def stations(self) -> tuple[Station, ...]:
        """The mornings of the month on which it stands still."""
        dates = self._dates
        return (
            Station(dates.requests_close, said("申请截止日", "requests close")),
            Station(dates.draft, said("排程日", "the plan is drafted")),
            Station(dates.answers_close, said("部门反馈截止日", "the departments answer")),
            Station(dates.publish, said("发布日", "the plan is published")),
            Station(dates.officers_named, said("派员日", "officers are named")),
            Station(dates.visiting_days[0], said("服务周第一天", "the service week begins")),
            Station(ENDS, said("服务周最后一天", "the service week ends")),
        )

    def following(self) -> Bilingual | None:
        """Say where it goes next; ``None`` at the end."""
        now = self._desk.clock.now().date()
        found = next((s for s in self.stations if s.day > now), None)
        if found is None:
            return None
        return said(
            f"{found.day.month}月{found.day.day}日 {found.what.zh}",
            f"{found.day.day} {found.day:%b}, {found.what.en}",
        )

    async def go_on(self) -> None:
        """Let the scripted people act until the morning of the next station."""
        async with self._lock:
            now = self._desk.clock.now().date()
            following = next((s.day for s in self.stations if s.day > now), None)
            if following is not None:
                await self._until(following)

    async def _day(self, day: date) -> None:
        for script in self._scripts:
            await self._desk.ask(script.of(day))
        await self._offices.day(day)
        await self._draws.step(day, MONTH, self._dates, SERVICE_WEEK)
        for s, sealed_on in self._sealed:
            if day == sealed_on:
                await self.seal(s, day)
            if day == s.day:
                await self.unseal(s, day)
        if any(s.name == _ON_PAPER and s.day == day for s in self._requests):
            self._paper = await self._offices.signed(day)
        await super()._day(day)

    def _before(self, s: Scripted, day: date) -> list[Asked]:
        """Enter for the leader what he signed on paper; everything else goes its usual way."""
        asked = super()._before(s, day)
        if s.name != _ON_PAPER or self._paper is None:
            return asked
        entered = c.DecideRequest(
            request=request_id(s),
            role=Role.LEADER,
            decision=Decision.APPROVED,
            on_paper=True,
            signatory="leader",
            paper=self._paper,
        )
        return [*asked[:-1], Asked(asked[-1].id, d.OFFICE, at(day, 10), entered)]

    async def _until(self, morning: date) -> None:
        while self._next < morning:
            await self._day(self._next)
            self._next += timedelta(days=1)
        clock = self._desk.clock
        clock.set(max(clock.now(), at(morning, 9)))

    async def _escalate(self) -> None:
        """Submit escalations of the days to come, with their heads' yes."""
        now = self._desk.clock.now()
        for s in self._requests:
            if s.name in _WAITING:
                clerk, head = d.clerk(s.request.department), d.head(s.request.department)
                made = c.SubmitRequest(request=s.request)
                yes = c.DecideRequest(
                    request=d.request_id(f"request-{s.name}"),
                    role=Role.HEAD,
                    decision=Decision.APPROVED,
                )
                await self._desk.ask([Asked(f"request-{s.name}", clerk, now, made)])
                await self._desk.ask([Asked(f"head-{s.name}", head, now, yes)])

    async def _publish(self, day: date) -> None:
        """Publish the newest draft, unless somebody did; then note every visit of the plan."""
        queries = self._desk.service.queries
        state = await queries.get(MonthState, keys.month(MONTH)) or MonthState()
        if not state.published:
            command = c.PublishPlan(month=MONTH, version=state.drafted)
            await self._desk.must(Asked("publish", d.OFFICE, at(day, 10), command))
        for _, visit in await queries.find("visit", month=MONTH):
            self._visits[visit.line.day].append(visit.line)

    async def _name_officers(self, day: date) -> None:
        for when in list(self._visits):
            self._visits[when] = await self._standing(self._visits[when])
        await super()._name_officers(day)

    async def _enter(self, day: date, lines: Sequence[PlanLine]) -> None:
        """Play the visits that still wait for their scripted officers."""
        await super()._enter(day, await self._standing(lines, coded=True))

    async def _standing(self, lines: Sequence[PlanLine], *, coded: bool = False) -> list[PlanLine]:
        """Return the lines whose visit nobody else entered, cancelled, or left without a code."""
        queries = self._desk.service.queries
        found = await queries.get_many([keys.visit(line.visit) for line in lines])
        standing = []
        for line in lines:
            state = found.get(keys.visit(line.visit))
            if not isinstance(state, VisitState) or state.status is not VisitStatus.PUBLISHED:
                continue
            if not coded or (state.code is not None and not state.code_revoked):
                standing.append(line)
        return standing


def _sealed(found: County, name: str, home: str, place: int, _: int, day: int) -> Scripted:
    """Return what a sealed visit asks for: a case is looked into without a word beforehand."""
    body = next(body for body in found.bodies if body.id == home)
    cause = Cause(ground=Ground.CASE, reference=f"AJ-2026-{place:04d}")
    request = asking(found, body, place, lane=Lane.STATUTORY, cause=cause, **that_day(on(day)))
    return Scripted(name, request, on(day))


class _Strangers:
    """Knows nobody: the demonstration hands out no tokens, its people log in at the pages."""

    async def actor(self, token: str) -> Actor | None:
        """Return nobody."""
        del token
        return None


def strangers() -> Authenticator:
    """Return who knows the programs that speak to a demonstration: none."""
    return _Strangers()


def live_at(
    desk: Desk,
    seed: int,
    *,
    scale: int = 1,
    limits: Limits | None = None,
    outbox: Path | None = None,
) -> tuple[Live, Demo]:
    """Return a December at a desk. ``scale`` keeps one of so many routine requests, for tests."""
    found = county(seed)
    script = (*december(found, seed), *checks(found))
    routine = [s.name for s in script if s.name.startswith("routine-")]
    kept = set(routine[::scale])
    requests = tuple(s for s in script if not s.name.startswith("routine-") or s.name in kept)
    live = Live(desk, found, requests, seed=seed, limits=limits, outbox=outbox)
    return live, Demo(logins(found), live.following, live.go_on, called(found))


@asynccontextmanager
async def playing(
    data: Path, seed: int = 0, told: Told = lambda _, __: None
) -> AsyncIterator[tuple[Service, Demo]]:
    """Play December in a folder until the visitor's turn; it goes on as the pages ask for it."""
    start: datetime = at(BEGINS, 0)
    run = Run(data, {"kind": "county-live", "month": MONTH, "seed": seed})
    async with opened(run, start, told) as desk:
        lenient = LenientDesk(desk.service, desk.clock, told)
        live, demo = live_at(lenient, seed, outbox=data / "notifications.jsonl")
        await live.begin()
        # Whoever starts it again begins a new December: a clock cannot go back in an old one.
        run.finish()
        yield desk.service, demo
