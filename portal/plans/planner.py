"""The planner process: claims a month's planning, solves it, and hands the draft in as a command.

The command's key is fixed when the job is posted. Whoever solves it, and however often, the draft has
its effect once. While it searches it tells about once a second how far it is, and looks whether somebody
wants it to end with the best plan so far.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog

from portal.messages import message
from portal.plans import planning
from portal.plans.control import Control
from portal.plans.planning import NotReadyError, Order, Search
from portal.plans.process import resident_mib
from scheduler.planner.limits import Limits
from scheduler.planner.progress import Progress
from schemas.commands import DraftPlan
from schemas.envelope import Actor, ActorRole
from schemas.searches import SearchSeen, gap_of
from schemas.wire import MAX_PLAN
from streams.intake import Raw
from streams.jobs import Job, Jobs
from streams.patience import PASSING, Outage, Patience, leave
from streams.ports import Clock, CommandKey, Effect
from streams.queries import Queries

KIND: Final = "plan"
PLANNER: Final = Actor(id="planner", role=ActorRole.PLANNER)
CLAIM: Final = timedelta(seconds=60)
TRIES: Final = 5
"""Claims after which a job is given up: whoever solves it dies of it."""

SECONDS: Final = 600.0
MEMORY_MIB: Final = 1_500
"""Limits of a job that names none: its search ends there with the best plan so far."""

_IDLE: Final = 0.2
_log = structlog.get_logger(__name__)
Submit = Callable[[Sequence[Raw], datetime | None], Awaitable[Sequence[Effect]]]
"""Hands commands in; the instant is a demonstration's, if it is one."""
Tell = Callable[[SearchSeen], Awaitable[None]]
"""Tells others how far a search is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leash:
    """How a search is looked after, and how far it may go beyond limits that it does not heed.

    Parameters
    ----------
    look
        Seconds between two looks at it.
    grace, over_mib
        So many seconds or MiB beyond its limits it is ended with its process, and nothing else with it.
    memory
        What the process holds, in MiB.
    """

    look: float = 1.0
    grace: float = 60.0
    over_mib: int = 500
    memory: Callable[[], int] = resident_mib


async def to_nobody(seen: SearchSeen) -> None:
    """Tell nobody."""
    del seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A plan that is wanted: its command's key and time, the month and version, how to solve it.

    ``seconds`` and ``memory_mib`` end the search early, with the best plan so far; without them
    ``SECONDS`` and ``MEMORY_MIB`` do.
    """

    key: CommandKey
    at: datetime
    month: str
    version: int
    earliest: date
    seed: int = 0
    limits: Limits | None = None
    now: datetime | None = None
    revise: bool = False
    seconds: float | None = None
    memory_mib: int | None = None

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
            "seconds": self.seconds,
            "memory_mib": self.memory_mib,
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
            seconds=args.get("seconds"),
            memory_mib=args.get("memory_mib"),
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
    """Solves what is posted in one domain, one job at a time.

    Parameters
    ----------
    who
        The name that claims and reports bear.
    claim
        How long a claim lasts that nobody renews: so long a job waits whose planner was killed.
    leave
        Ends the process when a search goes far beyond its limits; its job is claimed again, a few times.
    leash
        How far that is.
    search
        Reads and solves an order.
    """

    def __init__(
        self,
        queries: Queries,
        jobs: Jobs,
        submit: Submit,
        clock: Clock,
        who: str,
        *,
        tell: Tell = to_nobody,
        claim: timedelta = CLAIM,
        leave: Callable[[], None] = leave,
        leash: Leash | None = None,
        search: Search = planning.planned,
    ) -> None:
        self._queries = queries
        self._jobs = jobs
        self._submit = submit
        self._clock = clock
        self._who = who
        self._tell = tell
        self._claim = claim
        self._leave = leave
        self._leash = leash or Leash()
        self._search = search

    async def step(self) -> bool:
        """Solve one job; tell whether there was one."""
        now = self._clock.now()
        job = await self._jobs.claim(KIND, self._who, now, now + self._claim)
        if job is None:
            return False
        if job.tries > TRIES:
            await self._jobs.finish(job.id, self._who, f"given up after {TRIES} tries")
            return True
        wanted = Wanted.of(job)
        search = _Search(job.id, wanted, self._who, self._leash)
        if await self._jobs.stopping(job.id):
            search.control.stop()
        await self._tell(search.seen(self._clock))
        attending = [
            asyncio.create_task(self._hold(search)),
            asyncio.create_task(self._attend(search)),
        ]
        try:
            outcome = await self._outcome(job, wanted, search.control)
        finally:
            for task in attending:
                task.cancel()
        await self._jobs.finish(job.id, self._who, outcome)
        await self._tell(search.seen(self._clock, outcome))
        return True

    async def _hold(self, search: _Search) -> None:
        """Renew the claim while the work goes on; when we die it runs out by itself."""
        while await self._jobs.keep(search.job, self._who, self._clock.now() + self._claim):  # noqa: ASYNC110 - a lease
            await asyncio.sleep(self._claim.total_seconds() / 4)
        # Somebody else has it, and hands in the same command: our work is of no more use.
        search.control.stop()

    async def _attend(self, search: _Search) -> None:
        """Tell of the search now and then, and end it when somebody asks for that."""
        told = 0
        while True:
            await asyncio.sleep(self._leash.look)
            if search.beyond:
                _log.error("planner-leaves", job=search.job, seconds=round(search.control.seconds))
                self._leave()
            if await self._jobs.stopping(search.job):
                search.control.stop()
            if search.steps != told:
                told = search.steps
                await self._tell(search.seen(self._clock))

    async def _outcome(self, job: Job, wanted: Wanted, control: Control) -> str:
        """Hand the draft in, the one that was found before if there is one; say what became of it."""
        answer = job.answer
        if answer is None:
            try:
                found = await self._found(wanted, control)
            except (NotReadyError, ValueError) as error:
                _log.warning("not-solved", month=wanted.month, why=type(error).__name__)
                return f"not solved: {error}"
            answer = await self._jobs.answer(job.id, found)
        raw = Raw(wanted.key.source, answer, MAX_PLAN)
        (effect,) = await self._submit([raw], wanted.now)
        return effect.status

    async def _found(self, wanted: Wanted, control: Control) -> bytes:
        """Search, and return the draft as a command.

        Raises:
            NotReadyError: If no policy or calendar was adopted yet.
            ValueError: If the month cannot be planned.
        """
        order = await wanted.order(self._queries)
        body = await self._search(self._queries, order, watch=control)
        command = DraftPlan(month=wanted.month, version=wanted.version, body=body)
        return message(
            command, id_=wanted.key.id, source=wanted.key.source, actor=PLANNER, at=wanted.at
        ).body


