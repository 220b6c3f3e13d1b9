"""Commands of 督查: sign a scorecard, appeal, decide the appeal, publish a bulletin 通报."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from schemas.base import Count, Id, Text
from schemas.command_base import CommandBase
from schemas.scorecards import Measured, Period, Veto
from schemas.visits import Decision


class SignScorecard(CommandBase):
    """Sign a department's figures of a period. A correction is a new version and says why."""

    type: Literal["cn.wurao.scorecard.sign.v1"] = "cn.wurao.scorecard.sign.v1"
    department: Id
    period: Period
    figures: tuple[Measured, ...] = Field(min_length=1, max_length=40)
    vetoes: tuple[Veto, ...] = Field(default=(), max_length=40)
    reason: Text | None = None

    @model_validator(mode="after")
    def _once_each(self) -> SignScorecard:
        names = [each.indicator for each in self.figures]
        if len(set(names)) != len(names):
            msg = "指标重复 / an indicator is listed twice"
            raise ValueError(msg)
        return self


class AppealScorecard(CommandBase):
    """A department objects to its signed figures or to a veto."""

    type: Literal["cn.wurao.scorecard.appeal.v1"] = "cn.wurao.scorecard.appeal.v1"
    department: Id
    period: Period
    version: Count
    reason: Text


class DecideScoreAppeal(CommandBase):
    """Uphold an appeal, so that a corrected version is due, or refuse it; with a reason."""

    type: Literal["cn.wurao.scorecard.decide_appeal.v1"] = "cn.wurao.scorecard.decide_appeal.v1"
    department: Id
    period: Period
    version: Count
    decision: Decision
    reason: Text


class PublishBulletin(CommandBase):
    """Sign the bulletin of a period, from signed cards named by version. A new one replaces it openly."""

    type: Literal["cn.wurao.bulletin.publish.v1"] = "cn.wurao.bulletin.publish.v1"
    period: Period
    cards: dict[Id, Count] = Field(min_length=1, max_length=400)
    text: Text | None = None
    reason: Text | None = None


ScoreCommand = SignScorecard | AppealScorecard | DecideScoreAppeal | PublishBulletin
