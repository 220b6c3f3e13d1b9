"""Keys on record: an administrator alone, each key once, and never the one that is in use."""

from __future__ import annotations

import pytest

from scheduler.keyring_states import KeyRingState
from schemas.envelope import Actor, ActorRole
from schemas.key_commands import RevokeKey, RotateKey
from schemas.keyrings import Ring
from tests.worlds import OFFICE, World

ADMIN = Actor(id="admin", role=ActorRole.ADMIN)
PRINT = "0123456789abcdef"


def rotation(number: int, ring: Ring = Ring.CREDENTIALS) -> RotateKey:
    return RotateKey(ring=ring, number=number, print=PRINT, reason="年度轮换")


def revocation(number: int, ring: Ring = Ring.CREDENTIALS) -> RevokeKey:
    return RevokeKey(ring=ring, number=number, reason="服务器失窃")


def codes(world: World) -> KeyRingState:
    found: list[KeyRingState] = list(world.of_kind(KeyRingState))
    (state,) = (each for each in found if each.ring is Ring.CREDENTIALS)
    return state


@pytest.fixture
def world() -> World:
    return World()


def test_a_key_is_put_on_record_once(world: World) -> None:
    world.ok(rotation(2), ADMIN)
    assert world.no(rotation(2), ADMIN) == ["key-on-record"]
    assert world.no(rotation(1), ADMIN) == ["key-on-record"]
    world.ok(rotation(2, Ring.VAULT), ADMIN)
    state = codes(world)
    assert [(each.number, each.print, each.by) for each in state.made] == [(2, PRINT, "admin")]


def test_a_key_that_was_replaced_is_revoked_once(world: World) -> None:
    assert world.no(revocation(1), ADMIN) == ["key-in-use"]
    world.ok(rotation(2), ADMIN)
    assert world.no(revocation(2), ADMIN) == ["key-in-use"]
    assert world.no(revocation(3), ADMIN) == ["key-in-use"]
    world.ok(revocation(1), ADMIN)
    assert world.no(revocation(1), ADMIN) == ["key-revoked"]
    world.ok(rotation(3), ADMIN)
    world.ok(revocation(2), ADMIN)
    assert codes(world).revoked == (1, 2)


def test_a_key_of_checkpoints_is_not_revoked(world: World) -> None:
    """Others keep its public key, and what it signed must verify for ever."""
    world.ok(rotation(2, Ring.SEALING), ADMIN)
    assert world.no(revocation(1, Ring.SEALING), ADMIN) == ["key-of-checkpoints"]


def test_nobody_else_says_so(world: World) -> None:
    assert world.no(rotation(2), OFFICE) == ["role-not-asked"]
    assert world.no(revocation(1), OFFICE) == ["role-not-asked"]
