"""Planning asked for over HTTP: one search at a time, its progress to be looked at, its end a command.

The job itself is no fact of the ledger: when the process ends it is forgotten, and asked for again.
What it found comes back as a command like any other. A planner in a process of its own can take this
place behind the same resource.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

import structlog

from portal.http.problems import ProblemError
from portal.messages import Sender, fresh_id
from portal.plans import planning
from portal.plans.control import Control
from portal.plans.planning import Order, Search
from portal.running.service import Service
from portal.wording.refusals import objections_of
from scheduler import keys
from scheduler.optimality import gap_percent
from scheduler.planner.limits import Limits
from scheduler.planner.progress import Progress
from scheduler.replanning import CHANGE
from scheduler.states import MonthState
from schemas.base import Bilingual, Frozen
from schemas.commands import DraftPlan
from schemas.envelope import ActorRole

_KEPT: Final = 50
_LOOK: Final = 0.1  # seconds between two looks at a search that somebody follows
_PLANNER: Final = Sender.of("planner", ActorRole.PLANNER, source="http.planner")
_log = structlog.get_logger("wurao.http")

Status = Literal["running", "drafted", "failed"]


class JobView(Frozen):
    """A search: how far it is, and the version that came of it, or why none did."""

    id: str
    month: str
    status: Status
    step: int = 0
    steps: int
    objective: int | None = None
    bound: int | None = None
    unplaced: int | None = None
    gap_percent: float | None = None
    seconds: float | None = None
    ended: str | None = None
    """What ended the search early: ``stopped``, ``time`` or ``memory``; the best plan was kept."""
    version: int | None = None
    code: str | None = None
    said: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to search: limits that end it early, fixed days, and whether a published plan is revised."""

    seconds: float | None = None
    memory_mib: int | None = None
    pins: Mapping[str, date] = field(default_factory=dict)
    revise: bool = False
    change: int = CHANGE


@dataclass(slots=True)
class Solving:
    """The searches of one process."""

    service: Service
    search: Search = planning.planned
    _jobs: OrderedDict[str, JobView] = field(default_factory=OrderedDict)
    _task: asyncio.Task[None] | None = None
    _control: Control | None = None
    _ending: bool = False

    def find(self, id_: str) -> JobView | None:
        """Return a search, ``None`` when it is unknown or long past."""
        return self._jobs.get(id_)

    def start(
        self, id_: str, month: str, *, seed: int, steps: int | None, how: How | None = None
    ) -> JobView:
        """Start a search; the same id again is the same search.

        Raises:
            ProblemError: If another one is running.
        """
        if id_ in self._jobs:
            return self._jobs[id_]
        if self._task is not None and not self._task.done():
            running = next(reversed(self._jobs))
            said = (f"正在排程: {running}", f"a search is running: {running}")
            raise ProblemError(409, "planning", said, headers={"retry-after": "5"})
        limits = replace(Limits(), steps=steps) if steps else Limits()
        how = how or How()
        self._jobs[id_] = JobView(id=id_, month=month, status="running", steps=limits.steps)
        while len(self._jobs) > _KEPT:
            self._jobs.popitem(last=False)
        self._control = Control(
            seconds=how.seconds,
            memory_mib=how.memory_mib,
            told=lambda progress, seconds: self._told(id_, progress, seconds),
        )
        search = self._run(id_, month, self._ordered(month, seed, limits, how), self._control)
        self._task = asyncio.create_task(search)
        return self._jobs[id_]

    def stop(self, id_: str) -> JobView | None:
        """Let a search end at its next step with the best plan so far; one that is over stays so."""
        found = self._jobs.get(id_)
        if found is not None and found.status == "running" and self._control is not None:
            self._control.stop()
        return found

    async def follow(self, id_: str) -> AsyncIterator[JobView]:
        """Yield a search whenever it is further, until it is over."""
        last: JobView | None = None
        while (found := self._jobs.get(id_)) is not None:
            if found != last:
                yield found
            if found.status != "running":
                return
            last = found
            await asyncio.sleep(_LOOK)

    async def close(self) -> None:
        """Let a running search stop at its next step, and wait for that."""
        self._ending = True
        if self._control is not None:
            self._control.stop()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _told(self, id_: str, progress: Progress, seconds: float) -> None:
        gap = gap_percent(progress.objective, progress.bound)
        self._change(
            id_,
            step=progress.step,
            objective=progress.objective,
            bound=progress.bound,
            unplaced=progress.unplaced,
            gap_percent=None if gap is None else round(gap, 2),
            seconds=round(seconds, 1),
        )

    async def _run(self, id_: str, month: str, order: Awaitable[Order], control: Control) -> None:
        try:
            version = await self._drafted(await order, control)
        except ProblemError as problem:
            self._change(id_, status="failed", code=problem.code, said=problem.said)
        except LookupError as error:  # no policy, no calendar, no such month
            zh, _, en = str(error).partition(" / ")
            said = Bilingual(zh=zh or "-", en=en or zh or "-")
            self._change(id_, status="failed", code="not-ready", said=said)
        except Exception:  # noqa: BLE001 - nobody awaits a search: its end must be seen in its job
            _log.exception("planning failed", job=id_, month=month)
            said = Bilingual(zh="程序出错", en="the program failed")
            self._change(id_, status="failed", code="internal-fault", said=said)
        else:
            self._change(id_, status="drafted", version=version, ended=control.why)

    async def _drafted(self, order: Order, control: Control) -> int:
        """Search, and hand in what was found."""
        service, month = self.service, order.month
        body = await self.search(service.queries, order, watch=control)
        if self._ending:
            said = ("服务已停止", "the service has stopped")
            raise ProblemError(503, "stopped", said)
        state = await service.queries.get(MonthState, keys.month(month)) or MonthState()
        command = DraftPlan(month=month, version=state.drafted + 1, body=body)
        raw = _PLANNER.message(command, id_=fresh_id(), at=service.clock.now())
        effect = (await service.submit([raw]))[0]
        if effect.status != "accepted":
            first = objections_of(effect)[0]
            raise ProblemError(409, first.rule, (first.title.zh, first.title.en))
        return command.version

    async def _ordered(self, month: str, seed: int, limits: Limits, how: How) -> Order:
        today = self.service.clock.now().date()
        if how.revise:
            order = await planning.revision(self.service.queries, month, today)
        else:
            order = Order(month=month, earliest=today)
        return replace(order, seed=seed, limits=limits, pins=how.pins, change=how.change)

    def _change(self, id_: str, **values: object) -> None:
        if id_ in self._jobs:
            self._jobs[id_] = self._jobs[id_].model_copy(update=values)
