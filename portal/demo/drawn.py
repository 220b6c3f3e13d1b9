"""A month with visits that nobody chose and visits that nobody knows of: drawn teams go, seals are opened."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.december import Scripted
from portal.demo.desk import Asked
from portal.demo.month import MonthPlay, Part
from portal.demo.rounds import staffing
from portal.matters.sealed import planning as sealing
from scheduler.identity import derived
from schemas.lanes import HalfDay
from schemas.sealed_commands import OpenSealed
from schemas.visits import PlanLine

Teams = Callable[[], Mapping[tuple[str, str], tuple[str, ...]]]
"""Tells who was drawn, by enterprise and department."""


class DrawnMonth(MonthPlay):
    """Plays a month in which officers were drawn and visits sealed."""

    def __init__(self, part: Part, drawn: Teams = dict) -> None:
        super().__init__(part)
        self._drawn = drawn
        self._halves: dict[str, HalfDay | None] = {}

    # ------------------------------------------------------------ officers

    def _staffed(self, line: PlanLine, when: datetime) -> list[Asked]:
        """Name who comes: the drawn where a department was drawn for, else who is free."""
        if line.visit not in self._halves:
            return super()._staffed(line, when)
        half = self._halves[line.visit]
        # Where both half-days were taken nobody else may go: the visit is left without a team.
        return staffing(line, self._rota, when, half, self._teams_of(line)) if half else []

    def _book(self, line: PlanLine) -> HalfDay | None:
        """Keep a half-day for those who were drawn; ``None`` where they are elsewhere in both."""
        officers = [officer for team in self._teams_of(line).values() for officer in team]
        return next((h for h in HalfDay if self._rota.book(officers, line.day, h)), None)

    def _teams_of(self, line: PlanLine) -> dict[str, tuple[str, ...]]:
        drawn = self._drawn()
        return {
            part.department: drawn[line.enterprise, part.department]
            for part in line.parts
            if (line.enterprise, part.department) in drawn
        }

    async def _name_officers(self, day: date) -> None:
        # Those who were drawn are booked first: they cannot be replaced, others can.
        every = (line for on in sorted(self._visits) for line in self._visits[on])
        drawn = sorted((line for line in every if self._teams_of(line)), key=lambda x: x.visit)
        self._halves = {line.visit: self._book(line) for line in drawn}
        await super()._name_officers(day)

    # ------------------------------------------------------------ sealed visits

    async def seal(self, s: Scripted, day: date) -> None:
        """四不两直. Let the head plan a sealed visit for its day."""
        secret = hashlib.sha256(f"{self._part.seed}/{s.name}".encode()).hexdigest()
        if s.day is None:
            raise LookupError(s.name)
        plan = sealing(s.request, (), s.day, None, 1, secret)
        asked = Asked(f"seal-{s.name}", d.head(s.request.department), at(day, 15), plan)
        await self._desk.must(asked)

    async def unseal(self, s: Scripted, day: date) -> None:
        """Open a sealed visit on its day, and go."""
        self._desk.phase = "sealed visits"
        secret = hashlib.sha256(f"{self._part.seed}/{s.name}".encode()).hexdigest()
        plan = sealing(s.request, (), day, None, 1, secret)
        sealed = derived(d.SOURCE, f"seal-{s.name}", "sealed")
        command = OpenSealed(sealed=sealed, detail=str(plan.detail))
        clerk = d.clerk(s.request.department)
        effect = await self._desk.one(Asked(f"request-{s.name}", clerk, at(day, 8), command))
        if effect.status == "accepted":
            await self._at_once([s], day)

    def _before(self, s: Scripted, day: date) -> list[Asked]:
        """Planning a sealed visit was the head's approval of it."""
        return [] if s.name.startswith("sealed-") else super()._before(s, day)
