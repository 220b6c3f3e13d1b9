"""总量调剂. Units of a binding budget that go from one department or month to another."""

from __future__ import annotations

from pydantic import Field, model_validator

from schemas.base import Count, Frozen, Id, Month


class Pot(Frozen):
    """A department's budget of a month under a rule."""

    department: Id
    month: Month


class BudgetMove(Frozen):
    """So many units under a rule that one pot gives and another takes, within one year."""

    rule: Id
    giver: Pot
    taker: Pot
    units: Count = Field(ge=1)

    @model_validator(mode="after")
    def _two_pots_of_one_year(self) -> BudgetMove:
        if self.giver == self.taker:
            msg = "调出和调入相同 / the units stay where they are"
            raise ValueError(msg)
        if self.giver.month[:4] != self.taker.month[:4]:
            msg = "不能跨年调剂 / units do not move from one year to another"
            raise ValueError(msg)
        return self
