"""总量调剂: units of a binding budget that somebody asked to move, and that moved."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id, Text
from schemas.budgets import BudgetMove
from schemas.events.base import EventBase
from schemas.visits import Decision


class BudgetMoveAsked(EventBase):
    """A department asked to give units away."""

    type: Literal["cn.wurao.budget_move.asked.v1"] = "cn.wurao.budget_move.asked.v1"
    move: BudgetMove
    by: Id
    reason: Text


class BudgetMoveDecided(EventBase):
    """The office said yes or no."""

    type: Literal["cn.wurao.budget_move.decided.v1"] = "cn.wurao.budget_move.decided.v1"
    decision: Decision
    by: Id
    reason: Text | None = None


class PolicyUnitsMoved(EventBase):
    """From here on the table of a rule has fewer units in one pot and more in another."""

    type: Literal["cn.wurao.policy.units_moved.v1"] = "cn.wurao.policy.units_moved.v1"
    id: Id
    move: BudgetMove


BudgetEvent = BudgetMoveAsked | BudgetMoveDecided | PolicyUnitsMoved
