"""赋码. Codes are issued when a visit is staffed and approved, and judged again on that occasion."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from scheduler import keys
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    known_visit,
    of_office,
    world,
)
from scheduler.decide.rejudge import breaches
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.states import TallyState, VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.base import CHINA
from schemas.commands import BindCode, IssueCode, RevokeCode
from schemas.tallies import TallyChange
from schemas.visits import Code

_AT_ONCE_FOR = timedelta(hours=12)
"""How long an emergency's code is valid from the moment of its issue, whatever the hour."""


def issue(command: IssueCode, context: Context, view: View) -> Decision:
    """Issue the code of a visit that every department has staffed and every rule still admits."""
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    stream = keys.visit(visit.id)
    at = world(view, stream)
    visitors_or_office(visit, context)
    if visit.code is not None and not visit.code_revoked:
        raise Refusal(stream, objection("already-coded", serial=visit.code.serial))
    unstaffed = [part.department for part in visit.line.parts if not part.officers]
    if unstaffed:
        raise Refusal(stream, objection("team-missing", department=", ".join(unstaffed)))
    found = breaches(visit, view, at)
    if found:
        raise Refusal(stream, *found)
    return accept(stream, (stream, e.CodeIssued(code=code_for(visit, context, at))))


def code_for(visit: VisitState, context: Context, at: World) -> Code:
    """Return a code that is valid within the visiting hours of the visit's day only.

    An emergency keeps no hours: its code is valid from the first hour of its day, so that an entry
    by night can be back-filled, and long enough from the moment of its issue.
    """
    hours, midnight = at.rules.hours, datetime.combine(visit.line.day, time(0), CHINA)
    opens = midnight + timedelta(hours=hours.opens)
    closes = midnight + timedelta(hours=hours.closes)
    at_once = visit.approval_to_follow
    return Code(
        serial=derived(context.source, context.id, "code"),
        visit=visit.id,
        valid_from=midnight if at_once else opens,
        valid_until=max(closes, context.occurred + _AT_ONCE_FOR) if at_once else closes,
        approval_to_follow=at_once,
    )


def visitors_or_office(visit: VisitState, context: Context) -> None:
    """Refuse an actor who belongs to none of the visit's departments nor to the office.

    Raises:
    ------
    Refusal
        With the departments whose visit it is.
    """
    if context.actor.of not in visit.line.departments and not of_office(context):
        departments = ", ".join(visit.line.departments)
        against = objection("not-your-department", department=departments)
        raise Refusal(keys.visit(visit.id), against)


def revoke(command: RevokeCode, context: Context, view: View) -> Decision:
    """Void the code of a visit to come; it shows red from then on, and nobody enters with it."""
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    visitors_or_office(visit, context)
    stream, code = keys.visit(visit.id), _code(visit)
    event = e.CodeRevoked(serial=code.serial, reason=command.reason, tally=_unbound(code))
    return accept(stream, (stream, event))


def bind(command: BindCode, context: Context, view: View) -> Decision:
    """Bind the number of an external 检查码, which stands for no other visit, to the code."""
    statuses = (VisitStatus.PUBLISHED, VisitStatus.ENTERED, VisitStatus.LEFT)
    visit = known_visit(view, command.visit, *statuses)
    visitors_or_office(visit, context)
    stream, code, key = keys.visit(visit.id), _code(visit), keys.external_code(command.external)
    taken = view.find(TallyState, key) or TallyState()
    if taken.reserved:
        raise Refusal(stream, objection("code-taken", external=command.external))
    tally = (*_unbound(code), TallyChange(key=key, reserved=1))
    return accept(stream, (stream, e.CodeBound(external=command.external, tally=tally)))


def _code(visit: VisitState) -> Code:
    if visit.code is None or visit.code_revoked:
        raise Refusal(keys.visit(visit.id), objection("no-code", visit=visit.id))
    return visit.code


def _unbound(code: Code) -> tuple[TallyChange, ...]:
    if code.external is None:
        return ()
    return (TallyChange(key=keys.external_code(code.external), reserved=-1),)
