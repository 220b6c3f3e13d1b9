"""Commands of 总量调剂: ask for units to be moved, and decide on it."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id, Text
from schemas.budgets import BudgetMove
from schemas.command_base import CommandBase
from schemas.visits import Decision


class AskBudgetMove(CommandBase):
    """Ask for units of a binding budget to go to another department or month; the giver asks."""

    type: Literal["cn.wurao.budget.ask_move.v1"] = "cn.wurao.budget.ask_move.v1"
    move: BudgetMove
    reason: Text


class DecideBudgetMove(CommandBase):
    """Move the units, or say why not."""

    type: Literal["cn.wurao.budget.decide_move.v1"] = "cn.wurao.budget.decide_move.v1"
    move: Id
    decision: Decision
    reason: Text | None = None


BudgetCommand = AskBudgetMove | DecideBudgetMove
