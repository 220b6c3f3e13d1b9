"""Objections: what a rule has against a visit, said so that a clerk can act on it."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Bilingual, Frozen, Id, Text
from schemas.lanes import Remedy
from schemas.origins import Origin
from schemas.visits import Role


class Objection(Frozen):
    """One rule's objection: its code, origin, numbers and the ways out.

    ``numbers`` holds what the rule compared, for instance ``{"limit": 2, "used": 2}``.
    ``key`` names the cap's key where a cap objects; ``liftable_by`` says whose approval lifts it.
    """

    rule: Id
    title: Bilingual
    origin: Origin | None = None
    numbers: dict[str, int | str] = Field(default_factory=dict)
    key: str | None = None
    remedies: tuple[Remedy, ...] = ()
    liftable_by: tuple[Role, ...] = ()
    detail: Text | None = None
