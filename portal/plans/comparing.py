"""Two versions of a month's plan side by side, and what a change of circumstances would be worth."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.plans.crew import at_once
from portal.plans.explaining import Explained, UnknownPlanError
from portal.plans.planning import Prepared
from scheduler import keys
from scheduler.planner import difference as d
from scheduler.planner.anchors import attached
from scheduler.planner.limits import Limits
from scheduler.planner.plan import Solution
from scheduler.planner.problem import Problem
from scheduler.planner.solve import solve
from scheduler.planner.variations import Variation, varied, worth
from scheduler.planning import compile_problem
from scheduler.states import DraftState
from schemas.base import Frozen
from schemas.plans import PlanBody, Unplaced
from streams.queries import Queries


class MoveView(Frozen):
    """A request whose day is another one; no day stands for being left out."""

    request: str
    enterprise: str
    department: str
    before: date | None
    after: date | None


class VisitAt(Frozen):
    """A visit of a plan: where, when, and of which kind."""

    enterprise: str
    day: date
    party: str


class RegroupView(Frozen):
    """Visits that were merged into one, or one that was split, with the requests in them."""

    enterprise: str
    before: tuple[date, ...]
    after: tuple[date, ...]
    requests: tuple[str, ...]


class WorthView(Frozen):
    """How good a plan is."""

    objective: int
    bound: int
    entries: int
    unplaced: int


class DiffView(Frozen):
    """What differs between two versions of a month's plan.

    A request with another day is in one of ``moved``, ``placed`` and ``unplaced``; one that only the
    later or only the earlier version knows in ``added`` or ``dropped``.
    """

    month: str
    before: int
    after: int
    worth_before: WorthView | None
    worth_after: WorthView | None
    moved: tuple[MoveView, ...]
    placed: tuple[MoveView, ...]
    unplaced: tuple[MoveView, ...]
    added: tuple[MoveView, ...]
    dropped: tuple[MoveView, ...]
    opened: tuple[VisitAt, ...] = ()
    closed: tuple[VisitAt, ...] = ()
    merged: tuple[RegroupView, ...] = ()
    split: tuple[RegroupView, ...] = ()

    def of(self, department: str) -> DiffView:
        """Return what of it concerns one department's requests; how good plans are is the office's."""

        def own(moves: tuple[MoveView, ...]) -> tuple[MoveView, ...]:
            return tuple(move for move in moves if move.department == department)

        nothing: dict[str, object] = {"opened": (), "closed": (), "merged": (), "split": ()}
        nothing |= {"worth_before": None, "worth_after": None}
        lists = {
            "moved": own(self.moved),
            "placed": own(self.placed),
            "unplaced": own(self.unplaced),
            "added": own(self.added),
            "dropped": own(self.dropped),
        }
        return self.model_copy(update={**lists, **nothing})


async def difference_of(queries: Queries, month: str, before: int, after: int) -> DiffView:
    """Compare two versions of a month's plan.

    Raises:
        UnknownPlanError: If one of them does not exist.
    """
    old, new = [await _body(queries, month, version) for version in (before, after)]
    homes = await _enterprises(queries, [*old.unplaced, *new.unplaced])
    found = d.difference(_standing(old, homes), _standing(new, homes))
    return DiffView(
        month=month,
        before=before,
        after=after,
        worth_before=_worth(old),
        worth_after=_worth(new),
        moved=_moves(found.moved),
        placed=_moves(found.placed),
        unplaced=_moves(found.unplaced),
        added=_moves(found.added),
        dropped=_moves(found.dropped),
        opened=_visits(found.opened),
        closed=_visits(found.closed),
        merged=_regrouped(found.merged),
        split=_regrouped(found.split),
    )


async def _body(queries: Queries, month: str, version: int) -> PlanBody:
    draft = await queries.get(DraftState, keys.draft(month, version))
    if draft is None:
        msg = f"{month} 没有第 {version} 版 / there is no version {version} of {month}"
        raise UnknownPlanError(msg)
    return draft.body


async def _enterprises(queries: Queries, unplaced: Iterable[Unplaced]) -> dict[str, str]:
    ids = sorted({one.request for one in unplaced})
    states = await queries.get_many([keys.request(id_) for id_ in ids])
    return {state.id: state.request.enterprise for state in states.values()}


def _standing(body: PlanBody, homes: dict[str, str]) -> list[d.Standing]:
    placed = [
        d.Standing(
            ask=request,
            enterprise=line.enterprise,
            party=f"{line.purpose.value}/{'announced' if line.announced else 'unannounced'}",
            department=part.department,
            day=line.day,
        )
        for line in body.lines
        for part in line.parts
        for request in part.requests
    ]
    left = [
        d.Standing(
            ask=one.request,
            enterprise=homes.get(one.request, ""),
            party="",
            department=one.department,
            day=None,
        )
        for one in body.unplaced
    ]
    return [*placed, *left]


def _worth(body: PlanBody) -> WorthView:
    worth_ = body.worth
    return WorthView(
        objective=worth_.objective,
        bound=worth_.bound,
        entries=len(body.lines),
        unplaced=len(body.unplaced),
    )


def _moves(changes: Iterable[d.Change]) -> tuple[MoveView, ...]:
    return tuple(
        MoveView(
            request=c.ask,
            enterprise=c.enterprise,
            department=c.department,
            before=c.before,
            after=c.after,
        )
        for c in changes
    )


def _visits(visits: Iterable[d.Where]) -> tuple[VisitAt, ...]:
    return tuple(VisitAt(enterprise=e, day=day, party=party) for e, day, party in visits)


def _regrouped(found: Iterable[d.Regrouped]) -> tuple[RegroupView, ...]:
    return tuple(
        RegroupView(enterprise=g.enterprise, before=g.before, after=g.after, requests=g.asks)
        for g in found
    )


class WhatIfView(Frozen):
    """A month planned twice by the same search: as it is, and with something changed.

    ``found`` points are saved by these two plans. The best plan with the change is better than the
    best without it by at least ``least`` and at most ``most``; where both were proven best the three
    are one.
    """

    month: str
    before: WorthView
    after: WorthView
    found: int
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be tried: changes of the problem, and days opened to routine visits."""

    variations: Sequence[Variation] = ()
    opened: frozenset[date] = frozenset()


async def what_if(found: Explained, change: Change, limits: Limits | None = None) -> WhatIfView:
    """Plan a plan's problem with and without a change.

    Raises:
        UnknownVariationError: If the change is of something that the problem does not have.
    """
    changed = varied(_opened(found.prepared, change.opened), change.variations)
    limits = limits or Limits()
    before, after = await asyncio.to_thread(_both, found.prepared.problem, changed, limits)
    value = worth(before, after)
    return WhatIfView(
        month=found.month,
        before=_solved(before),
        after=_solved(after),
        found=value.found,
        least=value.least,
        most=value.most,
    )


def _opened(prepared: Prepared, days: frozenset[date]) -> Problem:
    if not days:
        return prepared.problem
    problem = compile_problem(replace(prepared.snapshot, opened=days))
    return attached(problem, prepared.standing.anchors) if prepared.standing else problem


def _both(one: Problem, other: Problem, limits: Limits) -> tuple[Solution, Solution]:
    first = solve(one, limits=limits, crew=at_once)
    return first, solve(other, limits=limits, crew=at_once)


def _solved(solution: Solution) -> WorthView:
    return WorthView(
        objective=solution.objective,
        bound=solution.bound,
        entries=len(solution.visits),
        unplaced=len(solution.unplaced),
    )
