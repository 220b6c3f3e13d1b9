"""督查: figures that a person signed, appeals against them, bulletins made of them."""

from __future__ import annotations

from typing import Literal

from schemas.base import Count, Id, Text
from schemas.events.base import EventBase
from schemas.scorecards import CardLine, Period, Scored, Veto
from schemas.visits import Decision


class ScorecardSigned(EventBase):
    """A person signed a version of a department's figures; they never change after that."""

    type: Literal["cn.wurao.scorecard.signed.v1"] = "cn.wurao.scorecard.signed.v1"
    department: Id
    period: Period
    version: Count
    figures: tuple[Scored, ...]
    points: Count
    possible: Count
    vetoes: tuple[Veto, ...] = ()
    by: Id
    reason: Text | None = None


class ScorecardAppealed(EventBase):
    """The department objects to a version."""

    type: Literal["cn.wurao.scorecard.appealed.v1"] = "cn.wurao.scorecard.appealed.v1"
    version: Count
    reason: Text
    by: Id


class ScoreAppealDecided(EventBase):
    """Somebody else decided the appeal: approved means that it was upheld."""

    type: Literal["cn.wurao.scorecard.appeal_decided.v1"] = "cn.wurao.scorecard.appeal_decided.v1"
    version: Count
    decision: Decision
    reason: Text
    by: Id


class BulletinPublished(EventBase):
    """A bulletin was signed and is out."""

    type: Literal["cn.wurao.bulletin.published.v1"] = "cn.wurao.bulletin.published.v1"
    period: Period
    version: Count
    cards: tuple[CardLine, ...]
    by: Id
    text: Text | None = None
    reason: Text | None = None


ScoreEvent = ScorecardSigned | ScorecardAppealed | ScoreAppealDecided | BulletinPublished
