"""Planning a month: read what its plan depends on, let the planner work, put it into words.

Reading and solving hold no lock. What changed in between is found when the draft is decided and
again, under locks, when it is published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any, Final

from portal.plans.crew import at_once
from scheduler import keys, replanning
from scheduler.decide.plans import PLANNED
from scheduler.drafting import plan_body
from scheduler.memo import calendar_of, rules_of
from scheduler.planner.limits import Limits
from scheduler.planner.plan import Solution
from scheduler.planner.problem import Problem
from scheduler.planner.progress import Watch, keep_going
from scheduler.planner.solve import solve
from scheduler.planning import (
    Declined,
    Snapshot,
    capacity_keys,
    compile_problem,
    plannable,
    tally_keys,
)
from scheduler.replanning import (
    CHANGE,
    NOTICE,
    Standing,
    compile_revision,
    movable,
    replannable,
)
from scheduler.ruleset import RuleSet
from scheduler.states import (
    CalendarsState,
    DraftState,
    MonthState,
    PolicyState,
    RequestState,
    VisitStatus,
)
from scheduler.workdays import WorkCalendar
from schemas.lanes import Lane
from schemas.plans import AnswerKind, Making, Pin, PlanBody
from streams.queries import Queries

SOLVER: Final = f"wurao {version('wurao')}, ortools {version('ortools')}"
"""The engine, as plans name it: a rerun by another one is not promised to be equal."""


_PLANNED_LANES: Final = (Lane.ROUTINE.value, Lane.STATUTORY.value)


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
    return rules_of(policy), calendar_of(calendars)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be planned.

    ``earliest`` is the first day that can still be planned. ``revise`` plans the published month
    again: each request that leaves its day costs ``change`` points, and nobody new is placed before
    ``notice``. ``hand`` names the version that a person changes instead of a search.
    """

    month: str
    earliest: date
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    pins: Mapping[str, date] = field(default_factory=dict)
    revise: bool = False
    change: int = CHANGE
    notice: date | None = None
    hand: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An order's problem, and what of the ledger it was made from."""

    order: Order
    snapshot: Snapshot
    problem: Problem
    standing: Standing | None = None

    @property
    def making(self) -> Making:
        """What a rerun must know beside the ledger."""
        order = self.order
        return Making(
            earliest=order.earliest,
            steps=order.limits.steps,
            base=self.standing.version if self.standing else 0,
            change=order.change if self.standing else 0,
            notice=order.notice if self.standing else None,
            pins=tuple(Pin(request=id_, day=day) for id_, day in sorted(order.pins.items())),
            hand=order.hand,
        )


async def prepare(queries: Queries, order: Order) -> Prepared:
    """Read all that an order depends on, as it is committed now, and state its problem.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet, or nothing was published to revise.
        ValueError: If the order contradicts itself.
    """
    if not order.revise:
        view = await snapshot(queries, order.month, order.earliest, order.pins)
        return Prepared(order=order, snapshot=view, problem=compile_problem(view))
    standing = await standing_of(queries, order)
    days = standing.days()
    waiting = await queries.find("request", status=[s.value for s in PLANNED], lane=_PLANNED_LANES)
    requests = tuple(s for _, s in waiting if replannable(s, order.month, days))
    taken = await _snapshot(queries, order, requests, replanning.tally_keys(standing.visits))
    view, problem = compile_revision(taken, standing)
    return Prepared(order=order, snapshot=view, problem=problem, standing=standing)


async def standing_of(queries: Queries, order: Order) -> Standing:
    """Return what can still change of the published plan.

    Raises:
        NotReadyError: If none is published.
    """
    state = await queries.get(MonthState, keys.month(order.month)) or MonthState()
    if not state.published:
        msg = f"{order.month} 尚未发布 / {order.month} is not published yet"
        raise NotReadyError(msg)
    published = await queries.find("visit", month=order.month, status=VisitStatus.PUBLISHED.value)
    visits = (visit for _, visit in published)
    return Standing(
        version=state.published,
        visits=tuple(v for v in visits if movable(v, order.month, order.earliest)),
        change=order.change,
        notice=order.notice,
    )


