"""总量调剂 as people look at it: which budgets let units move, and who asked for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.budget_moves import BudgetMoveState, BudgetMoveStatus
from schemas.policy import Cap, Transfers
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Moves:
    """The binding budgets of a day by department and month, and the moves, those that wait first."""

    caps: tuple[Cap, ...]
    moves: tuple[BudgetMoveState, ...]

    @property
    def open(self) -> bool:
        """Whether the policy lets units of some budget move."""
        return any(cap.transfers is not Transfers.NONE for cap in self.caps)


async def moves(queries: Queries, today: date, department: str | None = None) -> Moves:
    """Return the moves of a county, or those that a department gives or takes by.

    Raises:
        NotReadyError: If no policy or calendar was adopted yet.
    """
    rules, _ = await rules_and_calendar(queries)
    caps = tuple(
        cap
        for cap in rules.in_force(today)
        if isinstance(cap, Cap) and cap.binding and cap.of_departments_and_months
    )
    found = [state for _, state in await queries.find("budget_move")]
    mine = [
        state
        for state in found
        if department in {None, state.move.giver.department, state.move.taker.department}
    ]
    mine.sort(key=lambda s: (s.status is not BudgetMoveStatus.ASKED, -s.at.timestamp(), s.id))
    return Moves(caps, tuple(mine))


async def move(queries: Queries, id_: str) -> BudgetMoveState | None:
    """Return a move; ``None`` where nobody asked for it."""
    return await queries.get(BudgetMoveState, keys.budget_move(id_))
