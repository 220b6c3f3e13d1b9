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
from portal.demo.county.december import MONTH, Scripted, december
from portal.demo.county.matters import Matters
from portal.demo.county.people import STAR, County, county
from portal.demo.december import BEGINS, ENDS, December
from portal.demo.desk import Asked, Desk, Told
from portal.demo.run import Run, opened
from portal.http.identity import Authenticator
from portal.pages.reception import Demo, DemoLogin
from portal.running.service import Service
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.states import MonthState, VisitState, VisitStatus
from schemas import commands as c
from schemas.base import Bilingual
from schemas.envelope import Actor, ActorRole
from schemas.visits import Decision, PlanLine, Role

HOME: Final = "market"
"""The department whose people a visitor may be."""

_WAITING: Final = ("escalation-4", "escalation-5", "escalation-6")
"""Escalations that lie on the leader's desk when the visitor comes."""


@dataclass(frozen=True, slots=True)
class Station:
    """A morning on which the month stands still, and what is done on it."""

    day: date
    what: Bilingual


def _said(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


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
        self._matters = Matters(found)
        self._next = BEGINS
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        """Play until the day on which requests close, and lay escalations on the leader's desk."""
        await self._set_up()
        await self._until(self._dates.requests_close)
        await self._escalate()

    @property
    def stations(self) -> tuple[Station, ...]:
        """The mornings of the month on which it stands still."""
        dates = self._dates
        return (
            Station(dates.requests_close, _said("申请截止日", "requests close")),
            Station(dates.draft, _said("排程日", "the plan is drafted")),
            Station(dates.answers_close, _said("部门反馈截止日", "the departments answer")),
            Station(dates.publish, _said("发布日", "the plan is published")),
            Station(dates.officers_named, _said("派员日", "officers are named")),
            Station(dates.visiting_days[0], _said("服务周第一天", "the service week begins")),
            Station(ENDS, _said("服务周最后一天", "the service week ends")),
        )

    def following(self) -> Bilingual | None:
        """Say where it goes next; ``None`` at the end."""
        now = self._desk.clock.now().date()
        found = next((s for s in self.stations if s.day > now), None)
        if found is None:
            return None
        return _said(
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
        await self._desk.ask(self._matters.of(day))
        await super()._day(day)

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


class _Strangers:
    """Knows nobody: the demonstration hands out no tokens, its people log in at the pages."""

    async def actor(self, token: str) -> Actor | None:
        """Return nobody."""
        del token
        return None


def strangers() -> Authenticator:
    """Return who knows the programs that speak to a demonstration: none."""
    return _Strangers()


def logins(found: County) -> tuple[DemoLogin, ...]:
    """Return one login per role, each with what to try first."""
    star = found.enterprises[STAR]
    name = next(body.name for body in found.bodies if body.id == HOME)
    rows = (
        (
            "clerk",
            f"clerk.{HOME}",
            ActorRole.CLERK,
            HOME,
            _said(f"{name}经办", f"Clerk of {HOME}"),
            _said(
                f"为“{star.name}”提一份入企申请，看规则怎么说。",
                "Ask for a visit and see what the rules say.",
            ),
            f"/requests/new/{star.id}",
        ),
        (
            "head",
            f"head.{HOME}",
            ActorRole.HEAD,
            HOME,
            _said(f"{name}负责人", f"Head of {HOME}"),
            _said(
                "勾选本部门的申请，一起同意。", "Tick your department's requests and approve them."
            ),
            "/approvals",
        ),
        (
            "office",
            "office",
            ActorRole.SCHEDULER,
            None,
            _said("优化办", "Optimisation office"),
            _said("截止本月申请，排程，发布。", "Close the month, plan it, publish it."),
            f"/plans/{MONTH}",
        ),
        (
            "leader",
            "leader",
            ActorRole.LEADER,
            None,
            _said("书记/市长", "Leader"),
            _said(
                "决定几件提级申请：为何不能等，放行哪条规则。", "Decide a few escalated requests."
            ),
            "/escalations",
        ),
        (
            "officer",
            f"officer.{HOME}",
            ActorRole.OFFICER,
            HOME,
            _said(f"{name}执法人员", f"Officer of {HOME}"),
            _said(
                "到服务周，打开“外勤”：出示入企码，登记入企和离企，断网也行。",
                "In the service week open the page of the day: show the code, enter and leave.",
            ),
            "/field",
        ),
        (
            "enterprise",
            f"enterprise.{star.id}",
            ActorRole.ENTERPRISE,
            star.id,
            _said(star.name, "The factory"),
            _said(
                "看谁要来，打开企业码，结束后评价。",
                "See who comes, open the gate code, rate afterwards.",
            ),
            "/visits",
        ),
        (
            "auditor",
            "auditor",
            ActorRole.AUDITOR,
            None,
            _said("监督审计", "Auditor"),
            _said("检索台账，打开一个案卷的时间线。", "Search the ledger and follow a case."),
            "/audit",
        ),
        (
            "admin",
            "admin",
            ActorRole.ADMIN,
            None,
            _said("系统管理员", "Administrator"),
            _said(
                "看在用的政策和日历，对比两个版本。",
                "See policies and calendars; compare two versions.",
            ),
            "/admin",
        ),
    )
    return tuple(
        DemoLogin(id_, Actor(id=actor, role=role, of=of), title, first, path)
        for id_, actor, role, of, title, first, path in rows
    )


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
    script = december(found, seed)
    routine = [s.name for s in script if s.name.startswith("routine-")]
    kept = set(routine[::scale])
    requests = tuple(s for s in script if not s.name.startswith("routine-") or s.name in kept)
    live = Live(desk, found, requests, seed=seed, limits=limits, outbox=outbox)
    return live, Demo(logins(found), live.following, live.go_on)


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
