"""总量调剂: whether a policy lets units move, from where to where, and what a move asked for came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from scheduler import keys
from scheduler.moment import Moment, with_
from scheduler.refusals import by_rule, objection
from scheduler.stacking import limit_of, narrowed
from schemas.base import Frozen, Instant
from schemas.budgets import BudgetMove, Pot
from schemas.events import budgets as e
from schemas.lanes import Purpose
from schemas.objections import Objection
from schemas.policy import Cap, Rule, Transfers
from schemas.registry import CreditTier, Level, RiskClass
from schemas.visits import Decision


class BudgetMoveStatus(StrEnum):
    """Where a move stands."""

    ASKED = "asked"
    REFUSED = "refused"
    MOVED = "moved"


class BudgetMoveState(Frozen):
    """A move that somebody asked for."""

    id: str
    move: BudgetMove
    by: str
    at: Instant
    reason: str
    decision: Decision | None = None
    decided_by: str | None = None
    answer: str | None = None

    @property
    def status(self) -> BudgetMoveStatus:
        """Where it stands."""
        if self.decision is None:
            return BudgetMoveStatus.ASKED
        yes = self.decision is Decision.APPROVED
        return BudgetMoveStatus.MOVED if yes else BudgetMoveStatus.REFUSED


def pot_key(cap: Cap, pot: Pot) -> str:
    """Return the tally of a pot."""
    parts = {"department": pot.department, "month": pot.month}
    return keys.cap(cap.code, *(parts[field.value] for field in cap.key))


def deltas(
    moves: Iterable[BudgetMove], rule: Callable[[str, date], Rule | None]
) -> Mapping[str, int]:
    """Return by how many units moves change the limit under each key; ``rule`` finds one by code and day."""
    found: Counter[str] = Counter()
    for move in moves:
        cap = rule(move.rule, keys.first_of(move.giver.month))
        if isinstance(cap, Cap) and cap.of_departments_and_months:
            found[pot_key(cap, move.giver)] -= move.units
            found[pot_key(cap, move.taker)] += move.units
    return found


def limit_in(cap: Cap, pot: Pot, moved: Mapping[str, int]) -> int | None:
    """Return a pot's limit with what was moved; ``None`` where the table does not list it."""
    own = narrowed(cap, pot.department, int(pot.month[5:]))
    plain = (Level.COUNTY, RiskClass.UNRATED, CreditTier.UNRATED, Purpose.INSPECTION, ())
    limit = limit_of(own, *plain)
    return None if limit is None else limit + moved.get(pot_key(cap, pot), 0)


def against(cap: Cap, move: BudgetMove, month: str) -> Iterator[Objection]:
    """Object to what a policy does not let move, and to months that are over: nothing rolls over.

    ``month`` is the one that is running.
    """
    asked = Transfers.of(
        departments=move.giver.department != move.taker.department,
        months=move.giver.month != move.taker.month,
    )
    if not cap.transfers.lets(asked):
        yield by_rule(cap, None, transfers=cap.transfers.value, asked=asked.value)
        yield objection("transfers-off", rule=cap.code)
    if min(move.giver.month, move.taker.month) < month:
        yield objection("month-over", month=min(move.giver.month, move.taker.month))


def _asked(_: object, event: e.BudgetMoveAsked, stream: str, moment: Moment) -> object:
    return BudgetMoveState(
        id=stream.partition("/")[2],
        move=event.move,
        by=event.by,
        at=moment.recorded,
        reason=event.reason,
    )


def _decided(old: BudgetMoveState, event: e.BudgetMoveDecided, _: str, __: Moment) -> object:
    return with_(old, decision=event.decision, decided_by=event.by, answer=event.reason)


OWN: Final[dict[type, Callable[..., object]]] = {
    e.BudgetMoveAsked: _asked,
    e.BudgetMoveDecided: _decided,
}
"""What each event does to the cell of its own stream."""

KINDS: Final[dict[str, type[Frozen]]] = {"budget_move": BudgetMoveState}
