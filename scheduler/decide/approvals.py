"""审批. Decisions of heads, legal reviewers and leaders about requests, and what they lift."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    met,
    open_request,
    opened,
    world,
)
from scheduler.decide.stations import closing
from scheduler.refusals import objection
from scheduler.states import RequestState, RequestStatus, VisitState
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import ConfirmOnCall, DecideRequest, WithdrawRequest
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.lanes import Lane
from schemas.tallies import Opened, TallyChange
from schemas.visits import Approval, Role
from schemas.visits import Decision as Verdict

_DECIDED = "cn.wurao.request.decided.v1"
_WITHDRAWN = "cn.wurao.request.withdrawn.v1"
_FOLLOWED = "cn.wurao.visit.approved.v1"
_MAY_ACT_AS: dict[Role, ActorRole] = {
    Role.HEAD: ActorRole.HEAD,
    Role.LEGAL: ActorRole.LEGAL,
    Role.LEADER: ActorRole.LEADER,
    Role.COORDINATOR: ActorRole.SCHEDULER,
}
_OPEN = frozenset({RequestStatus.ACCEPTED, RequestStatus.PLACED, RequestStatus.UNDECIDED})


def decide_request(command: DecideRequest, context: Context, view: View) -> Decision:
    """Take one role's yes or no; a yes of a role that may lift the rules asked for lifts them."""
    stream = keys.request(command.request)
    state = open_request(view, command.request)
    at = world(view, stream)
    _may_decide(command, context, state, stream)
    approval = Approval(
        role=command.role,
        decision=command.decision,
        by=context.actor.id,
        at=context.occurred,
        on_paper=command.on_paper,
        lifts=_lifts(command, state, at, stream),
        reason=command.reason,
    )
    return _decision(approval, state, context, at, view)


def _decision(
    approval: Approval, state: RequestState, context: Context, at: World, view: View
) -> Decision:
    stream = keys.request(state.id)
    refused = approval.decision is Verdict.REFUSED
    event = e.RequestDecided(
        approval=approval,
        tally=_release(state) if refused else (),
        opens=_filing_clock(approval, state, context, at),
        meets=met(
            at, _DECIDED, context, [stream], lane=state.request.lane, purpose=state.request.purpose
        ),
    )
    events: list[tuple[str, Event]] = [(stream, event)]
    if state.visit and not refused:
        events += _follow(approval, state, context, at, view)
    return accept(stream, *events)


def _may_decide(command: DecideRequest, context: Context, state: RequestState, stream: str) -> None:
    """Refuse who is not asked, acts for another department, or would approve his own."""
    if state.status not in _OPEN:
        raise Refusal(
            stream, objection("wrong-state", status=state.status.value, needed="accepted / placed")
        )
    if command.role.value not in state.approvals_needed:
        raise Refusal(stream, objection("role-not-asked", role=command.role.value))
    on_behalf = command.on_paper and context.actor.role is ActorRole.SCHEDULER
    if context.actor.role is not _MAY_ACT_AS.get(command.role) and not on_behalf:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    of_department = command.role in {Role.HEAD, Role.LEGAL}
    if of_department and not on_behalf and context.actor.of != state.request.department:
        raise Refusal(stream, objection("not-your-department", department=state.request.department))
    if context.actor.id == state.by:
        raise Refusal(stream, objection("self-approval", actor=context.actor.id))
    if any(a.role is command.role for a in state.approvals):
        raise Refusal(stream, objection("already-decided", role=command.role.value))


def _lifts(command: DecideRequest, state: RequestState, at: World, stream: str) -> tuple[str, ...]:
    """Return the rules that this approval lifts: those asked for that the role may lift."""
    if command.decision is Verdict.REFUSED:
        return ()
    asked = command.lifts or state.lift_asked
    strange = [code for code in command.lifts if code not in state.lift_asked]
    if strange:
        raise Refusal(stream, objection("lift-not-asked", rule=", ".join(strange)))
    return tuple(
        code for code in asked if at.rules.may_lift(code, command.role, state.request.window.first)
    )


def _filing_clock(
    approval: Approval, state: RequestState, context: Context, at: World
) -> tuple[Opened, ...]:
    """A filing's clock starts with the yes of the role that its rule names."""
    if approval.decision is Verdict.REFUSED:
        return ()
    return opened(
        at,
        _DECIDED,
        context,
        keys.request(state.id),
        lane=state.request.lane,
        purpose=state.request.purpose,
        departments=[state.request.department],
        by=approval.role,
    )


def _follow(
    approval: Approval, state: RequestState, context: Context, at: World, view: View
) -> list[tuple[str, Event]]:
    """The approval of an emergency visit follows the act; it may have been the last station."""
    stream = keys.visit(state.visit or "")
    visit = view.find(VisitState, stream)
    given = {a.role.value for a in state.approvals} | {approval.role.value}
    complete = given.issuperset(state.approvals_needed)
    if visit is None or not visit.approval_to_follow or not complete:
        return []
    meets = met(at, _FOLLOWED, context, [stream], lane=visit.lane, purpose=visit.line.purpose)
    following = visit.model_copy(update={"approval_to_follow": False})
    return [(stream, e.ApprovalFollowed(approval=approval, meets=meets)), *closing(following)]


def _release(state: RequestState) -> tuple[TallyChange, ...]:
    return tuple(TallyChange(key=key, reserved=-1) for key in state.held)


def withdraw(command: WithdrawRequest, context: Context, view: View) -> Decision:
    """Take a request back before it is placed; its units are free again."""
    stream = keys.request(command.request)
    state = open_request(view, command.request)
    if context.actor.of != state.request.department:
        raise Refusal(stream, objection("not-your-department", department=state.request.department))
    if state.status not in {RequestStatus.ACCEPTED, RequestStatus.UNDECIDED}:
        raise Refusal(
            stream,
            objection(
                "wrong-state", status=state.status.value, needed=RequestStatus.ACCEPTED.value
            ),
        )
    at, request = world(view, stream), state.request
    event = e.RequestWithdrawn(
        reason=command.reason,
        tally=_release(state),
        meets=met(at, _WITHDRAWN, context, [stream], lane=request.lane, purpose=request.purpose),
    )
    return accept(stream, (stream, event))


def confirm(command: ConfirmOnCall, context: Context, view: View) -> Decision:
    """The enterprise confirms an on-call visit from its own channel."""
    stream = keys.request(command.request)
    state = open_request(view, command.request)
    if state.request.lane is not Lane.ON_CALL:
        raise Refusal(stream, objection("wrong-lane", lane=state.request.lane.value))
    own = (
        context.actor.role is ActorRole.ENTERPRISE and context.actor.of == state.request.enterprise
    )
    if not own:
        raise Refusal(stream, objection("not-your-enterprise", enterprise=state.request.enterprise))
    return accept(stream, (stream, e.OnCallConfirmed(by=context.actor.id)))
