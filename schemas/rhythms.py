"""Rhythms and shares that a policy states: round tables, the monitoring points' question, 七二一."""

from __future__ import annotations

from pydantic import Field, model_validator

from schemas.acts import ActKind, ActShare
from schemas.base import Bilingual, Frozen
from schemas.origins import Origin


class Rhythms(Frozen):
    """Every how many months the round table meets, and monitoring points are asked which question."""

    round_table_months: int = Field(ge=1, le=12)
    pulse_months: int = Field(ge=1, le=12)
    question: Bilingual
    origin: Origin | None = None


class ActRow(Frozen):
    """Kinds of acts that count towards one share."""

    share: ActShare
    acts: tuple[ActKind, ...] = Field(min_length=1)


class ActTable(Frozen):
    """七二一. Which acts count as service, oversight, enforcement; a kind in no row is not counted."""

    rows: tuple[ActRow, ...] = Field(min_length=1)
    origin: Origin | None = None

    @model_validator(mode="after")
    def _each_once(self) -> ActTable:
        named = [kind for row in self.rows for kind in row.acts]
        if len(set(named)) != len(named):
            msg = "一类行为列了两次 / a kind of act stands in two rows"
            raise ValueError(msg)
        return self

    def share_of(self, kind: ActKind) -> ActShare | None:
        """Return towards which share a kind counts, ``None`` where towards none."""
        return next((row.share for row in self.rows if kind in row.acts), None)
