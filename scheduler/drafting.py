"""The planner's solution put into the words of a plan: lines, leads, reasons and ways out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import assert_never

from scheduler.identity import derived
from scheduler.planner import plan
from scheduler.planner import reasons as r
from scheduler.planner.anchors import levels
from scheduler.planner.plan import Solution, Visit, lead_of
from scheduler.planner.problem import Ask, Problem
from scheduler.planning import Snapshot, fingerprint, last_month
from scheduler.replanning import Standing
from scheduler.states import RequestState
from schemas.lanes import Purpose, Remedy
from schemas.plans import (
    AnswerKind,
    CapPrice,
    Certificate,
    DayPrice,
    DayReason,
    LeftOver,
    Level,
    Making,
    PlanBody,
    Proof,
    Unplaced,
    UnplacedCause,
    WayOut,
    Worth,
)
from schemas.visits import Part, PlanLine


def plan_body(
    snapshot: Snapshot,
    problem: Problem,
    solution: Solution,
    *,
    seed: int,
    solver: str,
    making: Making | None = None,
    standing: Standing | None = None,
) -> PlanBody:
    """Return the plan that a solution stands for.

    ``solver`` names the engine and its version, ``making`` what else a rerun must know. A revision
    starts from what is ``standing``, and a visit that goes on is named as it was.
    """
    asks = {ask.id: ask for ask in problem.asks}
    worth = Worth(
        objective=solution.objective,
        bound=solution.bound,
        entries=len(solution.visits),
        entries_bound=solution.entries_bound,
        levels=tuple(
            Level(name=level.name.replace("_", "-"), value=level.value, bound=level.bound)
            for level in (
                levels(problem, solution, standing.anchors) if standing else solution.levels
            )
        ),
        seed=seed,
        step=solution.step,
        solver=solver,
    )
    lines = lines_of(snapshot, asks, solution.visits, standing)
    return PlanBody(
        lines=lines,
        unplaced=unplaced_of(snapshot, asks, solution.unplaced, lines),
        worth=worth,
        snapshot=fingerprint(problem),
        making=making,
        certificate=_certificate(solution.certificate),
    )


def lines_of(
    snapshot: Snapshot,
    asks: Mapping[str, Ask],
    visits: Sequence[Visit],
    standing: Standing | None = None,
) -> tuple[PlanLine, ...]:
    """Return visits as the lines of a plan, each under its id."""
    names = visit_ids(snapshot.month, visits, standing)
    pairs = zip(visits, names, strict=True)
    return tuple(_line(snapshot, visit, name, asks) for visit, name in pairs)


def unplaced_of(
    snapshot: Snapshot,
    asks: Mapping[str, Ask],
    left: Iterable[r.Unplaced],
    lines: Iterable[PlanLine],
) -> tuple[Unplaced, ...]:
    """Return those without a day, with reasons and ways out, beside the lines that they could join."""
    states = {state.id: state for state in snapshot.requests}
    days = {(line.enterprise, line.day): line.visit for line in lines}
    return tuple(_unplaced(snapshot, u, asks[u.ask], states[u.ask], days) for u in left)


def _certificate(found: plan.Certificate) -> Certificate:
    return Certificate(
        kind=Proof(found.kind),
        prices=tuple(
            DayPrice(department=toll.department, day=toll.day, micro=toll.micro)
            for toll in found.tolls
        ),
        caps=tuple(CapPrice(cap=budget.cap, micro=budget.micro) for budget in found.budgets),
        left_over=tuple(
            LeftOver(department=short.department, least=short.least, micro=short.micro)
            for short in found.shortfalls
        ),
    )


def visit_ids(
    month: str, visits: Sequence[Visit], standing: Standing | None = None
) -> tuple[str, ...]:
    """Return the ids of planned visits.

    A visit that stands with most of the same requests on its day goes on under its id; a new one
    of a revision has an id that no plan before had, not even for a visit that was called off.
    """
    if standing is None:
        return tuple(visit_id(month, visit) for visit in visits)
    at = {id_: v for v in standing.visits for part in v.line.parts for id_ in part.requests}
    taken: set[str] = set()
    names: list[str] = []
    for visit in visits:
        here = [v for id_ in visit.asks if (v := at.get(id_)) is not None]
        votes = Counter(v.id for v in here if v.line.day == visit.day and v.id not in taken)
        best = min(votes, key=lambda id_: (-votes[id_], id_), default=None)
        names.append(best or _new_id(month, visit, standing.version))
        taken.add(names[-1])
    return tuple(names)


def _new_id(month: str, visit: Visit, base: int) -> str:
    return derived("plan", month, visit.enterprise, visit.day, visit.party, f"after-{base}")


def visit_id(month: str, visit: Visit) -> str:
    """Return the id of a planned visit: the same in every draft that has this visit."""
    return derived("plan", month, visit.enterprise, visit.day, visit.party)


def _line(snapshot: Snapshot, visit: Visit, name: str, asks: Mapping[str, Ask]) -> PlanLine:
    own = [asks[id_] for id_ in visit.asks]
    purpose, kind, *_ = visit.party.split("/")
    return PlanLine(
        visit=name,
        enterprise=visit.enterprise,
        day=visit.day,
        lead=_lead(snapshot, visit, own),
        parts=tuple(_part(department, own) for department in visit.departments),
        announced=kind == "announced",
        purpose=Purpose(purpose),
    )


def _lead(snapshot: Snapshot, visit: Visit, own: list[Ask]) -> str:
    """Return who leads: by the planner's rule, among those who did not decline to lead here."""
    unwilling = {
        no.answer.department
        for no in snapshot.declined
        if no.answer.kind is AnswerKind.DECLINE_LEAD and no.line.enterprise == visit.enterprise
    }
    willing = [ask for ask in own if ask.department not in unwilling]
    return lead_of(willing or own)


