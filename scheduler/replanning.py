"""Planning a published month again: what stands may stay, and moving it has its price.

The visits that can still change are taken off the books in thought: their units and caps are free,
their requests wait again. Then the month is planned as it was the first time, except that leaving
its published day costs each request `change` points more, and coming in anew twice as many. So the
bound stays valid for the very objective that is minimised, and with the default no request moves to
spare an entry (10 points): it moves because its day is gone, or because a move or two place one more
request (100 points); and nobody takes the place of one who was promised a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scheduler import caps, keys
from scheduler.cases import Case
from scheduler.decide import presences
from scheduler.decide.presences import Sheet
from scheduler.planner.anchors import Anchors, attached
from scheduler.planner.problem import Problem
from scheduler.planning import Snapshot, compile_problem, last_month, plannable
from scheduler.states import RequestState, RequestStatus, TallyState, VisitState, VisitStatus
from scheduler.view import View
from schemas.lanes import Lane

CHANGE = 20
"""Points for each request that leaves its published day: more than any entry that it could spare."""

NOTICE = 3
"""Working days before which nobody new is sent, so that people can be told and officers be named."""

_TRIED = frozenset({RequestStatus.UNPLACED, RequestStatus.UNDECIDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a revision starts from.

    Parameters
    ----------
    version
        The published version of the plan.
    visits
        Its visits that can still change.
    change
        Points for each request that leaves its day.
    notice
        The first day on which a request may be placed that did not have it; None for any.
    """

    version: int
    visits: tuple[VisitState, ...]
    change: int = CHANGE
    notice: date | None = None

    def days(self) -> dict[str, date]:
        """Return the published day of each request."""
        return {
            id_: visit.line.day
            for visit in self.visits
            for part in visit.line.parts
            for id_ in part.requests
        }

    @property
    def anchors(self) -> Anchors:
        """What holds the new plan to the published one."""
        return Anchors(days=self.days(), change=self.change, notice=self.notice)


def movable(visit: VisitState, month: str, earliest: date) -> bool:
    """Tell whether a visit is the month's plan's, and nobody has set out for it yet."""
    return (
        visit.month == month
        and visit.status is VisitStatus.PUBLISHED
        and visit.line.day >= earliest
    )


def replannable(state: RequestState, month: str, standing: Mapping[str, date]) -> bool:
    """Tell whether a request goes into a revision: it has a day, waits for one, or found none."""
    if state.status is RequestStatus.PLACED:
        return state.id in standing
    if state.status in _TRIED and state.request.lane in {Lane.ROUTINE, Lane.STATUTORY}:
        starts = keys.month_of(state.request.window.first)
        return starts <= month <= last_month(state.request)
    return plannable(state, month)


def tally_keys(visits: Iterable[VisitState]) -> frozenset[str]:
    """Return the keys of the tallies in which visits hold units."""
    return frozenset(
        key
        for visit in visits
        for part in visit.line.parts
        for key in presences.part_keys(part, visit.line.enterprise, visit.line.day)
    )


def compile_revision(snapshot: Snapshot, standing: Standing) -> tuple[Snapshot, Problem]:
    """Return a snapshot as the revision sees it, and the planner's problem.

    Raises:
        ValueError: If the points for a move are too many.
    """
    view = freed(snapshot, standing.visits)
    return view, attached(compile_problem(view), standing.anchors)


def freed(snapshot: Snapshot, visits: Sequence[VisitState]) -> Snapshot:
    """Return the snapshot as if these visits were not on the books and their requests waited.

    Each such request reserves a unit in each of its caps, as it did before it had a day: what is
    planned must not stand in its own way, and a leader's yes to others takes nothing from it.
    ``snapshot.tallies`` hold `tally_keys` of the visits.
    """
    sheet = Sheet(View(_Cells(snapshot.tallies)))
    for visit in visits:
        for part in visit.line.parts:
            presences.release(sheet, visit.line, part.model_copy(update={"officers": ()}))
    days = Standing(version=0, visits=tuple(visits)).days()
    requests: list[RequestState] = []
    for state in snapshot.requests:
        held = _uses(snapshot, state, days[state.id]) if state.id in days else state.held
        for key in held if state.id in days else ():
            sheet.add(key, reserved=1)
        waits = {"status": RequestStatus.ACCEPTED, "held": held, "visit": None, "day": None}
        requests.append(state.model_copy(update=waits))
    touched = {change.key for change in sheet.take()}
    tallies = {**snapshot.tallies, **{key: sheet.now(key) for key in touched}}
    return replace(snapshot, requests=tuple(requests), tallies=tallies)


class _Cells(dict[str, Any]):
    """Tallies by key; one that is missing is empty."""

    def __missing__(self, key: str) -> TallyState | None:
        return None

    def __contains__(self, key: object) -> bool:
        return True


def _uses(snapshot: Snapshot, state: RequestState, day: date) -> tuple[str, ...]:
    request = state.request
    case = Case(
        request=request,
        department=snapshot.departments[request.department],
        enterprise=snapshot.enterprises[request.enterprise],
        items={id_: snapshot.items[id_] for id_ in request.items},
        calendar=snapshot.calendar,
        campaign=snapshot.campaigns.get(request.campaign or ""),
    )
    return tuple(use.key for use in caps.uses(case, day, snapshot.rules))
