"""Planning a month: read what its plan depends on, let the planner work, put it into words.

Reading and solving hold no lock. What changed in between is found when the draft is decided and
again, under locks, when it is published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import Any

from scheduler import keys
from scheduler.drafting import plan_body
from scheduler.planner.improve import Watch, keep_going
from scheduler.planner.limits import Limits
from scheduler.planner.solve import solve
from scheduler.planning import (
    Declined,
    Snapshot,
    capacity_keys,
    compile_problem,
    plannable,
    tally_keys,
)
from scheduler.ruleset import RuleSet
from scheduler.states import CalendarsState, DraftState, MonthState, PolicyState, RequestState
from scheduler.workdays import WorkCalendar
from schemas.lanes import Lane
from schemas.plans import AnswerKind, PlanBody
from streams.queries import Queries


class NotReadyError(LookupError):
    """Nothing can be planned yet: no policy or no calendar was adopted."""


async def rules_and_calendar(queries: Queries) -> tuple[RuleSet, WorkCalendar]:
    """Return the rules and the calendar in use.

    Raises:
        NotReadyError: If one of them was not adopted yet.
    """
    policy = await queries.get(PolicyState, keys.POLICY)
    calendars = await queries.get(CalendarsState, keys.CALENDARS)
    if policy is None or calendars is None:
        msg = "尚未启用政策规则包或工作日历 / no policy or no calendar has been adopted"
        raise NotReadyError(msg)
    return RuleSet.of(policy), WorkCalendar(calendars.calendars)


async def snapshot(
    queries: Queries, month: str, earliest: date, pins: Mapping[str, date] | None = None
) -> Snapshot:
    """Read all that a month's plan depends on, as it is committed now.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    rules, calendar = await rules_and_calendar(queries)
    waiting = await queries.find(
        "request", status="accepted", lane=[Lane.ROUTINE.value, Lane.STATUTORY.value]
    )
    requests = tuple(state for _, state in waiting if plannable(state, month))
    empty = Snapshot(
        month=month,
        earliest=earliest,
        rules=rules,
        calendar=calendar,
        requests=requests,
        departments=await _records(queries, "department", requests),
        enterprises=await _records(queries, "enterprise", requests),
        items=await _records(queries, "item", requests),
        declined=await declined(queries, month),
        pins=pins or {},
    )
    return replace(
        empty,
        capacities=await queries.get_many(sorted(capacity_keys(empty))),
        tallies=await queries.get_many(sorted(tally_keys(empty))),
    )


async def _records(
    queries: Queries, kind: str, requests: tuple[RequestState, ...]
) -> dict[str, Any]:
    """Return the register records that requests refer to, by id."""
    ids: set[str] = set()
    for state in requests:
        match kind:
            case "department":
                ids.add(state.request.department)
            case "enterprise":
                ids.add(state.request.enterprise)
            case _:
                ids.update(state.request.items)
    found = await queries.get_many([f"{kind}/{id_}" for id_ in sorted(ids)])
    return {state.id: state for state in found.values()}


async def declined(queries: Queries, month: str) -> tuple[Declined, ...]:
    """Return every no to a line of the month's drafts so far, with the line it was about."""
    state = await queries.get(MonthState, keys.month(month)) or MonthState()
    wanted = [keys.draft(month, n) for n in range(1, state.drafted + 1)]
    drafts: Mapping[str, DraftState] = await queries.get_many(wanted)
    found: list[Declined] = []
    for key in wanted:
        lines = {line.visit: line for line in drafts[key].body.lines}
        latest = {(a.department, a.visit): a for a in drafts[key].answers}
        found += [
            Declined(answer=answer, line=lines[answer.visit])
            for answer in latest.values()
            if answer.kind is not AnswerKind.ACCEPT
        ]
    return tuple(found)


def solved(
    view: Snapshot, *, seed: int = 0, limits: Limits | None = None, watch: Watch = keep_going
) -> PlanBody:
    """Solve a snapshot and return the plan. The same arguments give the same plan."""
    problem = compile_problem(view)
    solution = solve(problem, seed=seed, limits=limits, watch=watch)
    return plan_body(view, problem, solution, seed=seed, solver=f"ortools {version('ortools')}")


async def draft(
    queries: Queries,
    month: str,
    earliest: date,
    *,
    seed: int = 0,
    limits: Limits | None = None,
    watch: Watch = keep_going,
) -> PlanBody:
    """Read and solve a month, the solving in a thread of its own so that others are served."""
    view = await snapshot(queries, month, earliest)
    return await asyncio.to_thread(solved, view, seed=seed, limits=limits, watch=watch)
