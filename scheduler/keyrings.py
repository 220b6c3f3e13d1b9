"""Keys as the ledger tells of them: the fold of their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler.keyring_states import KeyMade, KeyRingState
from scheduler.moment import Moment, with_
from schemas.events.keyrings import KeyRevoked, KeyRotated


def _rotated(old: KeyRingState | None, event: KeyRotated, _: str, moment: Moment) -> object:
    state = old or KeyRingState(ring=event.ring)
    made = KeyMade(number=event.number, print=event.print, at=moment.occurred, by=moment.actor.id)
    return with_(state, made=(*state.made, made))


def _revoked(old: KeyRingState | None, event: KeyRevoked, *_: object) -> object:
    state = old or KeyRingState(ring=event.ring)
    return with_(state, revoked=tuple(sorted({*state.revoked, event.number})))


OWN: Final[dict[type, Callable[..., object]]] = {KeyRotated: _rotated, KeyRevoked: _revoked}
"""What each of these events does to the cell of its own stream."""
