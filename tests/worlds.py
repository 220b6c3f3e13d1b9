"""A small world in memory: commands in, decisions out, cells kept by the fold. No shell, no clock.

    world = World.adopted()
    id_ = world.submit(a_request())
    world.head_approves(id_)

Times are said in the call; whoever is not named is a clerk of the department ``fire``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from typing import Any

import yaml

from portal.resources import deploy_dir
from scheduler import keys
from scheduler.decide import decide
from scheduler.drafting import plan_body
from scheduler.evolve import evolve
from scheduler.planner.limits import Limits
from scheduler.planner.solve import solve
from scheduler.planning import Declined, Snapshot, compile_problem, plannable
from scheduler.ruleset import RuleSet
from scheduler.states import RequestState, TallyState, VisitState
from scheduler.view import Claims, Context, Decision, View
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from schemas.base import CHINA
from schemas.calendars import Calendar
from schemas.commands import Command
from schemas.envelope import Actor, ActorRole
from schemas.events import Event
from schemas.lanes import HalfDay
from schemas.plans import AnswerKind, PlanBody
from schemas.registry import Department, Enterprise, Item
from schemas.visits import Decision as Verdict
from schemas.visits import Request, Role
from tests.builders import (
    a_department,
    a_policy_stack,
    an_enterprise,
    an_item,
    an_officer,
)

NOVEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)
"""A working day before the requests of December 2026 close."""

CLERK = Actor(id="clerk-fire", role=ActorRole.CLERK, of="fire")
HEAD = Actor(id="head-fire", role=ActorRole.HEAD, of="fire")
LEADER = Actor(id="mayor", role=ActorRole.LEADER)
OFFICE = Actor(id="office", role=ActorRole.SCHEDULER)
TIMER = Actor(id="timer", role=ActorRole.TIMER)


@cache
def _calendar(year: int) -> Calendar:
    text = (deploy_dir("calendars") / f"{year}.yaml").read_text(encoding="utf-8")
    return Calendar.model_validate(yaml.safe_load(text))


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day in China."""
    return datetime.combine(day, time(hour), CHINA)


class _Cells(dict[str, Any]):
    """All cells there are; one that is missing exists as ``None``, so nothing is ever unloaded."""

    def __missing__(self, key: str) -> None:
        return None

    def __contains__(self, key: object) -> bool:
        return True


