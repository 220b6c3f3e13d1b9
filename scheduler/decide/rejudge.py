"""A visit judged again on a later occasion, by the rules of its day as known by then."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide.common import World, case_of, open_request
from scheduler.judge import judge
from scheduler.states import VisitState
from scheduler.view import View
from schemas.objections import Objection


def breaches(visit: VisitState, view: View, at: World) -> tuple[Objection, ...]:
    """Return what now stands against a visit whose caps are already held."""
    ids = [id_ for part in visit.line.parts for id_ in part.requests]
    view.need(*map(keys.request, ids))
    found: list[Objection] = []
    for id_ in ids:
        state = open_request(view, id_)
        verdict = judge(
            case_of(view, state.request, at), visit.line.day, at.rules, lifted=state.lifted
        )
        found += [o for o in verdict.binding if o not in found]
    return tuple(found)
