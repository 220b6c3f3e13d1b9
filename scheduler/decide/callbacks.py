"""差评回访: the office calls; the department hears with consent alone, and through a second person."""

from __future__ import annotations

from scheduler import keys
from scheduler.callbacks import CallbackState
from scheduler.clocks import started, stopped
from scheduler.decide.common import Refusal, accept, known_visit, of_office, world, wrong_state
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.states import DeadlineState, TallyState, VisitState
from scheduler.view import Context, Decision, View
from schemas import callback_commands as c
from schemas.base import Sealed
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.events import callbacks as e
from schemas.registry import Officer
from schemas.tallies import TallyChange
from schemas.visits import Grade

_POOR = frozenset({Grade.POOR, Grade.VERY_POOR})
_FORWARDED = "cn.wurao.callback.forwarded.v1"
_ANSWERED = "cn.wurao.callback.answered.v1"


def record(command: c.RecordCallback, context: Context, view: View) -> Decision:
    """Put a call on record. One callback for a visit, however often somebody has to call."""
    visit = known_visit(view, command.visit)
    if not of_office(context) and context.actor.role is not ActorRole.HOTLINE:
        raise Refusal("-", objection("role-not-asked", role=context.actor.role.value))
    if visit.rating is None or visit.rating.grade not in _POOR:
        raise Refusal("-", objection("not-rated-badly"))
    stream, first = _callback_of(command, context, view)
    note = command.note if isinstance(command.note, Sealed) else None
    recorded = e.CallbackRecorded(
        visit=visit.id,
        reached=command.reached,
        consent=command.consent,
        note=note,
        tally=(TallyChange(key=keys.called_back(visit.id), used=1),) if first else (),
    )
    if not command.consent:
        return accept(stream, (stream, recorded))
    forwarded = _forwarded(command, visit, stream, context, view)
    return accept(stream, (stream, recorded), (stream, forwarded))


def _callback_of(command: c.RecordCallback, context: Context, view: View) -> tuple[str, bool]:
    """Return the stream of a visit's callback, and whether this is the first call."""
    tally = view.find(TallyState, keys.called_back(command.visit))
    if command.callback is None:
        if tally is not None and tally.used:
            raise Refusal("-", objection("already-recorded"))
        return keys.callback(derived(context.source, context.id, "callback")), True
    state, stream = _known(command.callback, view)
    if state.visit != command.visit:
        raise Refusal(stream, objection("unknown-callback", callback=command.callback))
    if state.to is not None or state.finding is not None:
        raise wrong_state(stream, "forwarded" if state.to else "closed", "open")
    return stream, False


def _forwarded(
    command: c.RecordCallback, visit: VisitState, stream: str, context: Context, view: View
) -> Event:
    """Return the event that passes on what was said, to somebody who was not there."""
    if not command.reached or command.to is None or command.passed_on is None:
        raise Refusal(stream, objection("reason-missing"))
    officer = view.find(Officer, keys.officer(command.to))
    came = {id_ for part in visit.line.parts for id_ in part.officers}
    if officer is None or officer.department not in visit.line.departments or officer.id in came:
        raise Refusal(stream, objection("second-person", officer=command.to))
    rules, home = world(view, stream).rules, officer.department
    return e.CallbackForwarded(
        department=home,
        to=officer.id,
        passed_on=command.passed_on,
        opens=started(rules, context.today, _FORWARDED, stream, home),
    )


def answer(command: c.AnswerCallback, context: Context, view: View) -> Decision:
    """Take the answer of the second person, and of nobody else in the department."""
    state, stream = _known(command.callback, view)
    if state.to is None or context.actor.id != state.to or context.actor.of != state.department:
        raise Refusal(stream, objection("unknown-callback", callback=command.callback))
    if state.answer is not None:
        raise Refusal(stream, objection("already-recorded"))
    ends = stopped(world(view, stream).rules, _ANSWERED, stream)
    return accept(stream, (stream, e.CallbackAnswered(text=command.text, meets=ends)))


def close(command: c.CloseCallback, context: Context, view: View) -> Decision:
    """Close above the department: after its answer or its time, where it was asked."""
    state, stream = _known(command.callback, view)
    if not of_office(context) and context.actor.role is not ActorRole.LEADER:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    if state.finding is not None:
        raise wrong_state(stream, "closed", "open")
    if not state.settled:
        raise Refusal(stream, objection("not-reached", calls=len(state.calls)))
    if state.to is not None and state.answer is None and not _over(stream, context, view):
        raise Refusal(stream, objection("word-missing", department=state.department or ""))
    event = e.CallbackClosed(finding=command.finding, reason=command.reason)
    return accept(stream, (stream, event))


def _over(stream: str, context: Context, view: View) -> bool:
    """Tell whether the department's time to answer is certain and over."""
    at = world(view, stream)
    found = [view.find(DeadlineState, id_) for id_ in stopped(at.rules, _ANSWERED, stream)]
    for clock in (each for each in found if each is not None and each.status == "open"):
        due = at.calendar.due(clock.since, clock.working_days)
        if due.provisional or context.recorded_on <= due.day:
            return False
    return True


def _known(id_: str, view: View) -> tuple[CallbackState, str]:
    stream = keys.callback(id_)
    state = view.find(CallbackState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-callback", callback=id_))
    return state, stream
