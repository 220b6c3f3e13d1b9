"""派员. A department names who comes, and in which half-day they meet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from scheduler import gates, keys
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    case_of,
    known_visit,
    open_request,
    own_or_office,
    world,
)
from scheduler.decide.presences import Sheet
from scheduler.decide.teams import drawn_team
from scheduler.refusals import objection
from scheduler.states import DrawState, TallyState, VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import StaffVisit
from schemas.objections import Objection
from schemas.registry import Officer
from schemas.tallies import TallyChange
from schemas.visits import Part


def staff(command: StaffVisit, context: Context, view: View) -> Decision:
    """Name a department's officers: licensed, not recused, nowhere else in that half-day.

    Naming again replaces the team, also on the day itself, until somebody has entered.
    """
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    stream = keys.visit(visit.id)
    own_or_office(context, stream, command.department)
    part = _own_part(command, visit, stream)
    at = world(view, stream)
    view.need(*map(keys.officer, command.officers), *map(keys.request, part.requests))
    against = (
        *_against(command, visit, part, view, at),
        *_too_many(command, visit, at),
        *_busy(command, visit, part, view),
    )
    if against:
        raise Refusal(stream, *against)
    event = e.VisitStaffed(
        department=command.department,
        officers=command.officers,
        half=command.half,
        tally=_bookings(command, visit, part, view),
    )
    return accept(stream, (stream, event))


def _own_part(command: StaffVisit, visit: VisitState, stream: str) -> Part:
    part = next((p for p in visit.line.parts if p.department == command.department), None)
    if part is None:
        raise Refusal(stream, objection("department-not-due", department=command.department))
    if not command.officers:
        raise Refusal(stream, objection("team-missing", department=command.department))
    others = [p for p in visit.line.parts if p.officers and p.department != command.department]
    if others and visit.line.half is not command.half:
        half = visit.line.half.value if visit.line.half else "-"
        raise Refusal(stream, objection("other-half-day", half=half))
    return part


def _against(
    command: StaffVisit, visit: VisitState, part: Part, view: View, at: World
) -> list[Objection]:
    """Return what stands against these people, whatever else they do that day."""
    officers = {id_: view.find(Officer, keys.officer(id_)) for id_ in command.officers}
    known = [officer for officer in officers.values() if officer is not None]
    twice = sorted({id_ for id_ in command.officers if command.officers.count(id_) > 1})
    recused = [o.id for o in known if visit.line.enterprise in o.recused_from]
    strange = [o.id for o in known if o.department != command.department]
    return [
        *(objection("unknown-officer", officer=id_) for id_, o in officers.items() if o is None),
        *(objection("officer-twice", officer=id_) for id_ in twice),
        *(objection("officer-recused", officer=id_) for id_ in recused),
        *(objection("officer-not-yours", officer=id_) for id_ in strange),
        *against_team(visit, part, known, view, at),
    ]


def _too_many(command: StaffVisit, visit: VisitState, at: World) -> list[Objection]:
    """Object to a team with which more people would come than one visit may have."""
    others = [p for p in visit.line.parts if p.department != command.department]
    number = len(command.officers) + sum(len(part.officers) for part in others)
    most = at.rules.max_people
    if most is None or number <= most:
        return []
    return [objection("too-many-people", visit=visit.id, limit=most, number=number)]


def against_team(
    visit: VisitState, part: Part, officers: Collection[Officer], view: View, at: World
) -> list[Objection]:
    """Return what the rules of the day have against these officers as a department's team."""
    found: list[Objection] = []
    for id_ in part.requests:
        asked = open_request(view, id_).request
        case = case_of(view, asked, at)
        if asked.draw is not None:
            draw = view.find(DrawState, keys.draw(asked.draw))
            case = replace(case, drawn=drawn_team(asked, draw))
        team = gates.for_team(case, officers, visit.line.day, at.rules) if case.bound else ()
        found += [against for against in team if against not in found]
    return found


def _busy(command: StaffVisit, visit: VisitState, part: Part, view: View) -> list[Objection]:
    new = _newly_booked(command, visit, part)
    booked = {o: keys.officer_half(o, visit.line.day, command.half) for o in new}
    view.need(*booked.values())
    return [
        objection("officer-busy", officer=officer, day=str(visit.line.day), half=command.half.value)
        for officer, key in booked.items()
        if (view.find(TallyState, key) or TallyState()) != TallyState()
    ]


def _newly_booked(command: StaffVisit, visit: VisitState, part: Part) -> tuple[str, ...]:
    kept = part.officers if visit.line.half is command.half else ()
    return tuple(o for o in dict.fromkeys(command.officers) if o not in kept)


def _bookings(
    command: StaffVisit, visit: VisitState, part: Part, view: View
) -> tuple[TallyChange, ...]:
    sheet = Sheet(view)
    for officer in _newly_booked(command, visit, part):
        sheet.add(keys.officer_half(officer, visit.line.day, command.half), reserved=1)
    moved = visit.line.half is not command.half
    for officer in part.officers:
        if visit.line.half and (moved or officer not in command.officers):
            sheet.add(keys.officer_half(officer, visit.line.day, visit.line.half), reserved=-1)
    return sheet.take()
