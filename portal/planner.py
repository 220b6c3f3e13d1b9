"""The planner process: claims a month's planning, solves it, and hands the draft in as a command.

The command's key is fixed when the job is posted. Whoever solves it, and however often, the draft has
its effect once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog

from portal import planning
from portal.messages import message
from portal.planning import NotReadyError, Order
from scheduler.planner.limits import Limits
from schemas.commands import DraftPlan
from schemas.envelope import Actor, ActorRole
from streams.intake import Raw
from streams.jobs import Job, Jobs
from streams.ports import Clock, CommandKey, Effect
from streams.queries import Queries

KIND: Final = "plan"
PLANNER: Final = Actor(id="planner", role=ActorRole.PLANNER)
CLAIM: Final = timedelta(seconds=60)
TRIES: Final = 5
"""Claims after which a job is given up: whoever solves it dies of it."""

_IDLE: Final = 0.2
_log = structlog.get_logger(__name__)
Submit = Callable[[Sequence[Raw], datetime | None], Awaitable[Sequence[Effect]]]
"""Hands commands in; the instant is a demonstration's, if it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A plan that is wanted: its command's key and time, the month and version, how to solve it."""

    key: CommandKey
    at: datetime
    month: str
    version: int
    earliest: date
    seed: int = 0
    limits: Limits | None = None
    now: datetime | None = None
    revise: bool = False

    @property
    def job(self) -> Job:
        """The job that asks for it; it is the same for the same command."""
        args = {
            "source": self.key.source,
            "id": self.key.id,
            "at": self.at.isoformat(),
            "month": self.month,
            "version": self.version,
            "earliest": self.earliest.isoformat(),
            "seed": self.seed,
            "limits": asdict(self.limits) if self.limits else None,
            "now": self.now.isoformat() if self.now else None,
            "revise": self.revise,
        }
        return Job(f"{self.key.source}#{self.key.id}", KIND, json.dumps(args))

    @classmethod
    def of(cls, job: Job) -> Wanted:
        """Return what a job asks for."""
        args: dict[str, Any] = json.loads(job.args)
        return cls(
            key=CommandKey(args["source"], args["id"]),
            at=datetime.fromisoformat(args["at"]),
            month=args["month"],
            version=args["version"],
            earliest=date.fromisoformat(args["earliest"]),
            seed=args["seed"],
            limits=Limits(**args["limits"]) if args["limits"] else None,
            now=datetime.fromisoformat(args["now"]) if args["now"] else None,
            revise=args.get("revise", False),
        )

    async def order(self, queries: Queries) -> Order:
        """Return what is to be planned; a revision leaves alone what is before ``earliest``.

        Raises:
            NotReadyError: If no policy or calendar was adopted yet.
        """
        if self.revise:
            today = self.earliest - timedelta(days=1)
            order = await planning.revision(queries, self.month, today)
        else:
            order = Order(month=self.month, earliest=self.earliest)
        return replace(order, seed=self.seed, limits=self.limits or Limits())


class Planner:
    """Solves what is posted, one job at a time."""

    def __init__(
        self, queries: Queries, jobs: Jobs, submit: Submit, clock: Clock, who: str
    ) -> None:
        self._queries = queries
        self._jobs = jobs
        self._submit = submit
        self._clock = clock
        self._who = who

    async def run(self, stop: asyncio.Event) -> None:
        """Solve until told to stop."""
        while not stop.is_set():
            if not await self.step():
                await asyncio.sleep(_IDLE)

    async def step(self) -> bool:
        """Solve one job; tell whether there was one."""
        now = self._clock.now()
        job = await self._jobs.claim(KIND, self._who, now, now + CLAIM)
        if job is None:
            return False
        if job.tries > TRIES:
            await self._jobs.finish(job.id, self._who, f"given up after {TRIES} tries")
            return True
        holding = asyncio.create_task(self._hold(job))
        try:
            outcome = await self._solved(Wanted.of(job))
        finally:
            holding.cancel()
        await self._jobs.finish(job.id, self._who, outcome)
        return True

    async def _hold(self, job: Job) -> None:
        """Renew the claim while the work goes on; when we die it runs out by itself."""
        while await self._jobs.keep(job.id, self._who, self._clock.now() + CLAIM):  # noqa: ASYNC110 - a lease
            await asyncio.sleep(CLAIM.total_seconds() / 4)

    async def _solved(self, wanted: Wanted) -> str:
        try:
            order = await wanted.order(self._queries)
            body = await planning.planned(self._queries, order)
        except (NotReadyError, ValueError) as error:
            _log.warning("not-solved", month=wanted.month, why=type(error).__name__)
            return f"not solved: {error}"
        command = DraftPlan(month=wanted.month, version=wanted.version, body=body)
        raw = message(
            command, id_=wanted.key.id, source=wanted.key.source, actor=PLANNER, at=wanted.at
        )
        (effect,) = await self._submit([raw], wanted.now)
        return effect.status