class _Search:
    """A search at work: its limits, and the last that it said of itself."""

    def __init__(self, job: str, wanted: Wanted, who: str, leash: Leash) -> None:
        self.job = job
        self._leash = leash
        self._month, self._who = wanted.month, who
        self._last: Progress | None = None
        self._seconds = SECONDS if wanted.seconds is None else wanted.seconds
        self._memory = MEMORY_MIB if wanted.memory_mib is None else wanted.memory_mib
        self.control = Control(seconds=self._seconds, memory_mib=self._memory, told=self._told)

    @property
    def steps(self) -> int:
        """The numbered step that was made last."""
        return self._last.step if self._last else 0

    @property
    def beyond(self) -> bool:
        """Whether it heeds its limits no longer."""
        control, leash = self.control, self._leash
        heedless = control.why is None and leash.memory() > self._memory + leash.over_mib
        return heedless or control.seconds > self._seconds + leash.grace

    def _told(self, progress: Progress, seconds: float) -> None:
        del seconds
        self._last = progress

    def seen(self, clock: Clock, outcome: str | None = None) -> SearchSeen:
        """Return how far it is; with an outcome it is the last that is told of the job."""
        last = self._last
        return SearchSeen(
            job=self.job,
            month=self._month,
            by=self._who,
            at=clock.now(),
            step=self.steps,
            phase=last.phase if last else None,
            objective=last.objective if last else None,
            bound=last.bound if last else None,
            gap=gap_of(last.objective, last.bound) if last else None,
            unplaced=last.unplaced if last else None,
            millis=round(self.control.seconds * 1000),
            state="running" if outcome is None else "done",
            ended=self.control.why,
            outcome=outcome,
        )


async def work(
    planners: Sequence[Planner], stop: asyncio.Event, patience: Patience | None = None
) -> None:
    """Let one process solve what is posted in several domains, in turn, until told to stop.

    A job that a fault of the moment interrupts is claimed again when its claim has run out.

    Raises:
        Outage: If the database, the broker or the workers stayed away.
    """
    patience = patience or Patience()
    pauses = patience.pauses()
    while not stop.is_set():
        try:
            # All in turn, so that a busy domain does not keep the others waiting.
            busy = any([await planner.step() for planner in planners])
        except PASSING as error:
            _log.warning("planner-begins-again", fault=type(error).__name__)
            pause = next(pauses, None)
            if pause is None:
                msg = f"the planner gives up: {type(error).__name__}"
                raise Outage(msg) from error
            await patience.sleep(pause)
            continue
        pauses = patience.pauses()
        if not busy:
            await asyncio.sleep(_IDLE)
