"""The laboratory: one run after another on the same machines, each in a domain of its own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from aiokafka.errors import KafkaError

from portal.cli.session import Exit
from portal.http.identity import TokenFile
from portal.messages import Sender
from portal.running import stack
from portal.running.service import Service
from scheduler.proof.checkpoints import read_checkpoint
from schemas import commands as c
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from streams.intake import Raw
from streams.kafka import naming
from streams.kafka.ends import last_position
from streams.patience import EXIT, PASSING
from streams.postgres.jobs import PostgresJobs
from streams.postgres.seals import PostgresSeals
from tests.builders import an_enterprise
from tests.e2e.months import wanted
from tests.faults.checker import Finding, check
from tests.faults.clients import Town, clients
from tests.faults.faulting import Faults
from tests.faults.history import History, Line, What
from tests.faults.machines import Machines, machines
from tests.faults.nursery import BEGINNING
from tests.faults.observing import effects, evidence, overdue, settings_of
from tests.faults.schedule import Planned
from tests.faults.site import Nursery, Site
from tests.faults.wishes import ENTERPRISES, KNOWN, MONTH, SOURCE, people
from tests.portal.http.clients import furnish
from tests.streams.kafka.poison import withdrawal

SETTLED: Final = 120.0
"""Seconds for each thing that a run waits for when nothing disturbs it any more. A run goes on as soon as it
is there; on a machine busy with other work a plan alone may take a minute."""

_NOTHING_TO_STAND_ON: Final = (Exit.ENVIRONMENT, EXIT)
_STARTING: Final = 10.0
"""Seconds after its start in which a process may say that it finds no database or no broker."""

_LATER: Final = (timedelta(days=5), timedelta(days=10))
"""To where all clocks are put in the end: the answers to the plan are over, then the filings too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A run: its seed, its faults, the size of the crowd, and a bug to plant."""

    seed: int
    planned: tuple[Planned, ...]
    plant: str | None = None
    kafka: int = 3
    http: int = 3
    least: float = 8.0
    """Seconds for which clients ask at least."""
    patience: float = SETTLED
    """Seconds in which it must come to rest when nothing disturbs it any more."""


ENOUGH: Final = 5
"""Kinds of faults that must have taken effect for a run to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to."""

    seed: int
    findings: list[Finding]
    faults: frozenset[str]
    """The kinds of faults that took effect."""
    harmless: list[str]
    commands: int
    entries: int
    seconds: float
    cpu: float
    """Seconds of processor time of our processes, this one and the broker; Postgres is not in it."""
    history: Path

    @property
    def clean(self) -> bool:
        """Whether enough happened and nothing was found."""
        return not self.findings and len(self.faults) >= ENOUGH

    def __str__(self) -> str:
        verdict = f"{len(self.findings)} FINDINGS" if self.findings else "clean"
        if not self.findings and len(self.faults) < ENOUGH:
            verdict = "TOO QUIET"
        kinds = ", ".join(sorted(self.faults))
        idle = f"; without effect: {', '.join(self.harmless)}" if self.harmless else ""
        return (
            f"seed {self.seed}: {verdict}; {len(self.faults)} kinds of faults: {kinds}{idle}; "
            f"{self.commands} commands, {self.entries} entries, "
            f"{self.seconds:.0f} s, {self.cpu:.0f} s of processor time"
        )


@dataclass(slots=True)
class Laboratory:
    """Machines and a nursery; runs follow one another."""

    folder: Path
    machines: Machines
    nursery: Nursery
    _runs: int = field(default=0)

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, archive: Path | None = None) -> AsyncIterator[Laboratory]:
        """Bring everything up in a folder, and take it down after the block.

        ``archive`` is a file from which brokers start sooner (see ``machines``).
        """
        async with machines(folder / "machines", archive) as found, Nursery.open() as nursery:
            yield cls(folder, found, nursery)

    async def run(self, setup: Setup) -> Outcome:
        """Make one run, and check what it left behind."""
        self._runs += 1
        data = self.folder / f"seed-{setup.seed}-{self._runs}"
        data.mkdir()
        domain = f"lab{setup.seed}_{self._runs}"
        started, used = time.monotonic(), self._cpu()
        settings = settings_of(self.machines, domain, data)
        await stack.up(settings, [SOURCE])
        history = History(data / "history.jsonl")
        clock = SimulatedClock(BEGINNING)
        async with AsyncExitStack() as closing:
            closing.callback(history.close)
            service = await closing.enter_async_context(Service.open(settings, clock=clock))
            run = _Run(self, setup, service, clock, history, domain, data)
            await run.prepare()
            await run.go()
            found = await evidence(self.machines, service, settings, history.lines)
            run._over("read")
        happened = [line for line in history.lines if line.what is What.FAULT]
        return Outcome(
            seed=setup.seed,
            findings=check(found),
            faults=frozenset(line.kind for line in happened),
            harmless=[x.kind for x in history.lines if x.what is What.HARMLESS],
            commands=sum(line.what is What.ASKED for line in history.lines),
            entries=len(found.entries),
            seconds=time.monotonic() - started,
            cpu=self._cpu() - used,
            history=data / "history.jsonl",
        )

    def _cpu(self) -> float:
        return time.process_time() + self.nursery.cpu + self.machines.cpu()


class _Run:
    """One run on its way."""

    def __init__(  # noqa: PLR0917 - the parts of a run, named alike
        self,
        lab: Laboratory,
        setup: Setup,
        service: Service,
        clock: SimulatedClock,
        history: History,
        domain: str,
        data: Path,
    ) -> None:
        self._setup, self._service, self._clock = setup, service, clock
        self._history, self._machines = history, lab.machines
        self._site = Site(lab.machines, lab.nursery, domain, data, time.monotonic(), setup.plant)
        if service.database is None:
            raise TypeError(service)
        self._resting = asyncio.Event()
        self._jobs = PostgresJobs(service.database)
        self._seals = PostgresSeals(service.database)
        self._town = Town(
            history=history,
            domain=domain,
            born=time.monotonic(),
            fingerprint=service.credentials.fingerprint,
            broker=lab.machines.broker,
            ports=self._site.ports,
            tokens={},
        )

    def _over(self, stage: str) -> None:
        """Write down that a stage is over."""
        self._history.add(Line(at=round(self._town.elapsed, 3), what=What.STAGE, kind=stage))

    async def prepare(self) -> None:
        """Fill the registers, hand out tokens, start the processes and wait until they serve."""
        await furnish(self._service)
        office = Sender.of("office", ActorRole.ADMIN)
        more = [
            office.message(
                c.RegisterEnterprise(enterprise=an_enterprise(n)), id_=f"more-{n}", at=BEGINNING
            )
            for n in range(4, ENTERPRISES + 1)
        ]
        await self._service.submit([*more, *(Raw(SOURCE, withdrawal(n)) for n in range(KNOWN))])
        for key, status in (await effects(self._service)).items():
            self._town.say(What.ASKED, key)
            self._town.say(What.ANSWERED, key, status=status)
        tokens = TokenFile(self._site.data / "tokens.json")
        self._town.tokens = {id_: tokens.issue(id_, role, of) for id_, role, of in people()}
        await self._site.begin()
        self._over("furnished")
        await _until(self._serving, 60)
        self._over("started")
        self._town.born = time.monotonic()

    async def go(self) -> None:
        """Let clients ask, faults happen, and everything come to rest."""
        watching = asyncio.create_task(self._watch())
        crowd = clients(self._town, self._setup.seed, self._setup.kafka, self._setup.http)
        chance = random.Random(f"targets {self._setup.seed}")
        faults = Faults(self._machines, self._site, self._town, chance)
        happening = asyncio.create_task(faults.run(self._setup.planned))
        try:
            last = self._setup.planned[-1].at if self._setup.planned else 0.0
            await asyncio.sleep(max(last, self._setup.least) * 0.7)
            await self._close_month()
            await happening
            self._over("disturbed")
            await asyncio.sleep(max(0.0, self._setup.least - self._town.elapsed))
            if self._town.repeated:
                text = f"{self._town.repeated} messages were sent twice, in any order"
                self._history.add(
                    Line(at=self._town.elapsed, what=What.FAULT, kind="repeated", text=text)
                )
            self._town.over.set()
            await asyncio.wait(crowd, timeout=self._setup.patience)
            self._over("asked")
            await self._settle()
            codes = await self._ended_when_asked(watching)
            self._over("ended")
        finally:
            for task in (happening, watching, *crowd):
                task.cancel()
            await asyncio.gather(happening, watching, *crowd, return_exceptions=True)
            await self._site.kill()
        for name, code in codes.items():
            if code:
                self._ended(name, code, _STARTING)

    async def _ended_when_asked(self, watching: asyncio.Task[None]) -> dict[str, int]:
        """Ask every process to end, and return the exit codes."""
        # Not cancelled: it may be about to start one.
        self._resting.set()
        await watching
        return await self._site.close()

    async def _watch(self) -> None:
        """Start again what gives up, and write down that it did."""
        while not self._resting.is_set():
            for name, code, age in await self._site.look():
                self._ended(name, code, age)
            await asyncio.sleep(0.2)

    def _ended(self, name: str, code: int, age: float) -> None:
        starting = code in _NOTHING_TO_STAND_ON and age < _STARTING
        what = What.AGAIN if starting else What.ENDED
        at = round(self._town.elapsed, 3)
        self._history.add(Line(at=at, what=what, kind=name, status=str(code)))

    async def _serving(self) -> bool:
        """Tell whether the portals answer and every worker has its partitions."""
        async with httpx.AsyncClient(timeout=2) as web:
            for port in self._site.ports.values():
                try:
                    await web.get(f"http://127.0.0.1:{port}/login")
                except httpx.HTTPError:
                    return False
        return True

    async def _close_month(self) -> None:
        """Close December's requests and ask for its plan."""
        await self._office(c.CloseMonth(month=MONTH), "close")
        wish = wanted(MONTH, "planner")
        self._town.say(What.ASKED, (wish.key.source, wish.key.id))
        await _insisted(lambda: self._jobs.post(wish.job))

    async def _office(self, command: c.Command, id_: str) -> None:
        """Ask as the coordinating office, from inside."""
        key = "console", id_
        self._town.say(What.ASKED, key)
        office = Sender.of("office", ActorRole.SCHEDULER)
        raw = office.message(command, id_=id_, at=self._clock.now())
        (effect,) = await _insisted(lambda: self._service.submit([raw]))
        self._town.say(What.ANSWERED, key, status=effect.status)

    async def _settle(self) -> None:
        """Wait until all that was taken has its effect, everything is published, sealed and over."""
        await _until(self._all_have_effects, self._setup.patience)
        self._over("effected")
        await _until(self._planned, self._setup.patience)
        self._over("planned")
        for later in _LATER:
            self._clock.set(BEGINNING + later)
            for name in self._site.members:
                self._site.set_clock(name, later.total_seconds())
            await _until(self._none_overdue, self._setup.patience)
            self._over("fired")
            if later is _LATER[0]:
                await self._office(c.PublishPlan(month=MONTH, version=1), "publish")
        await _until(self._published_and_sealed, self._setup.patience)
        self._over("sealed")

    async def _all_have_effects(self) -> bool:
        taken = {x.key for x in self._history.lines if x.what in {What.TAKEN, What.ANSWERED}}
        return taken <= (await effects(self._service)).keys()

    async def _planned(self) -> bool:
        return await self._jobs.outcome(wanted(MONTH, "planner").job.id) is not None

    async def _none_overdue(self) -> bool:
        return not await overdue(self._service)

    async def _published_and_sealed(self) -> bool:
        position = await self._service.ledger.position()
        topic = naming.ledger(self._site.domain)
        if await last_position(self._machines.kafka.direct, topic) < position:
            return False
        note = await self._seals.latest()
        return note is not None and read_checkpoint(note.text).size >= position


async def _until(holds: Callable[[], Awaitable[bool]], patience: float) -> bool:
    """Wait until something holds; give up after a while, for the checker will see what is missing."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with suppress(*PASSING, KafkaError):
            if await holds():
                return True
        await asyncio.sleep(0.25)
    return False


async def _insisted(call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - what the call gives
    """Call until no fault of the moment is in the way."""
    end = time.monotonic() + SETTLED
    while True:
        try:
            return await call()
        except PASSING:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.3)
