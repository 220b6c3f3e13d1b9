"""Commands about what is sealed: visits that nobody may know of (四不两直), and who a rater is."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.base import Id, Personal, Text
from schemas.command_base import CommandBase
from schemas.draws import Hash
from schemas.lanes import HalfDay


class PlanSealed(CommandBase):
    """The head of a department plans a sealed visit: a block of capacity, and a secret.

    ``detail`` is the canonical JSON of a ``SealedDetail``, sealed by the shell; ``commitment`` its
    SHA-256, so that what is opened later is what was planned.
    """

    type: Literal["cn.wurao.sealed.plan.v1"] = "cn.wurao.sealed.plan.v1"
    department: Id
    day: date
    half: HalfDay | None = None
    units: int = Field(default=1, ge=1, le=64)
    commitment: Hash
    detail: Personal

    def personal(self) -> dict[str, str]:
        """Return the detail as the visit's own secret."""
        return {"detail": f"sealed/{self.commitment}"}


class LookAtSealed(CommandBase):
    """Somebody who may wants to see what is sealed, and says why. The look is on record first."""

    type: Literal["cn.wurao.sealed.look.v1"] = "cn.wurao.sealed.look.v1"
    sealed: Id
    reason: Text


class OpenSealed(CommandBase):
    """Open a sealed visit on its day: it becomes an approved request like any other."""

    type: Literal["cn.wurao.sealed.open.v1"] = "cn.wurao.sealed.open.v1"
    sealed: Id
    detail: Text


class CancelSealed(CommandBase):
    """Call a sealed visit off without opening it."""

    type: Literal["cn.wurao.sealed.cancel.v1"] = "cn.wurao.sealed.cancel.v1"
    sealed: Id
    reason: Text


class AskIdentity(CommandBase):
    """Ask to learn who rated a visit, and what was said, with a reason. Somebody else must agree."""

    type: Literal["cn.wurao.identity.ask.v1"] = "cn.wurao.identity.ask.v1"
    visit: Id
    reason: Text


class GrantIdentity(CommandBase):
    """Agree that an identity is opened, in another role than the one who asked."""

    type: Literal["cn.wurao.identity.grant.v1"] = "cn.wurao.identity.grant.v1"
    identity: Id
    reason: Text


class SeeIdentity(CommandBase):
    """See an identity whose opening was granted. Each time is on record."""

    type: Literal["cn.wurao.identity.see.v1"] = "cn.wurao.identity.see.v1"
    identity: Id
