"""Publication: the draft is audited again against the ledger, under locks, and then stands.

Reservations move from the requests to the planned days. One breach refuses the whole publication
with the list of what changed since the draft, so that nobody publishes half a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler import caps, gates, keys
from scheduler.capacities import capacity_on
from scheduler.decide import presences
from scheduler.decide.common import Refusal, World, accept, case_keys, case_of, met, opened, world
from scheduler.decide.plans import declined
from scheduler.decide.presences import Sheet
from scheduler.refusals import objection
from scheduler.states import DraftState, MonthState, RequestState, RequestStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import PublishPlan
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.lanes import Lane, Purpose
from schemas.objections import Objection
from schemas.plans import Unplaced, UnplacedCause
from schemas.visits import Approval, Filing, Part, PlanLine

_PUBLISHED = "cn.wurao.plan.published.v1"
_UNDECIDED = "cn.wurao.request.undecided.v1"


@dataclass(slots=True)
class _Publication:
    """What publishing has gathered so far."""

    context: Context
    view: View
    at: World
    month: str
    sheet: Sheet
    events: list[tuple[str, Event]] = field(default_factory=list)
    breaches: list[Objection] = field(default_factory=list)
    limits: dict[str, tuple[int, str]] = field(default_factory=dict)
    placed: int = 0
    unplaced: int = 0


def publish(command: PublishPlan, context: Context, view: View) -> Decision:
    """Publish the newest draft of a month: its visits stand, its requests have their days."""
    stream = keys.month(command.month)
    if context.actor.role is not ActorRole.SCHEDULER:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    at = world(view, stream)
    draft = _newest_draft(command, context, view)
    _load(draft, view, at)
    work = _Publication(context, view, at, command.month, Sheet(view))
    for number, line in enumerate(draft.body.lines, start=1):
        _publish_line(work, line, number)
    for unplaced in draft.body.unplaced:
        _leave_out(work, unplaced)
    _check_limits(work, draft)
    if work.breaches:
        raise Refusal(stream, *work.breaches[:50])
    entries = sum(isinstance(event, e.VisitPublished) for _, event in work.events)
    published = e.PlanPublished(
        month=command.month,
        version=command.version,
        worth=draft.body.worth,
        snapshot=draft.body.snapshot,
        entries=entries,
        placed=work.placed,
        unplaced=work.unplaced,
        meets=met(at, _PUBLISHED, context, [stream], lane=Lane.ROUTINE, purpose=Purpose.INSPECTION),
    )
    return accept(stream, *work.events, (stream, published))


def _newest_draft(command: PublishPlan, context: Context, view: View) -> DraftState:
    stream, key = keys.month(command.month), keys.draft(command.month, command.version)
    view.need(stream, key)
    state, draft = view.find(MonthState, stream), view.find(DraftState, key)
    if state is None or draft is None or state.drafted != command.version:
        newest = state.drafted if state else 0
        raise Refusal(stream, objection("version-stale", version=command.version, newest=newest))
    if state.published:
        raise Refusal(stream, objection("already-published", month=command.month))
    against = declined(draft)
    if against:
        raise Refusal(stream, objection("answers-declined", number=len(against)))
    answered = {(a.department, a.visit) for a in draft.answers}
    silent = any(
        (part.department, line.visit) not in answered
        for line in draft.body.lines
        for part in line.parts
    )
    if silent and context.today <= draft.answer_by:
        raise Refusal(stream, objection("answers-open", day=str(draft.answer_by)))
    return draft


def _load(draft: DraftState, view: View, at: World) -> None:
    """Ask for every cell of the month at once, in three rounds instead of one per line."""
    ids = [r for line in draft.body.lines for part in line.parts for r in part.requests]
    ids += [unplaced.request for unplaced in draft.body.unplaced]
    view.need(*map(keys.request, ids))
    states = [s for id_ in ids if (s := view.find(RequestState, keys.request(id_)))]
    view.need(*{key for s in states for key in case_keys(s.request)})
    tallies = {key for s in states for key in s.held}
    for line in draft.body.lines:
        for part in line.parts:
            tallies.update(presences.part_keys(part, line.enterprise, line.day))
            tallies.add(keys.capacity(part.department, line.day))
            for id_ in part.requests:
                state = view.find(RequestState, keys.request(id_))
                if state is not None:
                    case = case_of(view, state.request, at)
                    tallies.update(use.key for use in caps.uses(case, line.day, at.rules))
    view.need(*tallies)


def _publish_line(work: _Publication, line: PlanLine, number: int) -> None:
    parts, approvals, lanes, grounds = [], [], [], []
    for part in line.parts:
        kept = _approved_part(work, part, line)
        if kept is None:
            continue
        part_now, states = kept
        parts.append(part_now)
        for state in states:
            approvals += [a for a in state.approvals if a not in approvals]
            lanes.append(state.request.lane)
            if state.request.cause is not None:
                grounds.append(state.request.cause.ground.value)
    if parts:
        _stand(work, line, number, tuple(parts), tuple(approvals), lanes, grounds)


def _approved_part(
    work: _Publication, part: Part, line: PlanLine
) -> tuple[Part, list[RequestState]] | None:
    """Return a part with its approved requests and the caps it will hold; judge each on its day."""
    states: list[RequestState] = []
    held: dict[str, None] = {}
    for id_ in part.requests:
        state = work.view.find(RequestState, keys.request(id_))
        if state is None or state.status is not RequestStatus.ACCEPTED:
            work.breaches.append(objection("request-gone", request=id_, number=1))
        elif not state.approved:
            _leave_out(work, _not_approved(state, work.month))
        else:
            states.append(state)
            held.update(dict.fromkeys(_judge(work, state, line)))
    if not states:
        return None
    items = tuple(sorted({item for state in states for item in state.request.items}))
    units = sum(state.request.duration for state in states)
    requests = tuple(state.id for state in states)
    update = {"requests": requests, "items": items, "units": units, "caps": tuple(held)}
    return part.model_copy(update=update), states


def _judge(work: _Publication, state: RequestState, line: PlanLine) -> list[str]:
    """Judge a request on its planned day; return the cap keys in which it counts there."""
    case = case_of(work.view, state.request, work.at)
    if line.day > case.last_day or line.day < case.first_day:
        work.breaches.append(objection("outside-window", request=state.id, day=str(line.day)))
    binding = [o for o in gates.on_day(case, line.day, work.at.rules) if o.rule not in state.lifted]
    if case.bound:
        work.breaches += binding
    uses = caps.uses(case, line.day, work.at.rules)
    for use in uses:
        if case.bound and use.rule.binding and use.rule.code not in state.lifted:
            work.limits[use.key] = (use.limit, use.rule.code)
    for key in state.held:
        work.sheet.add(key, reserved=-1)
    return [use.key for use in uses]


def _stand(  # noqa: PLR0917 - the parts of one visit, named where it is called
    work: _Publication,
    line: PlanLine,
    number: int,
    parts: tuple[Part, ...],
    approvals: tuple[Approval, ...],
    lanes: list[Lane],
    grounds: list[str],
) -> None:
    for part in parts:
        presences.hold(work.sheet, part, line.enterprise, line.day)
    counted = [lane for lane in lanes if not lane.exempt]
    lead = line.lead if any(p.department == line.lead for p in parts) else parts[0].department
    published = e.VisitPublished(
        line=line.model_copy(update={"parts": parts, "lead": lead}),
        lane=counted[0] if counted else lanes[0],
        exempt=None if counted else (grounds[0] if grounds else lanes[0].value),
        month=work.month,
        filing=Filing(
            number=f"{work.month}-{number:05d}", at=work.context.occurred, by=work.context.actor.id
        ),
        approvals=approvals,
        tally=work.sheet.take(),
    )
    work.events.append((keys.visit(line.visit), published))
    for part in parts:
        for id_ in part.requests:
            work.events.append((keys.request(id_), e.RequestPlaced(visit=line.visit, day=line.day)))
            work.placed += 1


def _not_approved(state: RequestState, month: str) -> Unplaced:
    return Unplaced(
        request=state.id,
        department=state.request.department,
        cause=UnplacedCause.NOT_APPROVED,
        carried=keys.month_of(state.request.window.last) > month,
        must=state.request.lane is Lane.STATUTORY,
    )


def _leave_out(work: _Publication, unplaced: Unplaced) -> None:
    """Record a request without a day: carried on, to be decided by a person, or unplaced."""
    stream = keys.request(unplaced.request)
    state = work.view.find(RequestState, stream)
    if state is None or state.status is not RequestStatus.ACCEPTED:
        work.breaches.append(objection("request-gone", request=unplaced.request, number=1))
        return
    event: Event
    if unplaced.carried:
        event = e.RequestCarried(month=work.month, unplaced=unplaced)
    elif unplaced.must:
        clocks = opened(
            work.at,
            _UNDECIDED,
            work.context,
            stream,
            lane=state.request.lane,
            purpose=state.request.purpose,
            departments=[unplaced.department],
        )
        event = e.StatutoryUndecided(
            month=work.month,
            unplaced=unplaced,
            decider=f"head/{unplaced.department}",
            opens=clocks,
        )
        work.unplaced += 1
    else:
        for key in state.held:
            work.sheet.add(key, reserved=-1)
        event = e.RequestUnplaced(month=work.month, unplaced=unplaced, tally=work.sheet.take())
        work.unplaced += 1
    work.events.append((stream, event))


def _check_limits(work: _Publication, draft: DraftState) -> None:
    """After all moves: no cap above its limit, no department-day above its capacity."""
    for key, (limit, rule) in work.limits.items():
        total = work.sheet.total(key)
        if total > limit:
            work.breaches.append(
                objection("cap-exceeded", rule=rule, key=key, limit=limit, total=total)
            )
    pairs = {(p.department, line.day) for line in draft.body.lines for p in line.parts}
    visiting = work.at.rules.visiting_days(work.month, work.at.calendar)
    for department, day in sorted(pairs):
        units = capacity_on(work.view, department, day, visiting)
        load = work.sheet.total(keys.department_day(department, day))
        if units is not None and load > units:
            work.breaches.append(
                objection(
                    "capacity-exceeded",
                    department=department,
                    day=str(day),
                    limit=units,
                    total=load,
                )
            )
