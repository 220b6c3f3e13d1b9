"""What a refusal says: the shape of the tables in ``scheduler.refusals`` and beside it."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.lanes import Remedy


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a person reads, Chinese first, and the ways out."""

    zh: str
    en: str
    remedies: tuple[Remedy, ...] = ()
