"""Retention, holds, erasure, and looks at what is masked.

Two people in two roles erase; a hold, an open case or a running retention class stands in the way.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from scheduler import keys
from scheduler.decide.common import Refusal, accept
from scheduler.privacy_states import PrivacyState, RetentionState
from scheduler.refusals import objection
from scheduler.states import RequestState, RequestStatus, VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas import privacy_commands as p
from schemas.envelope import ActorRole
from schemas.objections import Objection
from schemas.privacy import Keeps

_ASKS = frozenset({ActorRole.SCHEDULER, ActorRole.LEGAL})
_ERASES = frozenset({ActorRole.ADMIN})
_HOLDS = frozenset({ActorRole.SCHEDULER, ActorRole.LEGAL, ActorRole.LEADER, ActorRole.ADMIN})

_VISIT_OVER = frozenset({VisitStatus.CLOSED, VisitStatus.CANCELLED, VisitStatus.NOT_ENTERED})
_REQUEST_OPEN = frozenset({RequestStatus.ACCEPTED, RequestStatus.PLACED, RequestStatus.UNDECIDED})
_DECEMBER = 12


def retention(command: p.AdoptRetention, context: Context, _: View) -> Decision:
    """Adopt a table of retention classes."""
    _only({ActorRole.SCHEDULER, ActorRole.ADMIN}, context, keys.RETENTION)
    twice = [
        kept for kept in Keeps if sum(kept in each.covers for each in command.retention.classes) > 1
    ]
    if twice:
        against = objection("retention-twice", kept=", ".join(twice))
        raise Refusal(keys.RETENTION, against)
    event = e.RetentionAdopted(retention=command.retention)
    return accept(keys.RETENTION, (keys.RETENTION, event))


def hold(command: p.HoldSubject, context: Context, view: View) -> Decision:
    """Hold a subject's data."""
    stream = keys.privacy(command.subject)
    _only(_HOLDS, context, stream)
    if any(each.id == command.hold for each in _state(view, command.subject).holds):
        raise Refusal(stream, objection("already-held", hold=command.hold))
    event = e.SubjectHeld(
        subject=command.subject,
        hold=command.hold,
        reference=command.reference,
        reason=command.reason,
    )
    return accept(stream, (stream, event))


def release(command: p.ReleaseSubject, context: Context, view: View) -> Decision:
    """Release a hold."""
    stream = keys.privacy(command.subject)
    _only(_HOLDS, context, stream)
    if not any(each.id == command.hold for each in _state(view, command.subject).holds):
        raise Refusal(stream, objection("unknown-hold", hold=command.hold))
    event = e.SubjectReleased(subject=command.subject, hold=command.hold, reason=command.reason)
    return accept(stream, (stream, event))


def ask(command: p.AskErasure, context: Context, view: View) -> Decision:
    """Ask for an erasure. What stands in the way is said now, and judged again when it is done."""
    stream = keys.privacy(command.subject)
    _only(_ASKS, context, stream)
    kind, _, id_ = command.subject.partition("/")
    owner = {"officer": keys.officer, "contact": keys.enterprise, "rater": keys.visit}[kind](id_)
    view.need(stream, owner)
    if view.get(owner) is None:
        raise Refusal(stream, objection("unknown-subject", subject=command.subject))
    state = _state(view, command.subject)
    if state.holds:
        raise Refusal(stream, *(objection("legal-hold", hold=h.id) for h in state.holds))
    event = e.ErasureAsked(subject=command.subject, ground=command.ground, reason=command.reason)
    return accept(stream, (stream, event))


def erase(command: p.EraseSubject, context: Context, view: View) -> Decision:
    """Erase what was asked for, by somebody else in another role."""
    stream = keys.privacy(command.subject)
    _only(_ERASES, context, stream)
    visits = [keys.visit(id_) for id_ in command.visits]
    requests = [keys.request(id_) for id_ in command.requests]
    view.need(stream, keys.RETENTION, *visits, *requests)
    state = _state(view, command.subject)
    if state.asked is None:
        raise Refusal(stream, objection("erasure-not-asked", subject=command.subject))
    if state.asked.by == context.actor.id:
        raise Refusal(stream, objection("erasure-alone"))
    found = [
        *(objection("legal-hold", hold=each.id) for each in state.holds),
        *_open_cases(view, visits, requests),
        *_kept(view, command.subject, visits, context.today),
    ]
    if found:
        raise Refusal(stream, *found)
    event = e.SubjectErased(
        subject=command.subject,
        ground=state.asked.ground,
        reason=state.asked.reason,
        asked_by=state.asked.by,
        times=len(state.erased) + 1,
    )
    return accept(stream, (stream, event))


def kept_until(last: date, months: int) -> date:
    """Return the last day of a retention of so many months after a day."""
    number = last.year * _DECEMBER + last.month - 1 + months
    year, month = divmod(number, _DECEMBER)
    return date(year, month + 1, min(last.day, monthrange(year, month + 1)[1]))


def reveal(command: p.RevealPersonal, context: Context, _: View) -> Decision:
    """Put on record that an auditor sees a personal field; only then does the shell show it."""
    stream = keys.reveals(keys.month_of(context.today))
    _only({ActorRole.AUDITOR}, context, stream)
    event = e.PersonalRevealed(
        position=command.position,
        field=command.field,
        subject=command.subject,
        reason=command.reason,
        by=context.actor.id,
    )
    return accept(stream, (stream, event))


def _only(roles: frozenset[ActorRole] | set[ActorRole], context: Context, about: str) -> None:
    if context.actor.role not in roles:
        raise Refusal(about, objection("role-not-asked", role=context.actor.role.value))


def _state(view: View, subject: str) -> PrivacyState:
    found = view.find(PrivacyState, keys.privacy(subject))
    return found or PrivacyState(subject=subject)


def _open_cases(view: View, visits: list[str], requests: list[str]) -> list[Objection]:
    found = []
    for key in visits:
        visit = view.find(VisitState, key)
        if visit is not None and visit.status not in _VISIT_OVER:
            found.append(objection("case-open", case=key, status=visit.status.value))
    for key in requests:
        request = view.find(RequestState, key)
        # A placed request is as open as its visit, which is among the visits.
        if request is not None and request.status in _REQUEST_OPEN and request.visit is None:
            found.append(objection("case-open", case=key, status=request.status.value))
    return found


def _kept(view: View, subject: str, visits: list[str], today: date) -> list[Objection]:
    adopted = view.find(RetentionState, keys.RETENTION)
    class_ = adopted.retention.covering(Keeps(subject.partition("/")[0])) if adopted else None
    if class_ is None:
        return [objection("retention-missing", subject=subject)]
    found = (view.find(VisitState, key) for key in visits)
    days = [visit.line.day for visit in found if visit is not None]
    until = kept_until(max(days), class_.months) if days else None
    if class_.months and until is not None and today <= until:
        return [objection("retention-running", kept=class_.code, until=str(until))]
    return []
