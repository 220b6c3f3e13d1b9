"""总量调剂: units of a binding budget that go from one department or month to another."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.matters import budget_moves
from portal.permissions import Action, Reach, reach
from portal.plans.planning import NotReadyError
from scheduler.budget_moves import BudgetMoveState, BudgetMoveStatus
from schemas import budget_commands as c
from schemas.base import CHINA, Count, Frozen, Id, Text
from schemas.budgets import BudgetMove, Pot
from schemas.visits import Decision

router = APIRouter(prefix="/budgets/moves", tags=["budgets 总量控制"], route_class=StrictRoute)


class MoveBody(Frozen):
    """So many units of a rule's budget, from where to where, and why."""

    rule: Id
    giver: Pot
    taker: Pot
    units: Count = Field(ge=1)
    reason: Text


class MoveDecisionBody(Frozen):
    """A yes or a no; a no says why."""

    decision: Decision
    reason: Text | None = None


class MoveView(Frozen):
    """A move, and where it stands."""

    state: BudgetMoveState
    status: BudgetMoveStatus


@router.get("", responses=SEE)
async def list_(stands: In, who: Who) -> tuple[MoveView, ...]:
    """总量调剂申请 / moves that were asked for; a department sees those it gives or takes by."""
    found = reach(who.actor, Action.FIGURES_READ)
    own = who.actor.of if found is Reach.OWN else None
    today = stands.service.clock.now().astimezone(CHINA).date()
    try:
        known = await budget_moves.moves(stands.service.queries, today, own)
    except NotReadyError:
        return ()
    return tuple(MoveView(state=state, status=state.status) for state in known.moves)


@router.post("", status_code=201, responses=CHANGE)
async def ask(asks: Asks, body: MoveBody) -> MoveView:
    """申请调剂 / ask for units to be moved; the department that gives them asks."""
    wanted = BudgetMove(rule=body.rule, giver=body.giver, taker=body.taker, units=body.units)
    command = c.AskBudgetMove(move=wanted, reason=body.reason)
    id_ = await asks.change(Action.BUDGET_ASK, command, body.giver.department)
    return await _view(asks.stands, id_)


@router.post("/{move}/decision", responses=CHANGE)
async def decide(asks: Asks, move: PathId, body: MoveDecisionBody) -> MoveView:
    """同意或退回 / move the units, or say why not."""
    command = c.DecideBudgetMove(move=move, decision=body.decision, reason=body.reason)
    await asks.change(Action.BUDGET_DECIDE, command)
    return await _view(asks.stands, move)


async def _view(stands: House, id_: str) -> MoveView:
    state = there(await budget_moves.move(stands.service.queries, id_), id_)
    return MoveView(state=state, status=state.status)