class World:
    """Cells and the log of events that made them."""

    def __init__(self) -> None:
        self.cells = _Cells()
        self.log: list[tuple[str, Event]] = []
        self._count = 0

    @classmethod
    def adopted(
        cls, *, years: tuple[int, ...] = (2025, 2026), policies: tuple[str, ...] = ()
    ) -> World:
        """Return a world with shipped policies, calendars and one department ready to ask."""
        world = cls()
        world.ok(c.AdoptPolicy(layers=a_policy_stack(*policies)), OFFICE)
        for year in years:
            world.ok(c.AdoptCalendar(calendar=_calendar(year)), OFFICE)
        world.with_department(a_department())
        world.ok(c.RegisterEnterprise(enterprise=an_enterprise()), OFFICE)
        return world

    def with_department(self, department: Department, officers: int = 4) -> World:
        """Register a department with one published item and licensed officers."""
        id_ = department.id
        suffix = "" if id_ == "fire" else f"-{id_}"
        self.ok(c.RegisterDepartment(department=department), OFFICE)
        self.ok(c.PublishItem(item=an_item(id=f"item-1{suffix}", department=id_)), OFFICE)
        for number in range(1, officers + 1):
            officer = an_officer(number, id=f"officer-{number}{suffix}", department=id_)
            self.ok(c.RegisterOfficer(officer=officer), OFFICE)
        return self

    def do(
        self,
        command: Command,
        actor: Actor = CLERK,
        when: datetime = NOVEMBER,
        *,
        id_: str | None = None,
        recorded: datetime | None = None,
        claims: Claims | None = None,
    ) -> Decision:
        """Decide a command and fold its events into the cells."""
        self._count += 1
        context = Context(
            source="test",
            id=id_ or f"c{self._count}",
            actor=actor,
            occurred=when,
            recorded=recorded or when,
            claims=claims or Claims(),
        )
        decision = decide(command, context, View(self.cells))
        assert decision.events, "every command leaves at least one event"
        for stream, event in decision.events:
            changed = evolve(self.cells.__getitem__, stream, event, when, context.recorded, actor)
            self.cells.update(changed)
            self.log.append((stream, event))
        return decision

    def ok(
        self,
        command: Command,
        actor: Actor = CLERK,
        when: datetime = NOVEMBER,
        **more: Any,  # noqa: ANN401 - as for ``do``
    ) -> Decision:
        """Decide a command that must be accepted."""
        decision = self.do(command, actor, when, **more)
        assert decision.status == "accepted", [o.rule for o in decision.objections]
        return decision

    def no(
        self,
        command: Command,
        actor: Actor = CLERK,
        when: datetime = NOVEMBER,
        **more: Any,  # noqa: ANN401 - as for ``do``
    ) -> list[str]:
        """Decide a command that must be refused; return the codes of the rules against it."""
        decision = self.do(command, actor, when, **more)
        assert decision.status == "refused"
        return [o.rule for o in decision.objections]

    def submit(self, request: Request, when: datetime = NOVEMBER) -> str:
        """Submit a request that must be accepted; return its id."""
        actor = Actor(id=f"clerk-{request.department}", role=ActorRole.CLERK, of=request.department)
        return self.ok(c.SubmitRequest(request=request), actor, when).about.partition("/")[2]

    def head_approves(self, request: str, when: datetime = NOVEMBER) -> None:
        """Let the head of the department approve a request."""
        home = self.request(request).request.department
        head = Actor(id=f"head-{home}", role=ActorRole.HEAD, of=home)
        command = c.DecideRequest(request=request, role=Role.HEAD, decision=Verdict.APPROVED)
        self.ok(command, head, when)

    def request(self, id_: str) -> RequestState:
        """Return a request's state."""
        state = self.cells[keys.request(id_)]
        assert isinstance(state, RequestState)
        return state

    def visit(self, id_: str) -> VisitState:
        """Return a visit's state."""
        state = self.cells[keys.visit(id_)]
        assert isinstance(state, VisitState)
        return state

    def visits(self) -> list[VisitState]:
        """Return all visits, sorted by id."""
        return [v for _, v in sorted(self.cells.items()) if isinstance(v, VisitState)]

    def tally(self, key: str) -> tuple[int, int]:
        """Return the units reserved and used under a key."""
        state = self.cells[key] or TallyState()
        return state.reserved, state.used

    def of_kind(self, kind: type[Any]) -> Iterator[Any]:
        """Yield the states of a kind."""
        return (state for _, state in sorted(self.cells.items()) if isinstance(state, kind))

    def snapshot(self, month: str, *declined: Declined) -> Snapshot:
        """Return what the month's plan depends on."""
        return Snapshot(
            month=month,
            earliest=date.fromisoformat(f"{month}-01"),
            rules=RuleSet.of(self.cells[keys.POLICY]),
            calendar=WorkCalendar(self.cells[keys.CALENDARS].calendars),
            requests=tuple(s for s in self.of_kind(RequestState) if plannable(s, month)),
            departments={d.id: d for d in self.of_kind(Department)},
            enterprises={e.id: e for e in self.of_kind(Enterprise)},
            items={i.id: i for i in self.of_kind(Item)},
            capacities={k: v for k, v in self.cells.items() if k.startswith("capacity/")},
            tallies={k: v for k, v in self.cells.items() if k.startswith("tally/")},
            declined=declined,
        )

    def body(self, month: str, *declined: Declined) -> PlanBody:
        """Plan a month and return the plan."""
        snapshot = self.snapshot(month, *declined)
        problem = compile_problem(snapshot)
        limits = replace(Limits(), steps=3)
        solution = solve(problem, seed=0, limits=limits)
        return plan_body(snapshot, problem, solution, seed=0, solver="test")

    def draft(self, month: str, when: datetime, version: int = 1, *declined: Declined) -> PlanBody:
        """Close the month where it is open, and draft its plan."""
        if version == 1:
            self.ok(c.CloseMonth(month=month), OFFICE, when)
        body = self.body(month, *declined)
        self.ok(c.DraftPlan(month=month, version=version, body=body), OFFICE, when)
        return body

    def publish(self, month: str, drafted: datetime, published: datetime) -> PlanBody:
        """Draft a month and publish it, every department silent."""
        body = self.draft(month, drafted)
        self.ok(c.PublishPlan(month=month, version=1), OFFICE, published)
        return body

    def staff(self, visit: str, when: datetime, half: HalfDay = HalfDay.MORNING) -> None:
        """Let every department of a visit name its first two officers."""
        for part in self.visit(visit).line.parts:
            home = part.department
            suffix = "" if home == "fire" else f"-{home}"
            team = (f"officer-1{suffix}", f"officer-2{suffix}")
            actor = Actor(id=f"clerk-{home}", role=ActorRole.CLERK, of=home)
            command = c.StaffVisit(visit=visit, department=home, officers=team, half=half)
            self.ok(command, actor, when)

    def enter(self, visit: str, when: datetime) -> None:
        """Scan in with genuine codes, everybody present."""
        state = self.visit(visit)
        assert state.code is not None
        claims = Claims(code=(state.code.serial, visit), gate=state.line.enterprise)
        command = c.ScanIn(
            visit=visit,
            code="genuine",
            gate="genuine",
            departments=state.line.departments,
            officers=tuple(o for part in state.line.parts for o in part.officers),
        )
        self.ok(command, CLERK, when, claims=claims)


__all__ = ["CLERK", "HEAD", "LEADER", "NOVEMBER", "OFFICE", "TIMER", "AnswerKind", "World", "at"]