async def snapshot(
    queries: Queries, month: str, earliest: date, pins: Mapping[str, date] | None = None
) -> Snapshot:
    """Read all that a month's first plan depends on, as it is committed now.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    waiting = await queries.find("request", status="accepted", lane=_PLANNED_LANES)
    requests = tuple(state for _, state in waiting if plannable(state, month))
    order = Order(month=month, earliest=earliest, pins=pins or {})
    return await _snapshot(queries, order, requests)


async def _snapshot(
    queries: Queries,
    order: Order,
    requests: tuple[RequestState, ...],
    more: frozenset[str] = frozenset(),
) -> Snapshot:
    rules, calendar = await rules_and_calendar(queries)
    empty = Snapshot(
        month=order.month,
        earliest=order.earliest,
        rules=rules,
        calendar=calendar,
        requests=requests,
        departments=await _records(queries, "department", requests),
        enterprises=await _records(queries, "enterprise", requests),
        items=await _records(queries, "item", requests),
        campaigns=await _records(queries, "campaign", requests),
        declined=await declined(queries, order.month),
        pins=order.pins,
    )
    return replace(
        empty,
        capacities=await queries.get_many(sorted(capacity_keys(empty))),
        tallies=await queries.get_many(sorted(tally_keys(empty) | more)),
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
            case "campaign":
                ids.update(filter(None, (state.request.campaign,)))
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


def solved(prepared: Prepared, *, watch: Watch = keep_going) -> PlanBody:
    """Solve what was prepared and return the plan. The same arguments give the same plan."""
    order = prepared.order
    solution = solve(
        prepared.problem, seed=order.seed, limits=order.limits, watch=watch, crew=at_once
    )
    return written(prepared, solution)


def written(prepared: Prepared, solution: Solution) -> PlanBody:
    """Return the plan that a solution of what was prepared stands for."""
    return plan_body(
        prepared.snapshot,
        prepared.problem,
        solution,
        seed=prepared.order.seed,
        solver=SOLVER,
        making=prepared.making,
        standing=prepared.standing,
    )


async def draft(
    queries: Queries,
    month: str,
    earliest: date,
    *,
    seed: int = 0,
    limits: Limits | None = None,
    watch: Watch = keep_going,
) -> PlanBody:
    """Read and solve a month's first plan."""
    order = Order(month=month, earliest=earliest, seed=seed, limits=limits or Limits())
    return await planned(queries, order, watch=watch)


Search = Callable[..., Awaitable[PlanBody]]
"""`planned`, or what stands for it in a test."""


async def planned(queries: Queries, order: Order, *, watch: Watch = keep_going) -> PlanBody:
    """Read and solve an order, the solving in a thread of its own so that others are served."""
    prepared = await prepare(queries, order)
    return await asyncio.to_thread(solved, prepared, watch=watch)


async def revision(queries: Queries, month: str, today: date, **changes: Any) -> Order:  # noqa: ANN401 - fields of the order
    """Return the order to revise a month from tomorrow on, with notice as it is usual.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    _, calendar = await rules_and_calendar(queries)
    notice = calendar.nth_working_day_after(today, NOTICE)
    order = Order(month=month, earliest=today + timedelta(days=1), revise=True, notice=notice)
    return replace(order, **changes)


def ordered(month: str, body: PlanBody) -> Order:
    """Return the order that a plan was made by, as far as it tells.

    Raises:
        NotReadyError: If it does not tell: it was made before plans did.
    """
    making = body.making
    if making is None:
        msg = "该计划没有记录排程参数 / the plan does not say what it was made with"
        raise NotReadyError(msg)
    return Order(
        month=month,
        earliest=making.earliest,
        seed=body.worth.seed,
        limits=replace(Limits(), steps=making.steps, stop=body.worth.step),
        pins={pin.request: pin.day for pin in making.pins},
        revise=making.base > 0,
        change=making.change,
        notice=making.notice,
        hand=making.hand,
    )
