"""Keys: who may rotate and revoke them, and which may be revoked."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide.common import Refusal, accept
from scheduler.keyring_states import KeyRingState
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from schemas.envelope import ActorRole
from schemas.events.keyrings import KeyRevoked, KeyRotated
from schemas.key_commands import RevokeKey, RotateKey
from schemas.keyrings import Ring


def rotate(command: RotateKey, context: Context, view: View) -> Decision:
    """Put a fresh key on record; the newest only, so that no key stands there twice."""
    stream, state = _ring(command.ring, context, view)
    if command.number <= state.newest:
        raise Refusal(stream, objection("key-on-record", ring=command.ring, number=command.number))
    event = KeyRotated(
        ring=command.ring, number=command.number, print=command.print, reason=command.reason
    )
    return accept(stream, (stream, event))


def revoke(command: RevokeKey, context: Context, view: View) -> Decision:
    """Revoke a key that a newer one replaced."""
    stream, state = _ring(command.ring, context, view)
    named: dict[str, str | int] = {"ring": command.ring, "number": command.number}
    if command.ring is Ring.SEALING:
        raise Refusal(stream, objection("key-of-checkpoints", **named))
    if command.number >= state.newest:
        raise Refusal(stream, objection("key-in-use", **named))
    if command.number in state.revoked:
        raise Refusal(stream, objection("key-revoked", **named))
    event = KeyRevoked(ring=command.ring, number=command.number, reason=command.reason)
    return accept(stream, (stream, event))


def _ring(ring: Ring, context: Context, view: View) -> tuple[str, KeyRingState]:
    stream = keys.keyring(ring)
    if context.actor.role is not ActorRole.ADMIN:
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
    return stream, view.find(KeyRingState, stream) or KeyRingState(ring=ring)
