"""四不两直, and who rated: what stays sealed until somebody who may opens it, on record."""

from __future__ import annotations

import hashlib

from pydantic import ValidationError

from scheduler import keys
from scheduler.decide import requests
from scheduler.decide.common import (
    Refusal,
    accept,
    known_visit,
    matter_of,
    met,
    opened,
    world,
    wrong_state,
)
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.states import IdentityState, SealedState, SealedStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas import sealed_commands as c
from schemas.base import Sealed
from schemas.commands import SubmitRequest
from schemas.envelope import ActorRole
from schemas.objections import Objection
from schemas.sealed import SealedDetail
from schemas.tallies import TallyChange
from schemas.visits import Approval, Role
from schemas.visits import Decision as Verdict

_DECIDED = "cn.wurao.request.decided.v1"
_LOOKERS = frozenset({ActorRole.LEADER, ActorRole.AUDITOR})
"""Who may look at every department's sealed visits; each department's head may at its own."""

_ASKERS = frozenset({ActorRole.AUDITOR, ActorRole.SCHEDULER})
_GRANTERS = frozenset({ActorRole.LEADER, ActorRole.AUDITOR})


def plan(command: c.PlanSealed, context: Context, _: View) -> Decision:
    """Take a block of capacity; planning it is the head's approval of the visit."""
    stream = keys.sealed(derived(context.source, context.id, "sealed"))
    _head_only(context, stream, command.department)
    if command.day < context.today:
        raise Refusal(stream, objection("window-past", day=str(command.day)))
    if not isinstance(command.detail, Sealed):
        msg = "a personal field reached the core in plain text"
        raise TypeError(msg)
    event = e.SealedPlanned(
        department=command.department,
        day=command.day,
        half=command.half,
        units=command.units,
        commitment=command.commitment,
        detail=command.detail,
        by=context.actor.id,
        tally=(_units(command.department, command, command.units),),
    )
    return accept(stream, (stream, event))


def _units(department: str, of: c.PlanSealed | SealedState, change: int) -> TallyChange:
    return TallyChange(key=keys.department_day(department, of.day), reserved=change)


def look(command: c.LookAtSealed, context: Context, view: View) -> Decision:
    """Put a look on record; only then does the shell show anything."""
    state, stream = _known(command.sealed, view)
    if context.actor.role not in _LOOKERS:
        _head_only(context, stream, state.department)
    event = e.SealedLooked(by=context.actor.id, reason=command.reason)
    return accept(stream, (stream, event))


def open_(command: c.OpenSealed, context: Context, view: View) -> Decision:
    """Open a sealed visit on its day: what is opened must be what was sealed, and the rules hold."""
    state, stream = _known(command.sealed, view)
    if context.actor.of != state.department:
        raise Refusal(stream, objection("unknown-sealed", sealed=command.sealed))
    if state.status is not SealedStatus.PLANNED:
        raise wrong_state(stream, state.status.value, SealedStatus.PLANNED)
    if context.today < state.day:
        raise Refusal(stream, objection("too-early", day=str(state.day)))
    detail = _detail(command.detail, state, stream)
    if context.actor.id == state.by:
        # Who planned it approved it: somebody else of the department asks for it.
        raise Refusal(stream, objection("self-approval", actor=state.by))
    asked = requests.submit(SubmitRequest(request=detail.request), context, view)
    if asked.status != "accepted":
        # The block stays sealed, so nothing that names its target may stand in the ledger.
        raise Refusal(stream, *map(_unnamed, asked.objections))
    approval = Approval(role=Role.HEAD, decision=Verdict.APPROVED, by=state.by, at=state.at)
    event = e.SealedOpened(
        detail=detail,
        request=asked.about.partition("/")[2],
        tally=(_units(state.department, state, -state.units),),
    )
    at, matter = world(view, stream), matter_of(asked.about, detail.request)
    decided = e.RequestDecided(
        approval=approval,
        opens=opened(at, _DECIDED, context, matter, by=Role.HEAD),
        meets=met(at, _DECIDED, matter),
    )
    return accept(stream, (stream, event), *asked.events, (asked.about, decided))


def _unnamed(against: Objection) -> Objection:
    """Return an objection without what it compared: a cap's key holds the enterprise."""
    return against.model_copy(update={"numbers": {}, "key": None, "detail": None})


def _detail(text: str, state: SealedState, stream: str) -> SealedDetail:
    if hashlib.sha256(text.encode()).hexdigest() != state.commitment:
        raise Refusal(stream, objection("seal-broken"))
    try:
        detail = SealedDetail.model_validate_json(text)
    except ValidationError:
        raise Refusal(stream, objection("seal-broken")) from None
    if detail.request.department != state.department:
        raise Refusal(stream, objection("seal-broken"))
    return detail


def cancel(command: c.CancelSealed, context: Context, view: View) -> Decision:
    """Call a sealed visit off; its block of capacity is free again."""
    state, stream = _known(command.sealed, view)
    _head_only(context, stream, state.department)
    if state.status is not SealedStatus.PLANNED:
        raise wrong_state(stream, state.status.value, SealedStatus.PLANNED)
    tally = (_units(state.department, state, -state.units),)
    return accept(stream, (stream, e.SealedCancelled(reason=command.reason, tally=tally)))


def _known(id_: str, view: View) -> tuple[SealedState, str]:
    stream = keys.sealed(id_)
    state = view.find(SealedState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-sealed", sealed=id_))
    return state, stream


def _head_only(context: Context, stream: str, department: str) -> None:
    actor = context.actor
    if actor.role is not ActorRole.HEAD or actor.of != department:
        raise Refusal(stream, objection("role-not-asked", role=actor.role.value))


def ask(command: c.AskIdentity, context: Context, view: View) -> Decision:
    """Ask for an identity; a department, which might be the one that was rated, never may."""
    id_ = derived(context.source, context.id, "identity")
    stream, actor = keys.identity(id_), context.actor
    if actor.role not in _ASKERS or actor.of is not None:
        raise Refusal(stream, objection("role-not-asked", role=actor.role.value))
    known_visit(view, command.visit)
    event = e.IdentityAsked(
        visit=command.visit, by=actor.id, role=actor.role.value, reason=command.reason
    )
    return accept(stream, (stream, event))


def grant(command: c.GrantIdentity, context: Context, view: View) -> Decision:
    """Agree to an opening: another person in another role, once."""
    state, stream = _identity(command.identity, view)
    actor = context.actor
    if actor.role not in _GRANTERS or actor.of is not None:
        raise Refusal(stream, objection("role-not-asked", role=actor.role.value))
    if actor.id == state.asked_by or actor.role.value == state.asked_as:
        raise Refusal(stream, objection("same-hands"))
    if state.granted_by is not None:
        raise Refusal(stream, objection("already-decided"))
    event = e.IdentityGranted(by=actor.id, role=actor.role.value, reason=command.reason)
    return accept(stream, (stream, event))


def see(command: c.SeeIdentity, context: Context, view: View) -> Decision:
    """Put on record that one of the two saw the identity; only then does the shell show it."""
    state, stream = _identity(command.identity, view)
    if state.granted_by is None:
        raise Refusal(stream, objection("not-granted"))
    if context.actor.id not in {state.asked_by, state.granted_by}:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    return accept(stream, (stream, e.IdentitySeen(by=context.actor.id)))


def _identity(id_: str, view: View) -> tuple[IdentityState, str]:
    stream = keys.identity(id_)
    state = view.find(IdentityState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-identity", identity=id_))
    return state, stream
