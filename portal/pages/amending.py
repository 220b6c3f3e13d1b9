"""Calendars and policies by pages: read, compared with what is in use, adopted when somebody says so.

Between the two a document waits at its reader's desk, already read: what is shown is what is adopted.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from portal.importing.documents import (
    read_calendar,
    read_stack,
    shipped_calendars,
    shipped_policies,
)
from portal.pages.forms import Sent
from scheduler import keys
from scheduler.amendments import CalendarChange, PolicyChange, calendar_change, policy_change
from scheduler.decide.common import World
from scheduler.decide.rejudge import touched
from scheduler.ruleset import RuleSet
from scheduler.states import CalendarsState, PolicyState, VisitState
from scheduler.view import NeedCells, View
from scheduler.workdays import WorkCalendar
from schemas.calendars import Calendar
from schemas.commands import AdoptCalendar, AdoptPolicy
from schemas.envelope import Actor, Entry
from schemas.objections import Objection
from schemas.policy import Policy
from streams.desk import Desk, Kept
from streams.history import History
from streams.ports import Clock
from streams.queries import Queries

STACK: Final = TypeAdapter(tuple[Policy, ...])
_MOST: Final = 5
_LONGEST: Final = 60  # letters of a policy's name
CALENDAR, POLICY = "calendar", "policy"


@dataclass(frozen=True, slots=True)
class Edition:
    """A stack of policies as it was adopted: which number it has, when, by whom."""

    number: int
    entry: Entry
    layers: tuple[Policy, ...]

    @property
    def said(self) -> str:
        """The layers with their versions, lowest first."""
        return " < ".join(f"{layer.policy} v{layer.version}" for layer in self.layers)


def calendars_at_hand(state: CalendarsState) -> tuple[str, ...]:
    """Return the years whose shipped calendar is not in use."""
    known = {calendar.year for calendar in state.calendars}
    return tuple(p.stem for p in shipped_calendars() if int(p.stem) not in known)


def policies_at_hand() -> tuple[str, ...]:
    """Return the names of the shipped policies."""
    return tuple(path.stem for path in shipped_policies())


async def keep_calendar(
    desk: Desk, actor: Actor, clock: Clock, *, sent: Sent | None, shipped: str
) -> str:
    """Read a calendar, sent or shipped, and keep it; return under which id.

    Raises:
        BadFile: If it is none.
    """
    found = await asyncio.to_thread(_calendar, sent, shipped)
    body = found.model_dump_json().encode()
    return await _keep(desk, actor, clock, CALENDAR, str(found.year), body)


async def keep_policy(
    desk: Desk, actor: Actor, clock: Clock, *, sent: Sent | None, shipped: str
) -> str:
    """Read a stack of policies, its top layer sent or shipped, and keep it; return under which id.

    Raises:
        BadFile: If a layer is missing or none.
    """
    found = await asyncio.to_thread(_stack, sent, shipped)
    return await _keep(desk, actor, clock, POLICY, found[-1].policy, STACK.dump_json(found))


def _calendar(sent: Sent | None, shipped: str) -> Calendar:
    if sent is None:
        return read_calendar(Path(f"{Path(shipped).name}.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calendar.yaml"
        path.write_bytes(sent.body)
        return read_calendar(path)


def _stack(sent: Sent | None, shipped: str) -> tuple[Policy, ...]:
    if sent is None:
        return read_stack([Path(shipped).name])
    with tempfile.TemporaryDirectory() as folder:
        # A policy has the name of its file; nothing else of what was sent becomes a path.
        stem = re.sub(r"[^A-Za-z0-9._-]", "-", Path(Path(sent.name).name).stem)[:_LONGEST]
        path = Path(folder) / f"{stem or 'policy'}.yaml"
        path.write_bytes(sent.body)
        return read_stack([str(path)])


async def _keep(desk: Desk, actor: Actor, clock: Clock, kind: str, title: str, body: bytes) -> str:  # noqa: PLR0917 - the parts of what is kept
    id_ = secrets.token_hex(16)
    await desk.keep(Kept(kind, id_, actor.id, title, body, clock.now()), most=_MOST)
    return id_


async def kept_calendar(desk: Desk, actor: Actor, id_: str) -> AdoptCalendar | None:
    """Return the command that adopts a kept calendar."""
    kept = await desk.find(CALENDAR, id_)
    if kept is None or kept.owner != actor.id:
        return None
    return AdoptCalendar(calendar=Calendar.model_validate_json(kept.body))


async def kept_policy(desk: Desk, actor: Actor, id_: str) -> AdoptPolicy | None:
    """Return the command that adopts a kept stack."""
    kept = await desk.find(POLICY, id_)
    if kept is None or kept.owner != actor.id:
        return None
    return AdoptPolicy(layers=STACK.validate_json(kept.body))


@dataclass(frozen=True, slots=True)
class InUse:
    """What is in use: rules and calendars."""

    policy: PolicyState | None
    calendars: CalendarsState

    @property
    def rules(self) -> RuleSet | None:
        """The rules in use, if any."""
        return RuleSet.of(self.policy) if self.policy else None

    def calendar(self, new: Calendar) -> CalendarChange:
        """Compare a calendar with the one in use."""
        return calendar_change(self.calendars.calendars, new, self.rules)

    def stack(self, new: tuple[Policy, ...]) -> PolicyChange:
        """Compare a stack with the one in use."""
        return policy_change(self.policy.layers if self.policy else (), new)

    def world(self, *, calendar: Calendar | None = None, stack: tuple[Policy, ...] = ()) -> World:
        """Return the world as it would be.

        Raises:
            BadStack: If the policies are no stack.
        """
        layers = stack or (self.policy.layers if self.policy else ())
        known = (*self.calendars.calendars, *([calendar] if calendar else []))
        return World(RuleSet(layers), WorkCalendar(known))


async def in_use(queries: Queries) -> InUse:
    """Read what is in use."""
    policy = await queries.get(PolicyState, keys.POLICY)
    calendars = await queries.get(CalendarsState, keys.CALENDARS)
    return InUse(policy, calendars or CalendarsState())


async def visits_touched(
    queries: Queries, world: World, today: date
) -> Mapping[VisitState, tuple[Objection, ...]]:
    """Return the published visits ahead that rules and calendar of a world would not admit."""
    found = await queries.find("visit", status="published")
    visits = {state.id: state for _, state in found if state.line.day >= today}
    cells: dict[str, Any] = {}
    while True:
        try:
            against = touched(visits.values(), View(cells), world)
        except NeedCells as need:
            known = await queries.get_many(need.keys)
            cells |= {key: known.get(key) for key in need.keys}
            continue
        return {visits[id_]: said for id_, said in against.items()}


async def editions(history: History) -> tuple[Edition, ...]:
    """Return all stacks that were ever adopted, the newest first."""
    bodies = await history.of([keys.POLICY])
    entries = [Entry.model_validate_json(body) for body in bodies]
    found = [
        Edition(n, entry, STACK.validate_python(entry.data["layers"]))
        for n, entry in enumerate(entries, start=1)
    ]
    return tuple(reversed(found))
