"""Commands of a draw 双随机抽查: open, commit, public value, reveal, substitute, withdraw."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id, Instant, Personal, Text
from schemas.command_base import CommandBase
from schemas.draws import CannotGo, DrawPlan, Hash
from schemas.uscc import Uscc


class OpenDraw(CommandBase):
    """Open a draw: state both lists. They are held against the registers and never change again."""

    type: Literal["cn.wurao.draw.open.v1"] = "cn.wurao.draw.open.v1"
    plan: DrawPlan


class CommitDraw(CommandBase):
    """Commit to a secret seed, and say which public value decides with it and from when it is known.

    ``seed`` is the seed itself, sealed by the shell: whoever reveals need not have kept it.
    """

    type: Literal["cn.wurao.draw.commit.v1"] = "cn.wurao.draw.commit.v1"
    draw: Id
    commitment: Hash
    public_source: Text
    public_at: Instant
    seed: Personal | None = None

    def personal(self) -> dict[str, str]:
        """Return the seed as the draw's own secret."""
        return {"seed": f"draw/{self.draw}"}


class SetDrawPublic(CommandBase):
    """Enter the public value, once it is known to everybody."""

    type: Literal["cn.wurao.draw.set_public.v1"] = "cn.wurao.draw.set_public.v1"
    draw: Id
    value: Text


class RevealDraw(CommandBase):
    """Reveal the seed: what is drawn follows."""

    type: Literal["cn.wurao.draw.reveal.v1"] = "cn.wurao.draw.reveal.v1"
    draw: Id
    seed: Hash


class SubstituteDrawn(CommandBase):
    """Draw another inspector of the list in place of one who cannot go to a drawn enterprise.

    ``reason`` says more than the ground; as it may be about somebody's health, it is sealed.
    """

    type: Literal["cn.wurao.draw.substitute.v1"] = "cn.wurao.draw.substitute.v1"
    draw: Id
    department: Id
    enterprise: Uscc
    out: Id
    ground: CannotGo
    reason: Personal

    def personal(self) -> dict[str, str]:
        """Return the reason as the officer's own."""
        return {"reason": f"officer/{self.out}"}


class WithdrawDraw(CommandBase):
    """Withdraw a draw. It keeps its number and stays visible with the reason."""

    type: Literal["cn.wurao.draw.withdraw.v1"] = "cn.wurao.draw.withdraw.v1"
    draw: Id
    reason: Text
