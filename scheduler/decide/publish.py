"""Publication: the draft is audited again against the ledger, under locks, and then stands.

Reservations move from the requests to the planned days. One breach refuses the whole publication
with the list of what changed since the draft, so that nobody publishes half a plan. Whatever a
draft says of itself is checked or worked out anew; it is a proposal from outside.
"""

from __future__ import annotations

from scheduler import caps, keys
from scheduler.decide import presences
from scheduler.decide.common import Refusal, World, accept, case_keys, case_of, met, world
from scheduler.decide.lines import Publication, leave_out
from scheduler.decide.plans import declined, plan_matter
from scheduler.decide.revise import new_lines, revise
from scheduler.decide.standing import publish_line
from scheduler.refusals import objection
from scheduler.states import DraftState, MonthState, RequestState
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import PublishPlan
from schemas.envelope import ActorRole

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
    work = revise(draft, context, view, at) if draft.body.base else _first(draft, context, view, at)
    work.check_limits()
    if work.breaches:
        raise Refusal(stream, *work.breaches[:_MOST_TOLD])
    published = e.PlanPublished(
        month=command.month,
        version=command.version,
        worth=draft.body.worth,
        snapshot=draft.body.snapshot,
        entries=work.entries,
        placed=work.placed,
        unplaced=work.unplaced,
        base=draft.body.base,
        meets=met(at, _PUBLISHED, plan_matter(stream, draft.body)),
    )
    return accept(stream, *work.events, (stream, published))


def _first(draft: DraftState, context: Context, view: View, at: World) -> Publication:
    """Publish a month's first plan."""
    work = Publication(context, view, at, draft.month)
    for number, line in enumerate(draft.body.lines, start=1):
        publish_line(work, line, number)
    for unplaced in draft.body.unplaced:
        leave_out(work, unplaced)
    return work


def _newest_draft(command: PublishPlan, context: Context, view: View) -> DraftState:
    stream, key = keys.month(command.month), keys.draft(command.month, command.version)
    view.need(stream, key)
    state, draft = view.find(MonthState, stream), view.find(DraftState, key)
    if state is None or draft is None or state.drafted != command.version:
        newest = state.drafted if state else 0
        raise Refusal(stream, objection("version-stale", version=command.version, newest=newest))
    if state.published != draft.body.base:
        raise Refusal(stream, objection("already-published", month=command.month))
    against = declined(draft)
    if against:
        raise Refusal(stream, objection("answers-declined", number=len(against)))
    if _silent(draft, view) and context.today <= draft.answer_by:
        raise Refusal(stream, objection("answers-open", day=str(draft.answer_by)))
    return draft


def _silent(draft: DraftState, view: View) -> bool:
    """Tell whether some department has not answered for some line that is new to it."""
    answered = {(a.department, a.visit) for a in draft.answers}
    return any(
        (part.department, line.visit) not in answered
        for line in new_lines(draft, view)
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
