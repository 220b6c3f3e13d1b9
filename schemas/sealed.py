"""What a sealed visit (四不两直) holds back until it is opened."""

from __future__ import annotations

from schemas.base import Frozen, Id, Instant, Text
from schemas.draws import Hash
from schemas.visits import Request


class SealedDetail(Frozen):
    """The target and the team. ``nonce`` is random, so nobody finds the target by trying them all."""

    nonce: Hash
    request: Request
    officers: tuple[Id, ...] = ()


class Look(Frozen):
    """Who looked, when, and why."""

    by: Id
    at: Instant
    reason: Text
