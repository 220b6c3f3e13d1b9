"""疑点: only supervisors take up and close; the departments have their word first."""

from __future__ import annotations

from scheduler import keys
from scheduler.alerts.found import alert_id, private
from scheduler.decide import citing
from scheduler.decide.common import Refusal, accept, world, wrong_state
from scheduler.refusals import objection
from scheduler.states import AlertState
from scheduler.view import Context, Decision, View
from schemas import alert_commands as a
from schemas import events as e
from schemas.alerts import DepartmentWord, Handover
from schemas.base import CHINA
from schemas.envelope import ActorRole


def take_up(command: a.TakeUpAlert, context: Context, view: View) -> Decision:
    """Take an alert up, and ask the departments; nobody where the question would tell of a rating."""
    alert = command.alert
    stream = keys.alert(alert.id)
    _supervisors_only(context, stream)
    if alert.id != alert_id(alert.rule, alert.key, alert.entry):
        raise Refusal(stream, objection("alert-differs"))
    if view.find(AlertState, stream) is not None:
        raise Refusal(stream, objection("already-taken-up"))
    asked = () if private(alert.rule) else alert.departments
    return accept(stream, (stream, e.AlertTakenUp(alert=alert, asked=asked)))


def answer(command: a.AnswerAlert, context: Context, view: View) -> Decision:
    """Take a department's word, once."""
    state, stream = _known(command.alert, view)
    department = context.actor.of
    if department is None or department not in state.asked:
        # Not even that the alert exists is told to those who were not asked.
        raise Refusal(stream, objection("unknown-alert", alert=command.alert))
    _open(state, stream)
    if department not in state.silent:
        raise Refusal(stream, objection("already-recorded", department=department))
    by, when = context.actor.id, context.occurred
    word = DepartmentWord(department=department, text=command.text, by=by, at=when)
    return accept(stream, (stream, e.AlertAnswered(word=word)))


def close(command: a.CloseAlert, context: Context, view: View) -> Decision:
    """Close an alert when every department that was asked has answered, or had its time to."""
    state, stream = _known(command.alert, view)
    _supervisors_only(context, stream)
    _open(state, stream)
    if state.silent and not _time_is_over(state, stream, context, view):
        raise Refusal(stream, objection("word-missing", department=", ".join(state.silent)))
    citing.conduct(command.code, stream, view)
    event = e.AlertClosed(finding=command.finding, reason=command.reason, code=command.code)
    return accept(stream, (stream, event))


def hand_over(command: a.HandOverAlert, context: Context, view: View) -> Decision:
    """Put on record that a dossier went out, once."""
    state, stream = _known(command.alert, view)
    _supervisors_only(context, stream)
    if state.handover is not None:
        raise Refusal(stream, objection("already-recorded"))
    handover = Handover(
        to=command.to,
        dossier=command.dossier,
        entries=command.entries,
        by=context.actor.id,
        at=context.occurred,
    )
    return accept(stream, (stream, e.AlertHandedOver(handover=handover)))


def record_handover(command: a.RecordHandover, context: Context, view: View) -> Decision:
    """Put the receipt on record, and the outcome when there is one; neither is changed later."""
    state, stream = _known(command.alert, view)
    _supervisors_only(context, stream)
    given = state.handover
    if given is None:
        raise Refusal(stream, objection("not-handed-over"))
    if given.outcome is not None or given.receipt not in {None, command.receipt}:
        raise Refusal(stream, objection("already-recorded"))
    event = e.HandoverRecorded(receipt=command.receipt, outcome=command.outcome)
    return accept(stream, (stream, event))


def _known(id_: str, view: View) -> tuple[AlertState, str]:
    stream = keys.alert(id_)
    state = view.find(AlertState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-alert", alert=id_))
    return state, stream


def _supervisors_only(context: Context, stream: str) -> None:
    if context.actor.role is not ActorRole.AUDITOR:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))


def _open(state: AlertState, stream: str) -> None:
    if state.finding is not None:
        raise wrong_state(stream, "closed", "open")


def _time_is_over(state: AlertState, stream: str, context: Context, view: View) -> bool:
    at = world(view, stream)
    since = state.taken_up.astimezone(CHINA).date()
    due = at.calendar.due(since, at.rules.word_days)
    return not due.provisional and context.recorded_on > due.day
