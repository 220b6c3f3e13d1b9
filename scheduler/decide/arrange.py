"""Visits outside the month's plan, and 派员: who comes, in which half-day."""

from __future__ import annotations

from scheduler import caps, gates, keys
from scheduler.cases import Case
from scheduler.decide import presences
from scheduler.decide.codes import code_for
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    case_of,
    known_visit,
    met,
    open_request,
    opened,
    world,
)
from scheduler.decide.presences import Sheet
from scheduler.identity import derived
from scheduler.judge import judge
from scheduler.refusals import objection
from scheduler.states import RequestState, RequestStatus, TallyState, VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import ArrangeVisit, StaffVisit
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.lanes import Lane
from schemas.objections import Objection
from schemas.registry import Officer
from schemas.tallies import TallyChange
from schemas.visits import Filing, Part, PlanLine

_ARRANGED = "cn.wurao.visit.arranged.v1"
_PLACED = "cn.wurao.request.placed.v1"
_FILED_LATER = frozenset({Lane.ESCALATED, Lane.EMERGENCY})


def arrange(command: ArrangeVisit, context: Context, view: View) -> Decision:
    """Arrange an approved visit on a day of its own; an emergency acts first, approved later."""
    state = open_request(view, command.request)
    stream = keys.request(state.id)
    at = world(view, stream)
    _may_arrange(command, context, state, stream)
    case = case_of(view, state.request, at)
    uses = _judged(command, case, state, view, at)
    visit = _line(command, context, state, uses)
    sheet = Sheet(view)
    for key in state.held:
        sheet.add(key, reserved=-1)
    presences.hold(sheet, visit.parts[0], visit.enterprise, visit.day)
    arranged = _event(visit, state, context, at, sheet)
    events: list[tuple[str, Event]] = [
        (keys.visit(visit.visit), arranged),
        (stream, _placed(visit, state, context, at)),
    ]
    if arranged.approval_to_follow:
        events.append((keys.visit(visit.visit), _code_at_once(arranged, context, at)))
    return accept(keys.visit(visit.visit), *events)


def _may_arrange(command: ArrangeVisit, context: Context, state: RequestState, stream: str) -> None:
    request = state.request
    office = context.actor.role in {ActorRole.SCHEDULER, ActorRole.ADMIN}
    if context.actor.of != request.department and not office:
        raise Refusal(stream, objection("not-your-department", department=request.department))
    if request.lane is Lane.ROUTINE:
        raise Refusal(stream, objection("wrong-lane", lane=request.lane.value))
    if state.status not in {RequestStatus.ACCEPTED, RequestStatus.UNDECIDED}:
        raise Refusal(
            stream,
            objection(
                "wrong-state", status=state.status.value, needed=RequestStatus.ACCEPTED.value
            ),
        )
    if request.lane is Lane.EMERGENCY:
        return
    if not state.approved:
        raise Refusal(stream, objection("not-approved", needed=", ".join(state.approvals_needed)))
    if request.lane is Lane.ON_CALL and not state.confirmed:
        raise Refusal(stream, objection("not-confirmed", enterprise=request.enterprise))
    if command.day < context.today:
        raise Refusal(stream, objection("window-past", day=str(command.day)))


def _judged(
    command: ArrangeVisit, case: Case, state: RequestState, view: View, at: World
) -> tuple[caps.CapUse, ...]:
    """Judge the visit on its day; the unit it reserved at intake stands for the one it takes."""
    stream = keys.request(state.id)
    if not case.first_day <= command.day <= case.last_day:
        raise Refusal(stream, objection("outside-window", request=state.id, day=str(command.day)))
    uses = caps.uses(case, command.day, at.rules)
    view.need(*(use.key for use in uses), *state.held)
    tallies = {use.key: view.find(TallyState, use.key) or TallyState() for use in uses}
    verdict = judge(
        case, command.day, at.rules, lifted=state.lifted, tallies=tallies, held=state.held
    )
    if not verdict.stands:
        raise Refusal(stream, *verdict.binding)
    return uses


def _line(
    command: ArrangeVisit, context: Context, state: RequestState, uses: tuple[caps.CapUse, ...]
) -> PlanLine:
    request = state.request
    part = Part(
        department=request.department,
        requests=(state.id,),
        items=request.items,
        units=request.duration,
        caps=tuple(use.key for use in uses),
    )
    return PlanLine(
        visit=derived(context.source, context.id, "visit"),
        enterprise=request.enterprise,
        day=command.day,
        half=command.half,
        lead=request.department,
        parts=(part,),
        announced=request.announced,
        purpose=request.purpose,
    )


