"""Visits outside the month's plan: for cause, escalated, in an emergency, on an enterprise's call."""

from __future__ import annotations

from scheduler import caps, keys
from scheduler.cases import Case
from scheduler.decide import presences
from scheduler.decide.codes import code_for
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    case_of,
    met,
    open_request,
    opened,
    own_or_office,
    request_matter,
    visit_matter,
    world,
    wrong_state,
)
from scheduler.decide.presences import Sheet
from scheduler.identity import derived
from scheduler.judge import judge
from scheduler.refusals import objection
from scheduler.states import RequestState, RequestStatus, TallyState, VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from scheduler.workdays import CalendarMissing
from schemas import events as e
from schemas.commands import ArrangeVisit
from schemas.events import Event
from schemas.lanes import Lane
from schemas.visits import Filing, Part, PlanLine

_ARRANGED = "cn.wurao.visit.arranged.v1"
_PLACED = "cn.wurao.request.placed.v1"
_FILED_LATER = frozenset({Lane.ESCALATED, Lane.EMERGENCY})
_NOTHING = TallyState()
_WAITING = (RequestStatus.ACCEPTED, RequestStatus.UNDECIDED)


def arrange(command: ArrangeVisit, context: Context, view: View) -> Decision:
    """Arrange an approved visit on a day of its own; an emergency acts first, approved later."""
    state = open_request(view, command.request)
    stream = keys.request(state.id)
    own_or_office(context, stream, state.request.department)
    at = world(view, stream)
    case = case_of(view, state.request, at)
    _may_arrange(case, context, state, stream)
    _day_may_be(command, case, context, state, at)
    line = _line(command, context, state, _judged(command, case, state, view, at))
    sheet = Sheet(view)
    presences.load(view, line, line.parts)
    for key in state.held:
        sheet.add(key, reserved=-1)
    presences.hold(sheet, line, line.parts[0])
    return _stands(line, state, context, at, sheet)


def _may_arrange(case: Case, context: Context, state: RequestState, stream: str) -> None:
    """Refuse what waits for the month's plan, and what nobody approved or called for."""
    lane = state.request.lane
    if lane is Lane.ROUTINE and case.bound:
        raise Refusal(stream, objection("wrong-lane", lane=lane.value))
    if state.status not in _WAITING:
        raise wrong_state(stream, state.status.value, *_WAITING)
    if lane is Lane.ON_CALL and not state.confirmed:
        raise Refusal(stream, objection("not-confirmed", enterprise=state.request.enterprise))
    if lane is not Lane.EMERGENCY and not state.approved:
        raise Refusal(stream, objection("not-approved", needed=", ".join(state.approvals_needed)))


def _day_may_be(
    command: ArrangeVisit, case: Case, context: Context, state: RequestState, at: World
) -> None:
    """Refuse a day that has passed, that nobody asked for, or whose year has no calendar.

    An emergency knows no calendar and is told afterwards. It acts at once: only an approved one can
    be for a later day, or the lane would be a way around every approval.

    Raises:
    ------
    Refusal
        With the day.
    CalendarMissing
        If the city plans a day in a year without an official calendar.
    """
    stream, day, emergency = (
        keys.request(state.id),
        command.day,
        case.request.lane is Lane.EMERGENCY,
    )
    if not emergency and day < context.today:
        raise Refusal(stream, objection("window-past", day=str(day)))
    if emergency and day > context.today and not state.approved:
        raise Refusal(stream, objection("not-approved", needed=", ".join(state.approvals_needed)))
    # A check that found no day may be put on any that the rules, or who may lift them, allow.
    late = day > case.last_day and state.status is not RequestStatus.UNDECIDED
    if day < case.first_day or late:
        raise Refusal(stream, objection("outside-window", request=state.id, day=str(day)))
    if case.bound and not emergency and not at.calendar.official(day.year):
        raise CalendarMissing(day.year)


