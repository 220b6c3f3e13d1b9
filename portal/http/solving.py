"""Planning asked for over HTTP: one search at a time, its progress to be looked at, its end a command.

The job itself is no fact of the ledger: when the process ends it is forgotten, and asked for again.
What it found comes back as a command like any other. A planner in a process of its own can take this
place behind the same resource.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import structlog

from portal import planning
from portal.http.problems import ProblemError
from portal.messages import Sender, fresh_id
from portal.refusals import objections_of
from portal.service import Service
from scheduler import keys
from scheduler.planner.improve import Progress
from scheduler.planner.limits import Limits
from scheduler.states import MonthState
from schemas.base import Bilingual, Frozen
from schemas.commands import DraftPlan
from schemas.envelope import ActorRole
from schemas.plans import PlanBody

_KEPT: Final = 50
_PLANNER: Final = Sender.of("planner", ActorRole.PLANNER, source="http.planner")
_log = structlog.get_logger("wurao.http")

Search = Callable[..., Awaitable[PlanBody]]
"""``portal.planning.draft``, or what stands for it in a test."""

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
    version: int | None = None
    code: str | None = None
    said: Bilingual | None = None


@dataclass(slots=True)
class Solving:
    """The searches of one process."""

    service: Service
    search: Search = planning.draft
    _jobs: OrderedDict[str, JobView] = field(default_factory=OrderedDict)
    _task: asyncio.Task[None] | None = None
    _ending: bool = False

    def find(self, id_: str) -> JobView | None:
        """Return a search, ``None`` when it is unknown or long past."""
        return self._jobs.get(id_)

    def start(self, id_: str, month: str, *, seed: int, steps: int | None) -> JobView:
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
        self._jobs[id_] = JobView(id=id_, month=month, status="running", steps=limits.steps)
        while len(self._jobs) > _KEPT:
            self._jobs.popitem(last=False)
        self._task = asyncio.create_task(self._run(id_, month, seed, limits))
        return self._jobs[id_]

    async def close(self) -> None:
        """Let a running search stop at its next step, and wait for that."""
        self._ending = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, id_: str, month: str, seed: int, limits: Limits) -> None:
        try:
            version = await self._drafted(id_, month, seed, limits)
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
            self._change(id_, status="drafted", version=version)

    async def _drafted(self, id_: str, month: str, seed: int, limits: Limits) -> int:
        """Search, and hand in what was found."""
        service = self.service

        def watch(progress: Progress) -> bool:
            self._change(
                id_,
                step=progress.step,
                objective=progress.objective,
                bound=progress.bound,
                unplaced=progress.unplaced,
            )
            return not self._ending

        now = service.clock.now()
        body = await self.search(
            service.queries, month, now.date(), seed=seed, limits=limits, watch=watch
        )
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

    def _change(self, id_: str, **values: object) -> None:
        if id_ in self._jobs:
            self._jobs[id_] = self._jobs[id_].model_copy(update=values)
