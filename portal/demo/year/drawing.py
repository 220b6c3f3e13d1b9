"""双随机 in the year: a draw each quarter, substitutes drawn for those who cannot go."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.december import Days, inspectors
from portal.demo.county.people import County
from portal.demo.desk import Asked, Desk
from portal.demo.year.schemes import Kind, Scheme
from portal.proof import draws
from scheduler import keys
from scheduler.draw.frame import commitment
from scheduler.identity import derived
from scheduler.states import DrawState
from scheduler.timetable import MonthDates
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from schemas.draw_commands import CommitDraw, RevealDraw, SetDrawPublic, SubstituteDrawn
from schemas.draws import CannotGo, DrawShare
from schemas.registry import RiskClass
from schemas.visits import Decision, Request, Role

MONTHS: Final = (2, 5, 8, 11)
"""Months with a draw: the middle of each quarter."""

_TOWNS: Final = 5
"""A draw is from so many townships, so that what is drawn fits a month."""
_SMALL: Final = 200
"""A county with fewer enterprises is drawn from as a whole."""
_TOO_OFTEN: Final = 3
"""Substitutions at one target by which a department gets whom it wants."""


@dataclass
class Draws:
    """Draws, hands in what was drawn, and tells who goes."""

    desk: Desk
    county: County
    calendar: WorkCalendar
    seed: int
    months: tuple[int, ...] = MONTHS
    """Numbers of the months with a draw; each is from other townships."""

    def __post_init__(self) -> None:
        """Nothing is drawn yet."""
        self.schemes: list[Scheme] = []
        self.requested: list[Request] = []
        self._teams: dict[str, Mapping[tuple[str, str], tuple[str, ...]]] = {}

    def teams(self, month: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Return who was drawn for a month, by enterprise and department."""
        return self._teams.get(month, {})

    async def step(self, day: date, month: str, dates: MonthDates, days: Days) -> None:
        """Do what a draw of a month needs on a day."""
        if int(month[5:]) not in self.months:
            return
        before = self.calendar.nth_working_day_before
        if day == before(dates.requests_close, 5):
            await self._open(day, month, days)
        if day == before(dates.requests_close, 4):
            await self._reveal(day, month)
        if day == self.calendar.nth_working_day_after(dates.publish, 1):
            await self._substitute(day, month)

    def _id(self, month: str) -> str:
        return derived(d.SOURCE, f"draw-{month}", "draw")

    async def _state(self, month: str) -> DrawState | None:
        return await self.desk.service.queries.get(DrawState, keys.draw(self._id(month)))

    def _secret(self, month: str) -> str:
        return hashlib.sha256(f"{self.seed}/draw/{month}".encode()).hexdigest()

    async def _open(self, day: date, month: str, days: Days) -> None:
        self.desk.phase = "draws"
        if await self._state(month) is None:
            towns = self.county.data.townships
            few = len(self.county.enterprises) < _SMALL
            first = self.months.index(int(month[5:])) * _TOWNS
            bodies = sorted(inspectors(self.county), key=lambda b: -b.share)[1:3]
            wish = draws.Wish(
                title=f"{month} 双随机抽查",
                shares=[DrawShare(department=b.id, items=(f"{b.id}.01",)) for b in bodies],
                window=days.window,
                scope=draws.Scope(
                    risks=(RiskClass.HIGH,), townships=() if few else towns[first : first + _TOWNS]
                ),
            )
            command = await draws.opening(self.desk.service.queries, wish)
            await self.desk.must(Asked(f"draw-{month}", d.OFFICE, at(day, 9), command))
        state = await self._state(month)
        if state is None:
            raise LookupError(month)
        commit = CommitDraw(
            draw=state.id,
            commitment=commitment(state.id, state.frame, self._secret(month)),
            public_source="次日收盘指数",
            public_at=at(self.calendar.next_working_day(day), 15),
            seed=self._secret(month),
        )
        await self.desk.must(Asked(f"commit-{month}", d.OFFICE, at(day, 10), commit))

    async def _reveal(self, day: date, month: str) -> None:
        self.desk.phase = "draws"
        value = hashlib.sha256(f"{self.seed}/public/{month}".encode()).hexdigest()[:12]
        public = SetDrawPublic(draw=self._id(month), value=value)
        await self.desk.must(Asked(f"public-{month}", d.OFFICE, at(day, 15, 30), public))
        reveal = RevealDraw(draw=self._id(month), seed=self._secret(month))
        await self.desk.must(Asked(f"reveal-{month}", d.OFFICE, at(day, 16), reveal))
        state = await self._state(month)
        if state is None:
            raise LookupError(month)
        effects = await draws.hand_in(self.desk.service, state)
        asked = [request for _, request in draws.requests(state, announced=False)]
        self.requested += asked
        approvals = [
            Asked(
                f"head-draw-{month}-{n}",
                d.head(request.department),
                spread(day, 17, n),
                c.DecideRequest(
                    request=effect.about.partition("/")[2],
                    role=Role.HEAD,
                    decision=Decision.APPROVED,
                ),
            )
            for n, (request, effect) in enumerate(zip(asked, effects, strict=True))
            if effect.status == "accepted"
        ]
        await self.desk.ask(approvals)
        self._note(month, state)

    def _note(self, month: str, state: DrawState) -> None:
        self._teams[month] = {
            (enterprise, department): officers
            for enterprise, department, officers in draws.teams(state)
        }

    async def _substitute(self, day: date, month: str) -> None:
        """Replace one who is on leave; and elsewhere one after the other, until the right one comes."""
        pairs = sorted(self.teams(month))
        if len(pairs) < 2:  # noqa: PLR2004 - one in good faith, one in bad
            return
        self.desk.phase = "draws"
        await self._replace(day, month, pairs[0], CannotGo.ON_LEAVE, 1)
        for n in range(_TOO_OFTEN):
            await self._replace(day, month, pairs[-1], CannotGo.OTHER_DUTY, n + 2)
        enterprise, department = pairs[-1]
        key = f"drawn/{self._id(month)}/{department}/{enterprise}"
        self.schemes.append(Scheme(kind=Kind.NOT_THE_DRAWN, department=department, key=key))

    async def _replace(
        self, day: date, month: str, pair: tuple[str, str], ground: CannotGo, number: int
    ) -> None:
        enterprise, department = pair
        command = SubstituteDrawn(
            draw=self._id(month),
            department=department,
            enterprise=enterprise,
            out=self.teams(month)[pair][-1],
            ground=ground,
            reason="另有任务",
        )
        id_ = f"substitute-{month}-{number}"
        await self.desk.one(Asked(id_, d.clerk(department), at(day, 9, number), command))
        state = await self._state(month)
        if state is not None:
            self._note(month, state)