def _judged(
    command: ArrangeVisit, case: Case, state: RequestState, view: View, at: World
) -> tuple[caps.CapUse, ...]:
    """Judge the visit on its day, and return the units that it takes.

    The unit that it reserved at intake stands for the one it takes, and a unit that another visit
    of that day holds already is not taken anew. An emergency without approval takes more than it is
    judged by.
    """
    day, department = command.day, state.request.department
    uses = caps.uses(case, day, at.rules)
    units = {u.key: keys.unit(u.key, department, state.request.enterprise, day) for u in uses}
    view.need(*units, *units.values(), *map(keys.lifted, units), *state.held)
    found = {key: view.find(TallyState, unit) or _NOTHING for key, unit in units.items()}
    tallies = {key: _against(key, state, view) for key, unit in found.items() if unit == _NOTHING}
    verdict = judge(
        case,
        day,
        at.rules,
        lifted=state.lifted,
        tallies=tallies,
        held=state.held,
    )
    if not verdict.stands:
        raise Refusal(keys.request(state.id), *verdict.binding)
    return uses if state.approved else caps.uses_unconfirmed(case, day, at.rules)


def _against(cap: str, state: RequestState, view: View) -> TallyState:
    """Return what counts under a cap against this request."""
    tally = view.find(TallyState, cap) or _NOTHING
    above = keys.lifted(cap)
    if cap not in state.held or above in state.held:
        return tally
    return caps.below_limit(tally, view.find(TallyState, above) or _NOTHING)


def _taken(uses: tuple[caps.CapUse, ...], state: RequestState) -> tuple[str, ...]:
    """Return the keys in which the visit holds a unit, those above a lifted limit apart as well."""
    above = (keys.lifted(use.key) for use in uses if use.rule.code in state.lifted)
    return (*(use.key for use in uses), *above)


def _line(
    command: ArrangeVisit, context: Context, state: RequestState, uses: tuple[caps.CapUse, ...]
) -> PlanLine:
    """Return the visit as a line. What is exempt takes nothing of the capacity that plans share."""
    request = state.request
    part = Part(
        department=request.department,
        requests=(state.id,),
        items=request.items,
        units=0 if request.lane.exempt else request.duration,
        caps=_taken(uses, state),
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


def _stands(
    line: PlanLine, state: RequestState, context: Context, at: World, sheet: Sheet
) -> Decision:
    """Return the visit's events; an emergency that nobody approved yet has its code at once."""
    stream, matter = keys.visit(line.visit), request_matter(state)
    visit = VisitState(
        id=line.visit,
        line=line,
        lane=state.request.lane,
        status=VisitStatus.PUBLISHED,
        exempt=_exempt(state) if state.request.lane.exempt else None,
        approvals=state.approvals,
        approval_to_follow=not state.approved,
        filing=_filing(line, state, context),
    )
    arranged = e.VisitArranged(
        line=line,
        lane=visit.lane,
        exempt=visit.exempt,
        filing=visit.filing,
        approvals=visit.approvals,
        approval_to_follow=visit.approval_to_follow,
        tally=sheet.take(),
        opens=opened(at, _ARRANGED, context, visit_matter(visit)),
    )
    meets = (*met(at, _PLACED, matter), *met(at, _ARRANGED, matter))
    placed = e.RequestPlaced(visit=line.visit, day=line.day, meets=meets)
    events: list[tuple[str, Event]] = [(stream, arranged), (matter.stream, placed)]
    if visit.approval_to_follow:
        events.append((stream, e.CodeIssued(code=code_for(visit, context, at))))
    return accept(stream, *events)


def _filing(line: PlanLine, state: RequestState, context: Context) -> Filing | None:
    """What is neither escalated nor an emergency is filed by being arranged here."""
    if state.request.lane in _FILED_LATER:
        return None
    return Filing(number=f"A-{line.visit}", at=context.occurred, by=context.actor.id)


def _exempt(state: RequestState) -> str:
    cause = state.request.cause
    return cause.ground.value if cause else state.request.lane.value