def _part(department: str, own: list[Ask]) -> Part:
    asks = [ask for ask in own if ask.department == department]
    return Part(
        department=department,
        requests=tuple(ask.id for ask in asks),
        items=tuple(sorted({item for ask in asks for item in ask.items})),
        units=sum(ask.duration for ask in asks),
    )


def _unplaced(
    snapshot: Snapshot,
    unplaced: r.Unplaced,
    ask: Ask,
    state: RequestState,
    visits: Mapping[tuple[str, date], str],
) -> Unplaced:
    days = tuple(_reason(obstacle, snapshot) for obstacle in unplaced.obstacles)
    causes = [day.cause for day in days]
    return Unplaced(
        request=ask.id,
        department=ask.department,
        cause=_main(causes),
        carried=last_month(state.request) > snapshot.month,
        must=ask.must,
        days=days,
        ways_out=tuple(_way(way, ask, visits) for way in unplaced.ways),
    )


def _main(causes: list[UnplacedCause]) -> UnplacedCause:
    """Return the cause to show first: what more room would free, before what a rule closes."""
    order = (
        UnplacedCause.CAPACITY,
        UnplacedCause.CAP,
        UnplacedCause.DECLINED,
        UnplacedCause.CLOSED_DAY,
    )
    return next((cause for cause in order if cause in causes), UnplacedCause.WINDOW)


def _reason(obstacle: r.Obstacle, snapshot: Snapshot) -> DayReason:
    match obstacle:
        case r.WindowEmpty():
            first = date.fromisoformat(f"{snapshot.month}-01")
            return DayReason(day=first, cause=UnplacedCause.WINDOW)
        case r.DayClosed(day=day, rule=rule):
            cause = UnplacedCause.DECLINED if rule == "declined" else UnplacedCause.CLOSED_DAY
            return DayReason(day=day, cause=cause, rule=rule)
        case r.PinnedElsewhere(day=day, pinned=_):
            return DayReason(day=day, cause=UnplacedCause.CLOSED_DAY, rule="pinned")
        case r.CapExhausted(day=day, code=code, key=_, room=room):
            return DayReason(day=day, cause=UnplacedCause.CAP, rule=code, limit=max(0, room))
        case r.VisitFull(day=day, departments=departments):
            return DayReason(
                day=day, cause=UnplacedCause.CAP, rule="max-departments", limit=len(departments)
            )
        case r.CapacityFull(day=day, department=_, load=load, units=units):
            return DayReason(day=day, cause=UnplacedCause.CAPACITY, load=load, limit=units)
        case _:
            assert_never(obstacle)


def _way(way: r.WayOut, ask: Ask, visits: Mapping[tuple[str, date], str]) -> WayOut:
    match way:
        case r.OffSite():
            return WayOut(remedy=Remedy.OFF_SITE)
        case r.JoinVisit(day=day, departments=_):
            return WayOut(
                remedy=Remedy.JOIN_VISIT, day=day, visit=visits.get((ask.enterprise, day))
            )
        case r.AnotherWeek():
            return WayOut(remedy=Remedy.NEXT_WEEK)
        case r.Drop():
            return WayOut(remedy=Remedy.DROP)
        case r.Escalate(rules=_) | r.NamedDecision():
            return WayOut(remedy=Remedy.ESCALATE)
        case _:
            assert_never(way)
