"""督查: what a department is measured by, what of it gives points 积分, and how a veto 一票否决 is grounded."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Count, Frozen, Id, Text
from schemas.draws import Hash
from schemas.origins import Origin

Period = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2])|-Q[1-4])?$")]
"""A month ``2026-11``, a quarter ``2026-Q4`` or a year ``2026``."""


class Family(StrEnum):
    """Whose view an indicator is: 企业评价, 群众评判 or 效果评估."""

    ENTERPRISE = "enterprise"
    PUBLIC = "public"
    EFFECT = "effect"


class Indicator(StrEnum):
    """What is counted of a department in a period; ``scheduler.scorecards.measures`` defines each."""

    ENTRIES = "entries"
    EXEMPT = "exempt"
    JOINT = "joint"
    CODED = "coded"
    OVERDUE = "overdue"
    CLEARED = "cleared"
    SERVICE = "service"
    FOUND = "found"
    PENALTIES = "penalties"
    RATED = "rated"
    SATISFIED = "satisfied"
    SOLVED = "solved"
    HEARD = "heard"


_ENTERPRISES: Final = frozenset({Indicator.RATED, Indicator.SATISFIED, Indicator.SOLVED})

DIAGNOSES: Final = frozenset(
    {Indicator.ENTRIES, Indicator.SERVICE, Indicator.FOUND, Indicator.PENALTIES}
)
"""Indicators that never give points: finds and penalties would be hunted for, fewer entries alone would
leave duties undone, and more visits would be made to reach a share of services."""

AT_MOST: Final = frozenset({Indicator.EXEMPT, Indicator.OVERDUE})
"""Indicators of which more is worse."""


def family(indicator: Indicator) -> Family:
    """Return whose view an indicator is."""
    if indicator in _ENTERPRISES:
        return Family.ENTERPRISE
    return Family.PUBLIC if indicator is Indicator.HEARD else Family.EFFECT


class ScoreWeight(Frozen):
    """What an indicator weighs: all its points at ``target`` per cent, fewer short of it (or beyond it)."""

    indicator: Indicator
    weight: int = Field(ge=1, le=100)
    target: int = Field(ge=0, le=100, description="per cent")

    @model_validator(mode="after")
    def _weighable(self) -> ScoreWeight:
        if self.indicator in DIAGNOSES:
            msg = f"只作诊断，不计分 / it diagnoses and gives no points: {self.indicator.value}"
            raise ValueError(msg)
        if not self.target and self.indicator not in AT_MOST:
            msg = f"目标不能为0 / a target of 0 is none: {self.indicator.value}"
            raise ValueError(msg)
        return self


class ScoreRules(Frozen):
    """Points by weights, the working days for an appeal, and what vetoes 一票否决.

    ``veto_codes`` are those of officials' conduct 负面清单 (``list:code``) of which one confirmed case may.
    """

    weights: tuple[ScoreWeight, ...] = Field(min_length=1, max_length=40)
    appeal_days: Count
    veto_codes: tuple[Id, ...] = ()
    origin: Origin

    @model_validator(mode="after")
    def _once_each(self) -> ScoreRules:
        for names in (
            [each.indicator.value for each in self.weights],
            list(self.veto_codes),
        ):
            if len(set(names)) != len(names):
                msg = f"重复 / listed twice: {names}"
                raise ValueError(msg)
        return self


class Measured(Frozen):
    """An indicator as it was counted: part of whole. ``rows`` is the SHA-256 of the rows behind both."""

    indicator: Indicator
    part: Count
    whole: Count
    rows: Hash


class Scored(Frozen):
    """A measured indicator with its points, in hundredths, of a weight in whole points.

    ``points`` is None where the indicator gives none, or there was nothing to judge; its weight is then
    in no sum.
    """

    measured: Measured
    points: Count | None = None
    weight: Count = 0


class Veto(Frozen):
    """一票否决: a confirmed alert, closed with a code of conduct that vetoes."""

    alert: Id
    reason: Text


class CardLine(Frozen):
    """A signed card in a bulletin: points and what was possible in hundredths, whether vetoed."""

    department: Id
    version: Count
    points: Count
    possible: Count
    vetoed: bool = False
