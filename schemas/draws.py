"""双随机抽查: the value objects of a draw, from the lists that are drawn from to what was drawn."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Count, Frozen, Id, Name, Text
from schemas.registry import CreditTier, RiskClass
from schemas.uscc import Uscc
from schemas.visits import Window

MOST_MEMBERS: Final = 8_000
"""Enterprises in one draw: what fits a message that every transport takes."""

MOST_INSPECTORS: Final = 1_000
"""Inspectors in one draw, for the same reason."""

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 hash, or as many secret bits, in hexadecimal digits."""


class Member(Frozen):
    """An enterprise of the population, with what its stratum derives from."""

    enterprise: Uscc
    risk: RiskClass
    credit: CreditTier


class Inspector(Frozen):
    """An officer who may be drawn; ``load`` is how many visits of the year are his already."""

    officer: Id
    department: Id
    load: Count = 0
    recused_from: tuple[Uscc, ...] = ()


class DrawShare(Frozen):
    """What one department checks at each drawn enterprise."""

    department: Id
    items: tuple[Id, ...] = Field(min_length=1)


class DrawPlan(Frozen):
    """What is to be drawn: from which enterprises and inspectors, for whom, within which days.

    The first department leads. Both lists are in order of their ids and name nobody twice, so that
    one list has one hash. ``repeats`` names an earlier draw of the same lead, with the reason.
    """

    title: Name
    shares: tuple[DrawShare, ...] = Field(min_length=1, max_length=12)
    window: Window
    duration: int = Field(default=1, ge=1, le=64)
    population: tuple[Member, ...] = Field(min_length=1, max_length=MOST_MEMBERS)
    inspectors: tuple[Inspector, ...] = Field(min_length=1, max_length=MOST_INSPECTORS)
    repeats: Id | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _lists_in_order(self) -> DrawPlan:
        for what, ids in (
            ("population", [member.enterprise for member in self.population]),
            ("inspectors", [inspector.officer for inspector in self.inspectors]),
        ):
            if any(a >= b for a, b in pairwise(ids)):
                msg = f"名单须按编号排序且不重复 / must be sorted by id, none twice: {what}"
                raise ValueError(msg)
        homes = [share.department for share in self.shares]
        if len(set(homes)) != len(homes):
            msg = "部门重复 / a department is listed twice"
            raise ValueError(msg)
        return self

    @property
    def lead(self) -> str:
        """The department that leads."""
        return self.shares[0].department

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that come, the lead first."""
        return tuple(share.department for share in self.shares)


class Ratio(Frozen):
    """The share of one stratum that is drawn, in per cent."""

    risk: RiskClass
    credit: CreditTier
    per_cent: int = Field(ge=0, le=100)


class StratumResult(Frozen):
    """How many of a stratum there were, and how many of them were drawn."""

    risk: RiskClass
    credit: CreditTier
    members: Count
    drawn: Count


class Pair(Frozen):
    """The inspectors of one department; fewer than a pair where too few may go."""

    department: Id
    officers: tuple[Id, ...]


class Target(Frozen):
    """A drawn enterprise and who goes there."""

    enterprise: Uscc
    pairs: tuple[Pair, ...]


class DrawResult(Frozen):
    """What was drawn, in the order in which it was drawn."""

    strata: tuple[StratumResult, ...]
    targets: tuple[Target, ...]


class CannotGo(StrEnum):
    """Why a drawn inspector does not go. Whoever takes his place is drawn as well, never chosen."""

    RECUSED = "recused"
    UNLICENSED = "unlicensed"
    LEFT = "left"
    ON_LEAVE = "on_leave"
    OTHER_DUTY = "other_duty"


class Substitute(Frozen):
    """An inspector who was drawn in place of another, for one enterprise.

    ``passed`` are inspectors of the list who could not be drawn any more: the register says that they
    are recused, without a licence or elsewhere by now.
    """

    department: Id
    enterprise: Uscc
    out: Id
    officer: Id
    ground: CannotGo
    passed: tuple[Id, ...] = ()
