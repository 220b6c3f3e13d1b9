"""月度计划, before publication: requests close, the planner drafts, the departments answer."""

from __future__ import annotations

from datetime import date

from scheduler import keys, timetable
from scheduler.decide.common import Matter, Refusal, accept, opened, world
from scheduler.refusals import objection
from scheduler.states import DraftState, MonthState, RequestState, RequestStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import AnswerPlan, CloseMonth, DraftPlan
from schemas.envelope import ActorRole
from schemas.lanes import Lane, Purpose
from schemas.plans import Answer, AnswerKind, PlanBody

_DRAFTED = "cn.wurao.plan.drafted.v1"
_WAITING = frozenset({RequestStatus.ACCEPTED})
PLANNED = frozenset(
    {
        RequestStatus.ACCEPTED,
        RequestStatus.PLACED,
        RequestStatus.UNPLACED,
        RequestStatus.UNDECIDED,
    }
)
"""Requests that a revision may place: those with a day in the plan, and those that found none."""
_COORDINATION = frozenset({ActorRole.SCHEDULER, ActorRole.TIMER, ActorRole.PLANNER})


def close_month(command: CloseMonth, context: Context, view: View) -> Decision:
    """Close a month's requests, once and not before its date in the timetable."""
    stream = keys.month(command.month)
    _coordinators_only(context, stream)
    at = world(view, stream)
    state = view.find(MonthState, stream) or MonthState()
    if state.closed:
        raise Refusal(stream, objection("month-closed", month=command.month))
    closes = timetable.of_month(command.month, at.rules, at.calendar).requests_close
    if context.today < closes:
        raise Refusal(stream, objection("too-early", day=str(closes)))
    return accept(stream, (stream, e.MonthClosed()))


def _coordinators_only(context: Context, stream: str) -> None:
    if context.actor.role not in _COORDINATION:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))


def draft(command: DraftPlan, context: Context, view: View) -> Decision:
    """Take the planner's draft of a closed month; versions count up by one."""
    stream = keys.month(command.month)
    _coordinators_only(context, stream)
    at = world(view, stream)
    state = view.find(MonthState, stream) or MonthState()
    if not state.closed:
        raise Refusal(stream, objection("month-open", month=command.month))
    _right_base(command, state, stream)
    if command.version != state.drafted + 1:
        raise Refusal(
            stream, objection("version-stale", version=command.version, newest=state.drafted)
        )
    _requests_stand(command.body, view, stream)
    dates = timetable.of_month(command.month, at.rules, at.calendar)
    event = e.PlanDrafted(
        month=command.month,
        version=command.version,
        body=command.body,
        answer_by=_answer_by(dates, context.today),
        opens=opened(at, _DRAFTED, context, plan_matter(stream, command.body)),
    )
    return accept(stream, (stream, event))


def _right_base(command: DraftPlan, state: MonthState, stream: str) -> None:
    """Refuse a first plan of a published month, and a revision of anything but what stands."""
    base = command.body.base
    if base == state.published:
        return
    if state.published and not base:
        raise Refusal(stream, objection("already-published", month=command.month))
    raise Refusal(stream, objection("version-stale", version=base, newest=state.published))


def _answer_by(dates: timetable.MonthDates, today: date) -> date:
    """A redraft after the answers closed stands for the day: only what was declined has moved."""
    return max(dates.answers_close, today)


def plan_matter(stream: str, body: PlanBody) -> Matter:
    """Return the matter of a month's plan; its clocks run for all departments in it."""
    departments = {part.department for line in body.lines for part in line.parts}
    return Matter(stream, Lane.ROUTINE, Purpose.INSPECTION, ",".join(sorted(departments)))


def _requests_stand(body: PlanBody, view: View, stream: str) -> None:
    """Refuse a draft made from requests that were withdrawn, refused or placed since."""
    ids = [r for line in body.lines for part in line.parts for r in part.requests]
    ids += [unplaced.request for unplaced in body.unplaced]
    view.need(*map(keys.request, ids))
    twice = len(ids) - len(set(ids))
    if twice:
        raise Refusal(stream, objection("request-twice", number=twice))
    gone = [
        id_
        for id_ in ids
        if (state := view.find(RequestState, keys.request(id_))) is None
        or state.status not in (PLANNED if body.base else _WAITING)
    ]
    if gone:
        raise Refusal(
            stream, objection("request-gone", request=", ".join(gone[:5]), number=len(gone))
        )


def answer(command: AnswerPlan, context: Context, view: View) -> Decision:
    """Take a department's answers to its own lines while answers are open; silence accepts."""
    stream = keys.draft(command.month, command.version)
    state, month = view.find(DraftState, stream), keys.month(command.month)
    if state is None:
        raise Refusal(
            stream, objection("unknown-plan", month=command.month, version=command.version)
        )
    newest = view.find(MonthState, month) or MonthState()
    if newest.drafted != command.version or newest.published != state.body.base:
        raise Refusal(
            stream, objection("version-stale", version=command.version, newest=newest.drafted)
        )
    if context.today > state.answer_by:
        raise Refusal(stream, objection("answers-closed", day=str(state.answer_by)))
    _own_lines(command, context, state, stream)
    return accept(stream, (stream, e.PlanAnswered(answers=command.answers)))


def _own_lines(command: AnswerPlan, context: Context, state: DraftState, stream: str) -> None:
    lines = {line.visit: line for line in state.body.lines}
    for given in command.answers:
        if context.actor.of != given.department:
            raise Refusal(stream, objection("not-your-department", department=given.department))
        line = lines.get(given.visit)
        if line is None or given.department not in line.departments:
            raise Refusal(stream, objection("unknown-visit", visit=given.visit))
        if given.kind is not AnswerKind.ACCEPT and not given.reason:
            raise Refusal(stream, objection("reason-missing", visit=given.visit))


def standing_answers(state: DraftState) -> dict[tuple[str, str], Answer]:
    """Return each department's last answer to each of its lines."""
    return {(a.department, a.visit): a for a in state.answers}


def declined(state: DraftState) -> tuple[Answer, ...]:
    """Return the answers that stand and are no acceptance."""
    return tuple(a for a in standing_answers(state).values() if a.kind is not AnswerKind.ACCEPT)
