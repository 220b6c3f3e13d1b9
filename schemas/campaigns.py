"""专项检查 and 大走访大调研: a limited wave of visits with an assessment, a plan and a number."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.annual import Trade
from schemas.base import Frozen, Id, Name, Text
from schemas.lanes import Purpose
from schemas.visits import Window


class CampaignKind(StrEnum):
    """Whether a wave inspects 专项检查 or asks and serves 大走访大调研."""

    SPECIAL = "special"
    SURVEY = "survey"

    def allows(self, purpose: Purpose) -> bool:
        """Whether visits of this purpose may cite it."""
        return (purpose is Purpose.INSPECTION) is (self is CampaignKind.SPECIAL)


class Campaign(Frozen):
    """A plan of such a wave: why, what, where, by whom, how many visits at most and when.

    ``departments`` go beside the ``lead``. ``items`` and ``trades`` limit it; empty means any. A campaign
    that a superior authority ordered is reported here and approved there.
    """

    kind: CampaignKind
    title: Name
    assessment: Text
    basis: Text
    lead: Id
    departments: tuple[Id, ...] = Field(default=(), max_length=40)
    items: tuple[Id, ...] = Field(default=(), max_length=60)
    trades: tuple[Trade, ...] = Field(default=(), max_length=40)
    number: int = Field(ge=1, le=99_999)
    window: Window
    superior: bool = False

    @property
    def bodies(self) -> tuple[str, ...]:
        """All departments, the lead first."""
        return tuple(dict.fromkeys((self.lead, *self.departments)))
