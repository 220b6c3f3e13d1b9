"""审批. Decisions of heads, legal reviewers and leaders about requests, and what they lift."""

from __future__ import annotations

from scheduler import caps, keys
from scheduler.decide import presences
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    case_of,
    ended,
    met,
    open_request,
    opened,
    request_matter,
    visit_matter,
    world,
    wrong_state,
)
from scheduler.decide.presences import Sheet
from scheduler.decide.stations import closing, held_as
from scheduler.refusals import objection
from scheduler.states import RequestState, RequestStatus, VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import ConfirmOnCall, DecideRequest, WithdrawRequest
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.lanes import Lane
from schemas.tallies import TallyChange
from schemas.visits import Approval, Role
from schemas.visits import Decision as Verdict

_DECIDED = "cn.wurao.request.decided.v1"
_FOLLOWED = "cn.wurao.visit.approved.v1"
ACTS_AS: dict[Role, ActorRole] = {
    Role.HEAD: ActorRole.HEAD,
    Role.LEGAL: ActorRole.LEGAL,
    Role.LEADER: ActorRole.LEADER,
    Role.COORDINATOR: ActorRole.SCHEDULER,
}
"""Who may decide in which role. There is no delegation; an enterprise confirms, it never decides."""
_OF_DEPARTMENT = frozenset({Role.HEAD, Role.LEGAL})
_OPEN = (RequestStatus.ACCEPTED, RequestStatus.PLACED, RequestStatus.UNDECIDED)
_WAITING = (RequestStatus.ACCEPTED, RequestStatus.UNDECIDED)


def decide_request(command: DecideRequest, context: Context, view: View) -> Decision:
    """Take one role's yes or no; a yes of a role that may lift the rules asked for lifts them."""
    stream = keys.request(command.request)
    state = open_request(view, command.request)
    at = world(view, stream)
    _asked(command, state, stream)
    by = _decider(command, context, state, stream)
    entered = _on_behalf(command, context)
    approval = Approval(
        role=command.role,
        decision=command.decision,
        by=by,
        at=context.occurred,
        on_paper=command.on_paper,
        lifts=_lifts(command, state, at, stream),
        reason=command.reason,
        paper=command.paper if entered else None,
        entered_by=context.actor.id if entered else None,
    )
    if approval.decision is Verdict.REFUSED:
        return _refused(approval, state, at, view)
    return _approved(approval, state, context, at, view)


def _asked(command: DecideRequest, state: RequestState, stream: str) -> None:
    """Refuse a role that the matrix does not ask, and one that has decided already."""
    if state.status not in _OPEN:
        raise wrong_state(stream, state.status.value, *_OPEN)
    if command.role.value not in state.approvals_needed:
        raise Refusal(stream, objection("role-not-asked", role=command.role.value))
    if any(a.role is command.role for a in state.approvals) and not _decides_anew(command, state):
        raise Refusal(stream, objection("already-decided", role=command.role.value))


def _decides_anew(command: DecideRequest, state: RequestState) -> bool:
    """A check that found no day comes back to those who approved it: drop it, or lift a rule."""
    more = set(command.lifts) - state.lifted
    return state.status is RequestStatus.UNDECIDED and (
        command.decision is Verdict.REFUSED or bool(more)
    )


def _on_behalf(command: DecideRequest, context: Context) -> bool:
    """Whether the office enters what somebody else signed on paper."""
    by_office = context.actor.role is ActorRole.SCHEDULER
    return command.on_paper and by_office and command.role in ACTS_AS


def _evidence(command: DecideRequest, context: Context, stream: str) -> None:
    """Refuse what is said to be on paper without its day and its picture, or with a day to come."""
    if command.signatory is None:
        raise Refusal(stream, objection("signatory-missing", role=command.role.value))
    if command.paper is None:
        raise Refusal(stream, objection("paper-missing", role=command.role.value))
    if command.paper.signed_on > context.today:
        raise Refusal(stream, objection("paper-ahead", day=str(command.paper.signed_on)))


def _decider(command: DecideRequest, context: Context, state: RequestState, stream: str) -> str:
    """Return who decides; refuse who acts in a strange role, for others, or on his own visit."""
    actor, role, home = context.actor, command.role, state.request.department
    on_behalf = _on_behalf(command, context)
    if actor.role is not ACTS_AS.get(role) and not on_behalf:
        raise Refusal(stream, objection("role-not-asked", role=actor.role.value))
    if role in _OF_DEPARTMENT and not on_behalf and actor.of != home:
        raise Refusal(stream, objection("not-your-department", department=home))
    if on_behalf:
        _evidence(command, context, stream)
    by = command.signatory if on_behalf and command.signatory else actor.id
    if by in {state.by, state.request.visitor}:
        raise Refusal(stream, objection("self-approval", actor=by))
    return by


