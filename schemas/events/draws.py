"""A draw's story: opened, committed, public value, revealed, substitutes; or withdrawn."""

from __future__ import annotations

from typing import Literal

from schemas.base import Count, Id, Instant, Sealed, Text
from schemas.draws import DrawPlan, DrawResult, Hash, Ratio, Substitute
from schemas.events.base import EventBase


class DrawOpened(EventBase):
    """A draw was opened: its lists, the ratios of the policy of that day, and the hash of all that.

    ``number`` counts the draws of the leading department in this year, those withdrawn among them.
    """

    type: Literal["cn.wurao.draw.opened.v1"] = "cn.wurao.draw.opened.v1"
    plan: DrawPlan
    ratios: tuple[Ratio, ...]
    pair: Count
    number: Count
    frame: Hash
    by: Id


class DrawCommitted(EventBase):
    """Somebody bound himself to a seed, before the public value could be known."""

    type: Literal["cn.wurao.draw.committed.v1"] = "cn.wurao.draw.committed.v1"
    commitment: Hash
    public_source: Text
    public_at: Instant
    seed: Sealed | None = None


class DrawPublicSet(EventBase):
    """The public value was entered."""

    type: Literal["cn.wurao.draw.public_set.v1"] = "cn.wurao.draw.public_set.v1"
    value: Text


class DrawRevealed(EventBase):
    """The seed was revealed, and with it what was drawn."""

    type: Literal["cn.wurao.draw.revealed.v1"] = "cn.wurao.draw.revealed.v1"
    seed: Hash
    result: DrawResult


class DrawSubstituted(EventBase):
    """Another inspector was drawn in place of one who cannot go."""

    type: Literal["cn.wurao.draw.substituted.v1"] = "cn.wurao.draw.substituted.v1"
    substitute: Substitute
    reason: Sealed
    by: Id


class DrawWithdrawn(EventBase):
    """The draw was withdrawn; it stays visible for ever."""

    type: Literal["cn.wurao.draw.withdrawn.v1"] = "cn.wurao.draw.withdrawn.v1"
    reason: Text
