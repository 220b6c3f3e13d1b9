"""赋码. Codes are issued when a visit is staffed and approved, and judged again on that occasion."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from scheduler import keys
from scheduler.decide.common import Refusal, World, accept, known_visit, world
from scheduler.decide.rejudge import breaches
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.states import VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.base import CHINA
from schemas.commands import BindCode, IssueCode, RevokeCode
from schemas.envelope import ActorRole
from schemas.visits import Code


def issue(command: IssueCode, context: Context, view: View) -> Decision:
    """Issue the code of a visit that every department has staffed and every rule still admits."""
    visit = known_visit(view, command.visit, VisitStatus.PUBLISHED)
    at = world(view, keys.visit(visit.id))
    own_or_office(visit, context)
    _ready(visit)
    found = breaches(visit, view, at)
    if found:
        raise Refusal(keys.visit(visit.id), *found)
    code = code_for(visit, context, at)
    return accept(keys.visit(visit.id), (keys.visit(visit.id), e.CodeIssued(code=code)))


def _ready(visit: VisitState) -> None:
    stream = keys.visit(visit.id)
    if visit.code is not None and not visit.code_revoked:
        raise Refusal(stream, objection("already-coded", serial=visit.code.serial))
    unstaffed = [part.department for part in visit.line.parts if not part.officers]
    if unstaffed:
        raise Refusal(stream, objection("team-missing", department=", ".join(unstaffed)))


def code_for(visit: VisitState, context: Context, at: World) -> Code:
    """Return a code that is valid within the visiting hours of the visit's day only."""
    hours = at.rules.hours
    opens = datetime.combine(visit.line.day, time(hours.opens), CHINA)
    closes = datetime.combine(visit.line.day, time(0), CHINA) + timedelta(hours=hours.closes)
    at_once = visit.approval_to_follow
    return Code(
        serial=derived(context.source, context.id, "code"),
        visit=visit.id,
        valid_from=min(opens, context.occurred) if at_once else opens,
        valid_until=closes if not at_once else max(closes, context.occurred + timedelta(hours=12)),
        approval_to_follow=visit.approval_to_follow,
    )


def own_or_office(visit: VisitState, context: Context) -> None:
    """Refuse an actor who belongs to none of the visit's departments nor to the office.

    Raises:
    ------
    Refusal
        With the departments whose visit it is.
    """
    if context.actor.role in {ActorRole.SCHEDULER, ActorRole.ADMIN}:
        return
    if context.actor.of not in visit.line.departments:
        departments = ", ".join(visit.line.departments)
        raise Refusal(
            keys.visit(visit.id), objection("not-your-department", department=departments)
        )


def revoke(command: RevokeCode, context: Context, view: View) -> Decision:
    """Void a code; from then on it shows red."""
    visit = known_visit(view, command.visit)
    own_or_office(visit, context)
    if visit.code is None or visit.code_revoked:
        raise Refusal(keys.visit(visit.id), objection("no-code", visit=visit.id))
    event = e.CodeRevoked(serial=visit.code.serial, reason=command.reason)
    return accept(keys.visit(visit.id), (keys.visit(visit.id), event))


def bind(command: BindCode, context: Context, view: View) -> Decision:
    """Bind the number of an external 检查码 to the visit's code."""
    visit = known_visit(view, command.visit)
    own_or_office(visit, context)
    if visit.code is None:
        raise Refusal(keys.visit(visit.id), objection("no-code", visit=visit.id))
    event = e.CodeBound(external=command.external)
    return accept(keys.visit(visit.id), (keys.visit(visit.id), event))
