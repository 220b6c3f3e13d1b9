"""Publication: the draft is audited again against the ledger, under locks, and then stands.

Reservations move from the requests to the planned days. One breach refuses the whole publication
with the list of what changed since the draft, so that nobody publishes half a plan. Whatever a
draft says of itself is checked or worked out anew; it is a proposal from outside.
"""

from __future__ import annotations

from scheduler import caps, keys
from scheduler.decide import presences
from scheduler.decide.common import Refusal, World, accept, case_keys, case_of, met, world
from scheduler.decide.lines import Kept, Publication, approved_parts, leave_out
from scheduler.decide.plans import declined, plan_matter
from scheduler.refusals import objection
from scheduler.states import DraftState, MonthState, RequestState, VisitState
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import PublishPlan
from schemas.envelope import ActorRole
from schemas.lanes import Lane
from schemas.visits import Approval, Filing, PlanLine

_PUBLISHED = "cn.wurao.plan.published.v1"
_MOST_TOLD = 50
"""Breaches named in one refusal; more would not be read."""


def publish(command: PublishPlan, context: Context, view: View) -> Decision:
    """Publish the newest draft of a month: its visits stand, its requests have their days."""
    stream = keys.month(command.month)
    if context.actor.role is not ActorRole.SCHEDULER:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    at = world(view, stream)
    draft = _newest_draft(command, context, view)
    _load(draft, view, at)
    work = Publication(context, view, at, command.month)
    for number, line in enumerate(draft.body.lines, start=1):
        _publish_line(work, line, number)
    for unplaced in draft.body.unplaced:
        leave_out(work, unplaced)
    work.check_limits()
    if work.breaches:
        raise Refusal(stream, *work.breaches[:_MOST_TOLD])
    published = e.PlanPublished(
        month=command.month,
        version=command.version,
        worth=draft.body.worth,
        snapshot=draft.body.snapshot,
        entries=sum(isinstance(event, e.VisitPublished) for _, event in work.events),
        placed=work.placed,
        unplaced=work.unplaced,
        meets=met(at, _PUBLISHED, plan_matter(stream, draft.body)),
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
    if _silent(draft) and context.today <= draft.answer_by:
        raise Refusal(stream, objection("answers-open", day=str(draft.answer_by)))
    return draft


def _silent(draft: DraftState) -> bool:
    """Tell whether some department has not answered for some line yet."""
    answered = {(a.department, a.visit) for a in draft.answers}
    return any(
        (part.department, line.visit) not in answered
        for line in draft.body.lines
        for part in line.parts
    )


def _load(draft: DraftState, view: View, at: World) -> None:
    """Ask for every cell of the month at once, in few rounds instead of one per line."""
    lines = draft.body.lines
    ids = [r for line in lines for part in line.parts for r in part.requests]
    ids += [unplaced.request for unplaced in draft.body.unplaced]
    view.need(*map(keys.request, ids), *(keys.visit(line.visit) for line in lines))
    states = {s.id: s for id_ in ids if (s := view.find(RequestState, keys.request(id_)))}
    departments = {keys.department(p.department) for line in lines for p in line.parts}
    view.need(*departments, *{key for s in states.values() for key in case_keys(s.request)})
    tallies = {key for s in states.values() for key in s.held}
    for line in lines:
        for part in line.parts:
            tallies.add(keys.capacity(part.department, line.day))
            known = [states[id_] for id_ in part.requests if id_ in states]
            cases = [case_of(view, state.request, at) for state in known]
            taken = {use.key for case in cases for use in caps.uses(case, line.day, at.rules)}
            full = part.model_copy(update={"caps": tuple(taken)})
            tallies.update(presences.part_keys(full, line.enterprise, line.day))
    view.need(*tallies)


def _publish_line(work: Publication, line: PlanLine, number: int) -> None:
    if work.view.find(VisitState, keys.visit(line.visit)) is not None or line.visit in work.visits:
        work.breach("plan-breaches", visit=line.visit, field="visit")
    if keys.month_of(line.day) != work.month:
        work.breach("plan-breaches", visit=line.visit, field="day")
    if line.day < work.context.today:
        work.breach("window-past", visit=line.visit, day=str(line.day))
    work.visits.add(line.visit)
    kept = approved_parts(work, line)
    most = work.at.rules.max_departments
    if most is not None and len(kept) > most:
        work.breach("too-many-departments", visit=line.visit, limit=most, number=len(kept))
    if kept:
        _stand(work, line, number, kept)


def _stand(work: Publication, line: PlanLine, number: int, kept: list[Kept]) -> None:
    """Put a visit on the books: what is left of its line, and where its requests now stand."""
    parts = tuple(k.part for k in kept)
    states = [state for k in kept for state in k.states]
    for part in parts:
        presences.hold(work.sheet, line, part)
    lead = line.lead if line.lead in {p.department for p in parts} else _successor(kept)
    lane, exempt = _lane(states)
    number_ = f"{work.month}-{number:05d}"
    published = e.VisitPublished(
        line=line.model_copy(update={"parts": parts, "lead": lead}),
        lane=lane,
        exempt=exempt,
        month=work.month,
        filing=Filing(number=number_, at=work.context.occurred, by=work.context.actor.id),
        approvals=_approvals(states),
        tally=work.sheet.take(),
    )
    work.events.append((keys.visit(line.visit), published))
    for state in states:
        placed = e.RequestPlaced(visit=line.visit, day=line.day)
        work.events.append((keys.request(state.id), placed))
    work.placed += len(states)


def _successor(kept: list[Kept]) -> str:
    """Return who leads when the lead falls out: who must come, then who has most to do."""

    def rank(of: Kept) -> tuple[bool, int, str]:
        must = any(state.request.lane.exempt for state in of.states)
        return (not must, -of.part.units, of.part.department)

    return min(kept, key=rank).part.department


def _lane(states: list[RequestState]) -> tuple[Lane, str | None]:
    """Return the lane of a visit, and why it is counted apart, if all of it is."""
    counted = [state.request.lane for state in states if not state.request.lane.exempt]
    if counted:
        return counted[0], None
    grounds = [s.request.cause.ground.value for s in states if s.request.cause is not None]
    lane = states[0].request.lane
    return lane, grounds[0] if grounds else lane.value


def _approvals(states: list[RequestState]) -> tuple[Approval, ...]:
    given = (approval for state in states for approval in state.approvals)
    return tuple({approval.model_dump_json(): approval for approval in given}.values())
