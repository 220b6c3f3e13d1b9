"""Events answered on a planned problem: the shell around the warm planner, which knows no clock."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import metadata
from pathlib import Path

import numpy as np

from portal.plans.problems import load_plan, load_problem, store_plan, store_problem
from scheduler.exchange.faults import Faults
from scheduler.exchange.generate import Extras, make
from scheduler.exchange.plan import NO_DAY, Plan, no_certificate
from scheduler.exchange.statement import Statement
from scheduler.exchange.verify import Verdict, verify
from scheduler.planner.replan.event_files import Line, kind_of, read_events
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    Choice,
    DayClosed,
    Event,
    Late,
    Limits,
    Unfit,
)
from scheduler.planner.replan.warm import Answer, Warm


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """An answer, the line that asked for it, and the seconds that it took: by the clock, of work."""

    line: Line
    answer: Answer
    seconds: float
    cpu_seconds: float

    @property
    def kind(self) -> str:
        """The event's kind, as the file has it."""
        return kind_of(self.line.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """All answers; the plan in the end, what the checker says of it, and where it lies."""

    answers: tuple[Timed, ...]
    plan: Plan
    verdict: Verdict
    problem_folder: Path
    plan_folder: Path


def replan(problem: Path, plan: Path, events: Path, out: Path, limits: Limits) -> Replanned:
    """Let the events of a file happen, and write the problem and the plan that come of them.

    Raises:
        BadFiles: If files cannot be read, or an event does not fit; then nothing is written.
        BrokenPlan: If the plan breaks a rule of the problem.
        OSError: If a file cannot be read or written.
    """
    statement = load_problem(problem).statement
    lines = read_events(events.name, events.read_bytes(), statement)
    warm = Warm(statement, load_plan(plan, statement), limits)
    rehearse()
    told = tuple(answers(warm, lines, events.name))
    made = {"by": f"wurao {metadata.version('wurao')}"}
    problem_folder, plan_folder = out / "problem", out / "plan"
    digest = store_problem(problem_folder, warm.statement, {**made, "events": len(lines)})
    changed = warm.statement
    found = warm.plan(digest, made)
    verdict = verify(changed, found, digest)
    found = replace(found, bound=verdict.bound.points)
    store_plan(plan_folder, changed, found)
    return Replanned(
        answers=told,
        plan=found,
        verdict=verdict,
        problem_folder=problem_folder,
        plan_folder=plan_folder,
    )


def answers(warm: Warm, lines: Iterable[Line], file: str) -> Iterator[Timed]:
    """Let the events of a file happen one after the other.

    Raises:
        BadFiles: At the first that does not fit the problem as it is then.
    """
    for line in lines:
        clock, work = time.perf_counter(), time.process_time()
        try:
            answer = warm.answer(line.event)
        except Unfit as unfit:
            faults = Faults()
            faults.add(file, line.number, unfit.column, unfit.value, unfit)
            raise faults.error() from None
        yield Timed(
            line=line,
            answer=answer,
            seconds=time.perf_counter() - clock,
            cpu_seconds=time.process_time() - work,
        )


def rehearse() -> None:
    """Answer events of every kind on a small problem, so that all that is compiled is at hand."""
    statement = make(6, 1, 1, tightness=Fraction(2), seed=1, extras=Extras(budget=100))
    warm = Warm(statement, _nothing(statement))
    crowd = statement.enterprises[int(np.bincount(statement.enterprise).argmax())]
    department, cap = statement.departments[0], statement.caps.names[0]
    late = Late(
        request="late",
        enterprise=crowd,
        department=department,
        choices=(Choice(0, 0, 1),),
        caps=(cap,),
    )
    events: tuple[Event, ...] = (
        late,
        CapacityChanged(department=department, day=0, units=20),
        DayClosed(enterprise=crowd, day=0),
        CapacityChanged(department=department, day=0, units=1),
        Cancelled(request="late"),
        CapChanged(cap=cap, room=0),
    )
    for event in events:
        warm.answer(event)


def _nothing(statement: Statement) -> Plan:
    """Return the plan that places nobody."""
    return Plan(
        problem="",
        day=np.full(statement.requests, NO_DAY, np.int32),
        objective=int(statement.leave.sum()),
        bound=0,
        entries=0,
        unplaced=statement.requests,
        seed=0,
        step=0,
        certificate=no_certificate(statement),
    )