def _event(
    line: PlanLine, state: RequestState, context: Context, at: World, sheet: Sheet
) -> e.VisitArranged:
    request = state.request
    filed = request.lane not in _FILED_LATER
    return e.VisitArranged(
        line=line,
        lane=request.lane,
        exempt=_exempt(state) if request.lane.exempt else None,
        filing=Filing(number=f"A-{line.visit}", at=context.occurred, by=context.actor.id)
        if filed
        else None,
        approvals=state.approvals,
        approval_to_follow=not state.approved,
        tally=sheet.take(),
        opens=opened(
            at,
            _ARRANGED,
            context,
            keys.visit(line.visit),
            lane=request.lane,
            purpose=request.purpose,
            departments=[request.department],
        ),
    )


def _placed(line: PlanLine, state: RequestState, context: Context, at: World) -> e.RequestPlaced:
    request, stream = state.request, keys.request(state.id)
    meets = met(at, _PLACED, context, [stream], lane=request.lane, purpose=request.purpose)
    return e.RequestPlaced(visit=line.visit, day=line.day, meets=meets)


def _exempt(state: RequestState) -> str:
    cause = state.request.cause
    return cause.ground.value if cause else state.request.lane.value


def _code_at_once(arranged: e.VisitArranged, context: Context, at: World) -> Event:
    visit = VisitState(
        id=arranged.line.visit,
        line=arranged.line,
        lane=arranged.lane,
        status=VisitStatus.PUBLISHED,
        approval_to_follow=arranged.approval_to_follow,
    )
    return e.CodeIssued(code=code_for(visit, context, at))


def staff(command: StaffVisit, context: Context, view: View) -> Decision:
    """Name a department's officers: licensed, not recused, nowhere else in that half-day.

    Naming again replaces the team, also on the day itself, until somebody has entered.
    """
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    stream = keys.visit(visit.id)
    part = _own_part(command, context, visit)
    at = world(view, stream)
    view.need(*map(keys.officer, command.officers), *map(keys.request, part.requests))
    against = _against_team(command, visit, part, view, at)
    if against:
        raise Refusal(stream, *against)
    event = e.VisitStaffed(
        department=command.department,
        officers=command.officers,
        half=command.half,
        tally=_bookings(command, visit, part, view),
    )
    return accept(stream, (stream, event))


def _own_part(command: StaffVisit, context: Context, visit: VisitState) -> Part:
    stream = keys.visit(visit.id)
    if context.actor.of != command.department and context.actor.role is not ActorRole.SCHEDULER:
        raise Refusal(stream, objection("not-your-department", department=command.department))
    part = next((p for p in visit.line.parts if p.department == command.department), None)
    if part is None:
        raise Refusal(stream, objection("department-not-due", department=command.department))
    others = [p for p in visit.line.parts if p.officers and p.department != command.department]
    if others and visit.line.half is not command.half:
        half = visit.line.half.value if visit.line.half else "-"
        raise Refusal(stream, objection("other-half-day", half=half))
    return part


def _against_team(
    command: StaffVisit, visit: VisitState, part: Part, view: View, at: World
) -> tuple[Objection, ...]:
    officers = [view.find(Officer, keys.officer(id_)) for id_ in command.officers]
    known = [officer for officer in officers if officer is not None]
    found = [
        objection("unknown-officer", officer=id_)
        for id_, officer in zip(command.officers, officers, strict=True)
        if officer is None
    ]
    twice = sorted({id_ for id_ in command.officers if command.officers.count(id_) > 1})
    found += [objection("officer-twice", officer=id_) for id_ in twice]
    found += [
        objection("officer-recused", officer=o.id)
        for o in known
        if visit.line.enterprise in o.recused_from
    ]
    found += [
        objection("officer-not-yours", officer=o.id)
        for o in known
        if o.department != command.department
    ]
    request = open_request(view, part.requests[0]).request
    case = case_of(view, request, at)
    found += gates.for_team(case, known, visit.line.day, at.rules)
    return (*found, *_busy(command, visit, part, view))


def _busy(command: StaffVisit, visit: VisitState, part: Part, view: View) -> tuple[Objection, ...]:
    new = _newly_booked(command, visit, part)
    booked = {o: keys.officer_half(o, visit.line.day, command.half) for o in new}
    view.need(*booked.values())
    return tuple(
        objection("officer-busy", officer=officer, day=str(visit.line.day), half=command.half.value)
        for officer, key in booked.items()
        if (view.find(TallyState, key) or TallyState()).reserved
    )


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