def _lifts(command: DecideRequest, state: RequestState, at: World, stream: str) -> tuple[str, ...]:
    """Return the rules that this yes lifts: those asked for that the role may lift.

    A rule named in the decision itself must be one that the request asks to lift, unless nobody
    found a day for it; and it must be one that the role may lift.
    """
    if command.decision is Verdict.REFUSED:
        return ()
    strange = [code for code in command.lifts if code not in state.lift_asked]
    if strange and state.status is not RequestStatus.UNDECIDED:
        raise Refusal(stream, objection("lift-not-asked", rule=", ".join(strange)))
    asked, day = command.lifts or state.lift_asked, state.request.window.first
    may = tuple(code for code in asked if at.rules.may_lift(code, command.role, day))
    if command.lifts and may != asked:
        beyond = ", ".join(code for code in asked if code not in may)
        raise Refusal(stream, objection("role-not-asked", role=command.role.value, rule=beyond))
    return may


def _approved(
    approval: Approval, state: RequestState, context: Context, at: World, view: View
) -> Decision:
    """Record a yes. A filing's clock starts with the yes of the role that its rule names."""
    matter = request_matter(state)
    event = e.RequestDecided(
        approval=approval,
        opens=opened(at, _DECIDED, context, matter, by=approval.role),
        meets=met(at, _DECIDED, matter),
    )
    follow = _follow(approval, state, at, view) if state.visit else []
    return accept(matter.stream, (matter.stream, event), *follow)


def _refused(approval: Approval, state: RequestState, at: World, view: View) -> Decision:
    """Record a no: what the request held is free, and nothing is waited for any more."""
    matter = request_matter(state)
    event = e.RequestDecided(approval=approval, tally=given_back(state), meets=ended(at, matter))
    called_off = _call_off(approval, state, at, view) if state.visit else []
    return accept(matter.stream, (matter.stream, event), *called_off)


def _call_off(
    approval: Approval, state: RequestState, at: World, view: View
) -> list[tuple[str, Event]]:
    """An emergency that is refused before it entered does not enter; one that did stays open."""
    visit = view.find(VisitState, keys.visit(state.visit or ""))
    if visit is None or visit.status is not VisitStatus.PUBLISHED:
        return []
    event = e.VisitCancelled(
        reason=approval.reason or "审批未通过 / not approved",
        tally=presences.released(view, visit),
        meets=ended(at, visit_matter(visit)),
    )
    return [(keys.visit(visit.id), event)]


def _follow(
    approval: Approval, state: RequestState, at: World, view: View
) -> list[tuple[str, Event]]:
    """The approval of an emergency visit follows the act; it may have been the last station."""
    stream = keys.visit(state.visit or "")
    visit = view.find(VisitState, stream)
    given = {a.role.value for a in state.approvals} | {approval.role.value}
    complete = given.issuperset(state.approvals_needed)
    if visit is None or not visit.approval_to_follow or not complete:
        return []
    frees, tally = _counted_apart(state, visit, at, view)
    event = e.ApprovalFollowed(
        approval=approval, frees=frees, tally=tally, meets=met(at, _FOLLOWED, visit_matter(visit))
    )
    following = visit.model_copy(update={"approval_to_follow": False})
    return [(stream, event), *closing(following)]


def _counted_apart(
    state: RequestState, visit: VisitState, at: World, view: View
) -> tuple[tuple[str, ...], tuple[TallyChange, ...]]:
    """Return the cap keys that an approved emergency leaves, and the units that it gives back."""
    case, part, sheet = case_of(view, state.request, at), visit.line.parts[0], Sheet(view)
    own = {use.key for use in caps.uses(case, visit.line.day, at.rules)}
    frees = tuple(key for key in part.caps if key not in own)
    presences.load(view, visit.line, [part])
    step = held_as(visit)
    if step is not None:
        presences.count(sheet, visit.line, part, frees, step)
    return frees, sheet.take()


def given_back(state: RequestState) -> tuple[TallyChange, ...]:
    """Return the changes that free the units a request holds."""
    return tuple(TallyChange(key=key, reserved=-1) for key in state.held)


def withdraw(command: WithdrawRequest, context: Context, view: View) -> Decision:
    """Take a request back before it is placed; its units are free again."""
    stream = keys.request(command.request)
    state = open_request(view, command.request)
    if context.actor.of != state.request.department:
        raise Refusal(stream, objection("not-your-department", department=state.request.department))
    if state.status not in _WAITING:
        raise wrong_state(stream, state.status.value, *_WAITING)
    event = e.RequestWithdrawn(
        reason=command.reason,
        tally=given_back(state),
        meets=ended(world(view, stream), request_matter(state)),
    )
    return accept(stream, (stream, event))


def confirm(command: ConfirmOnCall, context: Context, view: View) -> Decision:
    """The enterprise confirms, once and from its own channel, that it asked for the visit."""
    stream = keys.request(command.request)
    state, actor = open_request(view, command.request), context.actor
    if state.request.lane is not Lane.ON_CALL:
        raise Refusal(stream, objection("wrong-lane", lane=state.request.lane.value))
    if actor.role is not ActorRole.ENTERPRISE or actor.of != state.request.enterprise:
        raise Refusal(stream, objection("not-your-enterprise", enterprise=state.request.enterprise))
    if state.status is not RequestStatus.ACCEPTED:
        raise wrong_state(stream, state.status.value, RequestStatus.ACCEPTED)
    if state.confirmed:
        raise Refusal(stream, objection("already-decided", role=Role.ENTERPRISE.value))
    return accept(stream, (stream, e.OnCallConfirmed(by=actor.id)))
