"""The desk: hands scripted commands in, each under an id of its own, and tells what became of them.

A script always starts from its beginning. What had its effect in an earlier, interrupted run keeps
that effect: its key is found on record and the message is not even made again, so a resumed run
catches up quickly and goes on where the other one stopped.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from portal.messages import Sender
from portal.plans import planning
from portal.plans.planner import Wanted
from portal.running.service import BATCH as OF_SERVICE
from portal.running.service import Service
from scheduler.identity import derived
from schemas.commands import Command
from schemas.envelope import ActorRole
from schemas.plans import PlanBody
from streams.clock import SimulatedClock
from streams.intake import Raw
from streams.ports import CommandKey, Effect

BATCH: Final = OF_SERVICE
"""Commands that are handed in at once: as many as one transaction takes."""

SOURCE: Final = "demo"
"""The authenticated source of everything that a script asks."""

Told = Callable[[str, int], None]
"""Is told of progress: the phase and how many commands went through."""

Solver = Callable[[Wanted], Awaitable[PlanBody]]
"""Solves a month elsewhere and hands the draft in; returns the plan."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One scripted command: its id, who asks, when, and what (or how to make it when needed)."""

    id: str
    who: Sender
    at: datetime
    what: Command | Callable[[], Command]

    @property
    def key(self) -> CommandKey:
        """The key under which its effect stands."""
        return CommandKey(self.who.source, self.id)

    def message(self) -> Raw:
        """Return it as a message."""
        command = self.what() if callable(self.what) else self.what
        return self.who.message(command, id_=self.id, at=self.at)


def person(id_: str, role: ActorRole, of: str | None = None) -> Sender:
    """Return a scripted person."""
    return Sender.of(id_, role, of, source=SOURCE)


def clerk(department: str) -> Sender:
    """Return a department's clerk 部门经办."""
    return person(f"clerk.{department}", ActorRole.CLERK, department)


def head(department: str) -> Sender:
    """Return a department's head 行政执法主体负责人."""
    return person(f"head.{department}", ActorRole.HEAD, department)


def officer(department: str) -> Sender:
    """Return a department's officer at the gate."""
    return person(f"officer.{department}", ActorRole.OFFICER, department)


def enterprise(uscc: str) -> Sender:
    """Return an enterprise on its own channel."""
    return person(f"enterprise.{uscc}", ActorRole.ENTERPRISE, uscc)


OFFICE: Final = person("office", ActorRole.SCHEDULER)
"""优化办, which coordinates."""

LEADER: Final = person("leader", ActorRole.LEADER)
"""The leader who decides escalated requests."""

PLANNER: Final = person("planner", ActorRole.PLANNER)
TIMER: Final = person("timer", ActorRole.TIMER)
ADMIN: Final = person("admin", ActorRole.ADMIN)


def request_id(command: str) -> str:
    """Return the id of the request that a submitting command brings about."""
    return derived(SOURCE, command, "request")


def visit_id(command: str) -> str:
    """Return the id of the visit that an arranging command brings about."""
    return derived(SOURCE, command, "visit")


def serial(command: str) -> str:
    """Return the serial of the code that a command issues."""
    return derived(SOURCE, command, "code")


class Desk:
    """Hands commands in, in order and in batches."""

    def __init__(
        self,
        service: Service,
        clock: SimulatedClock,
        told: Told = lambda _, __: None,
        solver: Solver | None = None,
    ) -> None:
        self.service = service
        self.clock = clock
        self.phase = ""
        self.told = told
        self._solver = solver
        self._behind = True

    async def ask(self, asked: Sequence[Asked]) -> list[Effect]:
        """Hand commands in and return what became of each, in order."""
        effects: list[Effect] = []
        rest = iter(asked)
        while batch := list(islice(rest, BATCH)):
            effects += await self._batch(batch)
            self.told(self.phase, len(batch))
        return effects

    async def solved(self, wanted: Wanted) -> PlanBody:
        """Return a month's plan: solved here, or by a process that was asked to."""
        if self._solver is not None:
            return await self._solver(wanted)
        return await planning.draft(
            self.service.queries,
            wanted.month,
            wanted.earliest,
            seed=wanted.seed,
            limits=wanted.limits,
        )

    async def one(self, asked: Asked) -> Effect:
        """Hand one command in."""
        return (await self.ask([asked]))[0]

    async def must(self, asked: Asked) -> None:
        """Ask for what a whole month hangs on.

        Raises:
            RuntimeError: If it is refused: the script or the program is wrong, not the records.
        """
        effect = await self.one(asked)
        if effect.status != "accepted":
            told = json.dumps(json.loads(effect.objections), ensure_ascii=False)[:800]
            msg = f"{asked.id} was {effect.status}: {told}"
            raise RuntimeError(msg)

    async def _batch(self, batch: list[Asked]) -> list[Effect]:
        known = await self._known(batch)
        fresh = [asked for asked in batch if asked.key not in known]
        self.clock.set(max(self.clock.now(), *(asked.at for asked in batch)))
        if fresh:
            effects = await self.service.submit([asked.message() for asked in fresh])
            known |= {a.key: effect for a, effect in zip(fresh, effects, strict=True)}
        return [known[asked.key] for asked in batch]

    async def _known(self, batch: list[Asked]) -> dict[CommandKey, Effect]:
        """Return the effects that an earlier run left; nothing is asked once that one is passed."""
        if not self._behind:
            return {}
        known = dict(await self.service.ledger.effects([asked.key for asked in batch]))
        self._behind = bool(known)
        return known
