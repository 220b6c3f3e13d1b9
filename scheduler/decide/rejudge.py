"""A visit judged again on a later occasion, by the rules of its day as known by then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scheduler import caps, keys
from scheduler.cases import Case
from scheduler.decide.common import World, case_of, open_request
from scheduler.decide.staffing import against_team
from scheduler.judge import judge
from scheduler.refusals import by_rule
from scheduler.states import RequestState, TallyState, VisitState, VisitStatus
from scheduler.view import View
from schemas.objections import Objection
from schemas.registry import Officer
from schemas.visits import Part


def breaches(visit: VisitState, view: View, at: World) -> tuple[Objection, ...]:
    """Return what now stands against a visit, its officers included; its caps are held already."""
    found: list[Objection] = []
    for part in visit.line.parts:
        for state in _requests(part, view):
            case = case_of(view, state.request, at)
            verdict = judge(case, visit.line.day, at.rules, lifted=state.lifted)
            found += [o for o in verdict.binding if o not in found]
        if part.officers:
            view.need(*map(keys.officer, part.officers))
            team = [view.find(Officer, keys.officer(id_)) for id_ in part.officers]
            known = [officer for officer in team if officer is not None]
            found += [o for o in against_team(visit, part, known, view, at) if o not in found]
    return tuple(found)


def touched(
    visits: Iterable[VisitState], view: View, at: World
) -> Mapping[str, tuple[Objection, ...]]:
    """Return the published visits that the rules of ``at`` would not admit, with what they say.

    For a change of policy or calendar: ask before it is adopted, or after. Nothing is called off by
    it; people decide what becomes of each visit.
    """
    found = {
        visit.id: (*breaches(visit, view, at), *_above(visit, view, at))
        for visit in visits
        if visit.status is VisitStatus.PUBLISHED
    }
    return {id_: against for id_, against in found.items() if against}


def _above(visit: VisitState, view: View, at: World) -> tuple[Objection, ...]:
    """Return the caps that more units are taken of than the rules now allow."""
    found: dict[str, Objection] = {}
    for part in visit.line.parts:
        for state in _requests(part, view):
            for use in _counted(case_of(view, state.request, at), visit, state, at):
                tally = _within(use.key, view)
                if tally.used + tally.reserved > use.limit:
                    numbers = {"limit": use.limit, "used": tally.used, "reserved": tally.reserved}
                    found[use.key] = by_rule(use.rule, use.key, **numbers)
    return tuple(found.values())


def _within(cap: str, view: View) -> TallyState:
    above = view.find(TallyState, keys.lifted(cap)) or TallyState()
    return caps.below_limit(view.find(TallyState, cap) or TallyState(), above)


def _counted(
    case: Case, visit: VisitState, state: RequestState, at: World
) -> tuple[caps.CapUse, ...]:
    if not case.bound:
        return ()
    uses = caps.uses(case, visit.line.day, at.rules)
    return tuple(u for u in uses if u.rule.binding and u.rule.code not in state.lifted)


def _requests(part: Part, view: View) -> list[RequestState]:
    view.need(*map(keys.request, part.requests))
    return [open_request(view, id_) for id_ in part.requests]
